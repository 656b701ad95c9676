/** Provides names of streams, of members' streams and of rungs, as they stand in addresses: contract "Media addresses". */

/** `NAME`, or `NAME~USER`: what a member of a lesson publishes beside its stream. The inner part of a regular expression. */
export const SOURCE_PATTERN = "[A-Za-z0-9_-]{1,128}(?:~[A-Za-z0-9_-]{1,64})?";

/** A stream's name in an address, with or without a rung: the inner part of a regular expression. */
export const NAME_PATTERN = `${SOURCE_PATTERN}(?:@[a-z0-9-]{1,16})?`;

const NAME = new RegExp(`^${SOURCE_PATTERN}$`);
const PLAY_NAME = new RegExp(`^${NAME_PATTERN}$`);

/** Whether a stream can be published under a name: a rung cannot. */
export function isStreamName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a stream or a rung can be watched under a name. */
export function isPlayName(name: string): boolean {
  return PLAY_NAME.test(name);
}

/** The rung's own name, such as `360p`; null for the source. */
export function rungOf(name: string): string | null {
  const at = name.indexOf("@");
  return at < 0 ? null : name.slice(at + 1);
}

/**
 * Forms of a stream that are made when somebody needs them, beside its ladder. opus: its sound alone, as Opus. aac: its picture as it is, its
 * sound as AAC. rtc: H.264 without B-frames, and AAC, for WebRTC and for players that do not know the stream's codec.
 */
export const RENDITIONS = ["opus", "aac", "rtc"] as const;
export type Rendition = (typeof RENDITIONS)[number];

/** The form that a name stands for, such as `math@aac`; null for another rung, and for the stream itself. */
export function renditionOf(name: string): Rendition | null {
  const rung = rungOf(name);
  return RENDITIONS.find((rendition) => rendition === rung) ?? null;
}
