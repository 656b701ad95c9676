/**
 * `onMetaData` of a file, in a region of fixed size behind the FLV header: it can be written before the frames are there, and again when
 * the file is closed, with its duration and where its key frames are (the `keyframes` object that players of FLV files look for). What is
 * left of the region is a second script tag, which players pass over.
 */
import { type AmfObject, EcmaArray, encodeAmf0, TAG_TYPE, writeTag } from "@lectern/media";

/** Of the FLV header and the first PreviousTagSize. */
export const FLV_HEADER_BYTES = 13;
/** Properties of the publisher and of the file, without key frames. */
const PROPERTIES_BYTES = 8192;
/** Two numbers of AMF0. */
const KEY_FRAME_BYTES = 18;
/** A message of RTMP that means nothing in a file; of a name that they do not know, some readers make a stream of data. */
const FILLER_NAME = "|RtmpSampleAccess";

export type KeyFrame = {
  /** Seconds of the file. */
  readonly seconds: number;
  /** Where its tag begins. */
  readonly at: number;
};

/** The region's size for so many key frames. */
export function regionBytes(keyFrames: number): number {
  return PROPERTIES_BYTES + keyFrames * KEY_FRAME_BYTES;
}

/**
 * The region, exactly as large as asked for.
 * @param properties of the publisher and its tracks
 * @param closed what is known when the file is closed; null while it is written
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
  // A publisher with more to say than there is room for is cut to what every file has.
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

/** At most so many of them, evenly, with the first. */
function thin(all: readonly KeyFrame[], most: number): readonly KeyFrame[] {
  if (all.length <= most) return all;
  const step = all.length / most;
  return Array.from({ length: most }, (_, i) => all[Math.floor(i * step)]).filter((one) => one !== undefined);
}
