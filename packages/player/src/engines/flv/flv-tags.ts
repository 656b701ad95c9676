/** Tells the tags of an FLV stream apart, and joins them to bytes. */
import { type FlvTag, parseAudioTag, parseVideoTag, TAG_TYPE, writeFlvHeader, writeTag } from "@lectern/media";

/** What a tag is to a viewer who changes from one stream to another. */
export type TagKind =
  | { readonly kind: "script" | "video-configuration" | "audio-configuration" | "audio" | "video" }
  /** A key frame, and the milliseconds from its decoding to its presentation. */
  | { readonly kind: "key"; readonly compositionOffset: number; readonly codec: string };

const SCRIPT: TagKind = { kind: "script" };
const AUDIO: TagKind = { kind: "audio" };
const VIDEO: TagKind = { kind: "video" };

export function kindOf({ type, body }: FlvTag): TagKind {
  if (type === TAG_TYPE.audio) {
    const packet = parseAudioTag(body);
    return "kind" in packet && packet.kind === "configuration" ? { kind: "audio-configuration" } : AUDIO;
  }
  if (type !== TAG_TYPE.video) return SCRIPT;
  const packet = parseVideoTag(body);
  if (!("kind" in packet)) return VIDEO;
  if (packet.kind === "configuration") return { kind: "video-configuration" };
  if (packet.kind !== "frame" || !packet.key) return VIDEO;
  return { kind: "key", compositionOffset: packet.compositionOffset, codec: packet.codec };
}

/** The bytes of some tags, behind a file header where one is wanted. */
export function tagBytes(tags: readonly FlvTag[], header: FlvTracks | null = null): Uint8Array<ArrayBuffer> {
  const pieces = tags.map(({ type, timestamp, body }) => writeTag(type, timestamp, [body]));
  if (header) pieces.unshift(writeFlvHeader(header.audio, header.video));
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The tracks that an FLV header announces. */
export type FlvTracks = { readonly audio: boolean; readonly video: boolean };

/** Whether two configurations are the same bytes. */
export function isSameBody(a: FlvTag | null, b: FlvTag | null): boolean {
  if (a === null || b === null) return a === b;
  return a.body.length === b.body.length && a.body.every((byte, i) => byte === b.body[i]);
}
