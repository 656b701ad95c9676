/** Provides FLV tags of what a browser has encoded, each as one WebSocket message: H.264 and AAC plain, Opus by Enhanced RTMP. */
import {
  type AmfValue,
  AUDIO_CODEC,
  EcmaArray,
  encodeAmf0,
  muxConfiguration,
  muxFrame,
  TAG_TYPE,
  type TagBody,
  tagSize,
  VIDEO_CODEC,
  writeTag,
  writeTagInto,
} from "@lectern/media";
import type { QueuedTag } from "./send-queue.ts";

export type SoundCodec = "aac" | "opus";

/** The configuration of the picture's decoder. @param avcC ISO/IEC 14496-15 section 5.3.3 */
export function videoSetup(avcC: Uint8Array, time: number): QueuedTag {
  return setup(muxConfiguration({ track: "video", codec: VIDEO_CODEC.h264, data: avcC }), time);
}

/** The configuration of the sound's decoder. @param data AudioSpecificConfig, or an Opus identification header */
export function soundSetup(codec: SoundCodec, data: Uint8Array, time: number): QueuedTag {
  return setup(muxConfiguration({ track: "audio", codec: AUDIO_CODEC[codec], data }), time);
}

/** One picture. @param payload NAL units with their lengths before them */
export function videoTag(payload: Uint8Array, isKey: boolean, time: number): QueuedTag {
  const fields = { compositionOffset: 0, key: isKey, disposable: false, soundFlags: 0 };
  const body = muxFrame({ track: "video", codec: VIDEO_CODEC.h264, payload, ...fields });
  return { bytes: bytesOf(body, time), kind: isKey ? "key" : "delta", time };
}

/** One packet of sound. */
export function soundTag(codec: SoundCodec, payload: Uint8Array, time: number): QueuedTag {
  const fields = { compositionOffset: 0, key: true, disposable: false, soundFlags: 15 };
  const body = muxFrame({ track: "audio", codec: AUDIO_CODEC[codec], payload, ...fields });
  return { bytes: bytesOf(body, time), kind: "sound", time };
}

/** What the stream says of itself. */
export function metadataTag(properties: Readonly<Record<string, AmfValue>>, time: number): QueuedTag {
  const body = encodeAmf0("onMetaData", new EcmaArray(properties));
  return { bytes: writeTag(TAG_TYPE.script, Math.max(0, Math.round(time)), [body]), kind: "setup", time };
}

/**
 * An Opus identification header (RFC 7845 section 5.1) for a browser that gives none.
 * @param sampleRate of the encoder's input, which decoders only show
 */
export function opusHead(channels: number, sampleRate: number): Uint8Array {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode("OpusHead"));
  head[8] = 1;
  head[9] = channels;
  // The pre-skip of libopus, at 48 kHz.
  view.setUint16(10, 312, true);
  view.setUint32(12, sampleRate, true);
  return head;
}

function setup(body: TagBody | null, time: number): QueuedTag {
  return { bytes: body ? bytesOf(body, time) : new Uint8Array(0), kind: "setup", time };
}

function bytesOf(body: TagBody, time: number): Uint8Array {
  const bytes = new Uint8Array(tagSize(body));
  writeTagInto(bytes, body, Math.max(0, Math.round(time)));
  return bytes;
}
