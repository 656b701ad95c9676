/** Writes WebVTT (W3C WebVTT 1, section 4), as a file and as a segment of HLS (RFC 8216 section 3.5). */

/** A line of text over a time, seconds. */
export type Cue = { readonly start: number; readonly end: number; readonly text: string };

/**
 * A segment's cues are at the times of the media: 0 of the one is 0 of the other. A player that does not know the header, such as ffmpeg, takes the times as they
 * are, which is the same.
 */
const TIMESTAMP_MAP = "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";

/** A file of cues. @param cues at seconds from the beginning of what they belong to */
export function writeWebVtt(cues: readonly Cue[]): string {
  return ["WEBVTT\n", ...cues.map(cueText)].join("\n");
}

/** @param cues at the times of the media's samples (`tfdt`), in the order of their starts; those of a neighbouring segment too where they last until this one */
export function writeWebVttSegment(cues: readonly Cue[]): string {
  return [`WEBVTT\n${TIMESTAMP_MAP}`, ...cues.map(cueText)].join("\n");
}

/** `01:02:03.456`. @param mark before the milliseconds */
export function cueClock(seconds: number, mark: "." | "," = "."): string {
  const milliseconds = Math.round(seconds * 1000);
  const part = (size: number, of: number, digits = 2) => String(Math.floor(milliseconds / size) % of).padStart(digits, "0");
  // Hours have as many digits as they need.
  const hours = String(Math.floor(milliseconds / 3_600_000)).padStart(2, "0");
  return `${hours}:${part(60_000, 60)}:${part(1000, 60)}${mark}${part(1, 1000, 3)}`;
}

function cueText({ start, end, text }: Cue): string {
  return `${cueClock(start)} --> ${cueClock(end)}\n${escaped(text)}\n`;
}

/** `-->` and the beginnings of tags and entities mean something else in a cue, and an empty line ends it. */
function escaped(text: string): string {
  const oneLine = text.replace(/[\r\n]+/g, " ");
  return oneLine.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
