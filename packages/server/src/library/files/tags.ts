/** The tags of a recorded file as the records that they were. */
import { Malformed, parseAudioTag, parseVideoTag, TAG_HEADER_SIZE, TAG_TRAILER_SIZE, TAG_TYPE } from "@lectern/media";
import type { MediaEntry } from "../../live/streams/index.ts";

/** A tag in its place. */
export type PlacedTag = {
  /** Where it begins in the bytes that were read. */
  readonly at: number;
  /** Whole: header, body, and PreviousTagSize. */
  readonly tag: Buffer;
  readonly type: number;
  /** Milliseconds of the file. */
  readonly timestamp: number;
};

/** A frame whose length nothing says lasts about so long. */
export const LAST_FRAME_MS = 40;

/** The three bytes and the extension of a tag's header: FLV 10.1, E.4.1. @param at where the tag begins */
export function timestampOf(bytes: Buffer, at: number): number {
  return bytes.readUIntBE(at + 4, 3) + (bytes[at + 7] ?? 0) * 0x1000000;
}

/** Whether a tag is a key frame of video. Of an enhanced tag too, the frame's type stands in these three bits. */
export function isKeyFrame(bytes: Buffer, at: number): boolean {
  return bytes[at] === TAG_TYPE.video && (((bytes[at + TAG_HEADER_SIZE] ?? 0) >> 4) & 7) === 1;
}

/** Whole tags, one after the other. What is cut short, or no tag, ends them. */
export function* readTags(bytes: Buffer): Generator<PlacedTag> {
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

/** The frame of a tag; null for a configuration, and for what is no frame. @param decodeTime milliseconds of the epoch */
export function frameOf({ tag, type }: PlacedTag, decodeTime: number): MediaEntry | null {
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
