/**
 * Writes `onMetaData` into a region of fixed size behind the FLV header: once before the frames, and again when the file is closed, with the
 * duration and the `keyframes` object that FLV players seek by. A second script tag, which players ignore, fills the rest of the region.
 */
import { type AmfObject, EcmaArray, encodeAmf0, TAG_TYPE, writeTag } from "@lectern/media";

/** The FLV header and the first PreviousTagSize. */
export const FLV_HEADER_BYTES = 13;
/** Room for the properties of publisher and file, without key frames. */
const PROPERTIES_BYTES = 8192;
/** Two AMF0 numbers. */
const KEY_FRAME_BYTES = 18;
/** An RTMP message without meaning in a file. Some readers turn a script tag of an unknown name into a data stream. */
const FILLER_NAME = "|RtmpSampleAccess";

export type KeyFrame = {
  /** Seconds of the file. */
  readonly seconds: number;
  /** Offset of its tag. */
  readonly at: number;
};

/** Size of a region for this many key frames. */
export function regionBytes(keyFrames: number): number {
  return PROPERTIES_BYTES + keyFrames * KEY_FRAME_BYTES;
}

/**
 * Writes a region of exactly `bytes` bytes.
 * @param properties of the publisher and its tracks
 * @param closed duration, size and key frames of a closed file; null while the file is open
 */
export function writeRegion(
  bytes: number,
  properties: AmfObject,
  closed: { readonly seconds: number; readonly bytes: number; readonly keyFrames: readonly KeyFrame[] } | null,
): Uint8Array {
  const most = Math.floor((bytes - PROPERTIES_BYTES) / KEY_FRAME_BYTES);
  const kept = closed ? thin(closed.keyFrames, Math.max(1, most)) : [];
  const own: AmfObject = closed
    ? {
        duration: closed.seconds,
        filesize: closed.bytes,
        hasKeyframes: true,
        keyframes: { times: kept.map(({ seconds }) => seconds), filepositions: kept.map(({ at }) => at) },
      }
    : {};
  const written = metadataTag({ ...properties, ...own });
  const least = writeFiller(0).length;
  // Publisher properties that do not fit are left out.
  const tag = written.length + least <= bytes ? written : metadataTag(own);
  const region = new Uint8Array(bytes);
  region.set(tag);
  region.set(writeFiller(bytes - tag.length - least), tag.length);
  return region;
}

function metadataTag(properties: AmfObject): Uint8Array {
  return writeTag(TAG_TYPE.script, 0, [encodeAmf0("onMetaData", new EcmaArray(properties))]);
}

function writeFiller(extra: number): Uint8Array {
  return writeTag(TAG_TYPE.script, 0, [encodeAmf0(FILLER_NAME), new Uint8Array(extra).fill(5)]);
}

/** Thins key frames out evenly to at most `most`, keeping the first. */
function thin(all: readonly KeyFrame[], most: number): readonly KeyFrame[] {
  if (all.length <= most) return all;
  const step = all.length / most;
  return Array.from({ length: most }, (_, i) => all[Math.floor(i * step)]).filter((one) => one !== undefined);
}
