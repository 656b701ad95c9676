/** Reads the tags of a recorded file as log entries. */
import { Malformed, parseAudioTag, parseVideoTag, TAG_HEADER_SIZE, TAG_TRAILER_SIZE, TAG_TYPE } from "@lectern/media";
import type { MediaEntry } from "../../live/streams/index.ts";

/** A tag and its offset. */
export type LocatedTag = {
  /** Its offset in the bytes that were read. */
  readonly at: number;
  /** Header, body and PreviousTagSize. */
  readonly tag: Buffer;
  readonly type: number;
  /** Milliseconds of the file. */
  readonly timestamp: number;
};

/** Assumed duration of a last frame. */
export const DEFAULT_FRAME_MS = 40;

/** Timestamp and TimestampExtended of a tag header: FLV 10.1, E.4.1. @param at offset of the tag */
export function timestampOf(bytes: Buffer, at: number): number {
  return bytes.readUIntBE(at + 4, 3) + (bytes[at + 7] ?? 0) * 0x1000000;
}

/** Whether a tag is a video key frame. Enhanced tags have the frame type in the same three bits. */
export function isKeyFrame(bytes: Buffer, at: number): boolean {
  return bytes[at] === TAG_TYPE.video && (((bytes[at + TAG_HEADER_SIZE] ?? 0) >> 4) & 7) === 1;
}

/** Yields complete tags, up to the first that is incomplete or invalid. */
export function* readTags(bytes: Buffer): Generator<LocatedTag> {
  for (let at = 0; at + TAG_HEADER_SIZE + TAG_TRAILER_SIZE <= bytes.length; ) {
    const type = bytes[at] ?? 0;
    const length = bytes.readUIntBE(at + 1, 3);
    const end = at + TAG_HEADER_SIZE + length + TAG_TRAILER_SIZE;
    const known = type === TAG_TYPE.audio || type === TAG_TYPE.video || type === TAG_TYPE.script;
    if (!known || end > bytes.length || bytes.readUInt32BE(end - TAG_TRAILER_SIZE) !== TAG_HEADER_SIZE + length) return;
    yield { at, tag: bytes.subarray(at, end), type, timestamp: timestampOf(bytes, at) };
    at = end;
  }
}

/** The frame in a tag; null for configurations and script tags. @param decodeTime milliseconds of the epoch */
export function frameOf({ tag, type }: LocatedTag, decodeTime: number): MediaEntry | null {
  const body = tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE);
  const common = { term: 0, sequence: 0, kind: "media", decodeTime } as const;
  if (type === TAG_TYPE.video) {
    const packet = parseVideoTag(body);
    if (packet instanceof Malformed || packet.kind !== "frame") return null;
    const { codec, data, key, disposable, compositionOffset } = packet;
    return { ...common, track: "video", codec, key, disposable, compositionOffset, soundFlags: 0, payload: data };
  }
  if (type !== TAG_TYPE.audio) return null;
  const packet = parseAudioTag(body);
  if (packet instanceof Malformed || packet.kind !== "frame") return null;
  return {
    ...common,
    track: "audio",
    codec: packet.codec,
    key: true,
    disposable: false,
    compositionOffset: 0,
    soundFlags: packet.flags,
    payload: packet.data,
  };
}
