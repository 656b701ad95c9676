/** Makes a frame's FLV tag, which is what the log stores, in the dialect that Lectern writes, in place where that can be. */
import {
  audioConfigurationHeader,
  audioFrameHeader,
  type FourCc,
  frameTag,
  TAG_HEADER_SIZE,
  TAG_TRAILER_SIZE,
  TAG_TYPE,
  videoConfigurationHeader,
  videoFrameHeader,
  writeTag,
} from "@lectern/media";
import type { SourceFrame } from "./source.ts";

type Sealed = { readonly tag: Uint8Array; readonly payload: Uint8Array };

export function muxFrame(frame: SourceFrame, time: number): Sealed {
  const isVideo = frame.track === "video";
  const header = isVideo
    ? videoFrameHeader(frame.codec, frame.key, frame.disposable, frame.compositionOffset)
    : audioFrameHeader(frame.codec, frame.flags);
  const type = isVideo ? TAG_TYPE.video : TAG_TYPE.audio;
  if (frame.envelope && fits(frame.envelope, header, frame.data)) {
    frameTag(frame.envelope, type, time);
    return { tag: frame.envelope, payload: frame.data };
  }
  const tag = writeTag(type, time, [header, frame.data], Buffer.allocUnsafeSlow);
  return { tag, payload: tag.subarray(TAG_HEADER_SIZE + header.length, tag.length - TAG_TRAILER_SIZE) };
}

/** True when what came already reads as Lectern would write it. */
function fits(envelope: Uint8Array, header: readonly number[], data: Uint8Array): boolean {
  const at = data.byteOffset - envelope.byteOffset;
  if (at !== TAG_HEADER_SIZE + header.length || envelope.length !== at + data.length + TAG_TRAILER_SIZE) return false;
  for (let i = 0; i < header.length; i++) if (envelope[TAG_HEADER_SIZE + i] !== header[i]) return false;
  return true;
}

/** A configuration as a tag at time 0; null for a codec that has none. */
export function muxConfiguration(track: "video" | "audio", codec: FourCc, data: Uint8Array): Uint8Array | null {
  if (data.length === 0) return null;
  const header = track === "video" ? videoConfigurationHeader(codec) : audioConfigurationHeader(codec);
  return writeTag(track === "video" ? TAG_TYPE.video : TAG_TYPE.audio, 0, [header, data]);
}

/** A data message as a tag. */
export function muxData(data: Uint8Array, time: number): Sealed {
  const tag = writeTag(TAG_TYPE.script, time, [data]);
  return { tag, payload: tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE) };
}
