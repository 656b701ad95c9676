/**
 * Muxes frames and decoder configurations as FLV tags, in the one dialect that Lectern writes. The body of an FLV tag is also the payload
 * of an RTMP message, whose type has the same number.
 */

import type { FourCc } from "../codecs/four-cc.ts";
import type { Frame } from "../codecs/frame.ts";
import { audioConfigurationHeader, audioFrameHeader } from "./audio-tag.ts";
import { frameTag, TAG_HEADER_SIZE, TAG_TRAILER_SIZE, TAG_TYPE } from "./tag.ts";
import { videoConfigurationHeader, videoFrameHeader } from "./video-tag.ts";

/** A tag's body in two pieces, so that the payload is copied only where it is written. */
export type TagBody = {
  /** `TAG_TYPE`, which is also `MESSAGE_TYPE`. */
  readonly type: number;
  readonly header: readonly number[];
  readonly payload: Uint8Array;
};

/** The decoder configuration of a track. */
export type TrackConfiguration = {
  readonly track: "video" | "audio";
  readonly codec: FourCc;
  /** Empty for a codec that has none. */
  readonly data: Uint8Array;
};

const NO_HEADER: readonly number[] = [];

/** Muxes a frame. Its payload is not copied. */
export function muxFrame(frame: Omit<Frame, "decodeTime">): TagBody {
  const { codec, payload } = frame;
  switch (frame.track) {
    case "video": {
      const header = videoFrameHeader(codec, frame.key, frame.disposable, frame.compositionOffset);
      return { type: TAG_TYPE.video, header, payload };
    }
    case "audio":
      return { type: TAG_TYPE.audio, header: audioFrameHeader(codec, frame.soundFlags), payload };
    case "data":
      return { type: TAG_TYPE.script, header: NO_HEADER, payload };
  }
}

/** Muxes a decoder configuration. Null for a codec that has none. */
export function muxConfiguration({ track, codec, data }: TrackConfiguration): TagBody | null {
  if (data.length === 0) return null;
  return track === "video"
    ? { type: TAG_TYPE.video, header: videoConfigurationHeader(codec), payload: data }
    : { type: TAG_TYPE.audio, header: audioConfigurationHeader(codec), payload: data };
}

/** Bytes of a tag with this body. */
export function tagSize({ header, payload }: TagBody): number {
  return TAG_HEADER_SIZE + header.length + payload.length + TAG_TRAILER_SIZE;
}

/**
 * Writes a whole tag.
 * @param into exactly `tagSize(body)` bytes
 * @param timestamp milliseconds; the field has 32 bits, of which FLV readers take the highest as a sign
 */
export function writeTagInto(into: Uint8Array, { type, header, payload }: TagBody, timestamp: number): void {
  for (let i = 0; i < header.length; i++) into[TAG_HEADER_SIZE + i] = header[i] ?? 0;
  into.set(payload, TAG_HEADER_SIZE + header.length);
  frameTag(into, type, timestamp);
}
