/** Tells the tags of an FLV stream apart. */
import { type FlvTag, parseAudioTag, parseVideoTag, TAG_TYPE } from "@lectern/media";

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

/** The tracks that an FLV header announces. */
export type FlvTracks = { readonly audio: boolean; readonly video: boolean };

/** Whether two configurations are the same bytes. */
export function isSameBody(a: FlvTag | null, b: FlvTag | null): boolean {
  if (a === null || b === null) return a === b;
  return isSameBytes(a.body, b.body);
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
