/**
 * Reads frames of H.264 and AAC from classic tags without an object for each. Nearly all messages of publishers are such frames; the
 * parsers of `video-tag.ts` and `audio-tag.ts` read everything else.
 * Adobe Video File Format 10.1, annexes E.4.2 and E.4.3.
 */

/** The fields of a frame that its tag has. */
export type PlainFrame = {
  key: boolean;
  disposable: boolean;
  /** Milliseconds from decode to presentation. */
  compositionOffset: number;
  /** The low four bits of an audio tag. */
  soundFlags: number;
  /** A view of the tag's body. */
  payload: Uint8Array;
};

/** Without the four bits of the frame type: not enhanced, codec 7. */
const AVC_MASK = 0x8f;
const AVC = 0x07;
const AVC_NALUS = 1;
const AVC_HEADER = 5;
/** E.4.3.1: key, inter, disposable inter. */
const FRAME_TYPE = { key: 1, disposable: 3 } as const;
const AAC_FORMAT = 10;
const AAC_CONFIGURATION = 0;
const AAC_HEADER = 2;

/**
 * Reads the body of a video tag, from one place of `bytes` up to another, into `frame`. False, and nothing is read, for everything but a
 * frame of H.264 with data.
 */
export function readAvcFrame(bytes: Uint8Array, from: number, to: number, frame: PlainFrame): boolean {
  if (to - from <= AVC_HEADER) return false;
  const first = bytes[from] ?? 0;
  const type = first >> 4;
  if ((first & AVC_MASK) !== AVC || type < FRAME_TYPE.key || type > FRAME_TYPE.disposable) return false;
  if (bytes[from + 1] !== AVC_NALUS) return false;
  frame.key = type === FRAME_TYPE.key;
  frame.disposable = type === FRAME_TYPE.disposable;
  // A signed number of 24 bits.
  frame.compositionOffset = (((bytes[from + 2] ?? 0) << 24) | ((bytes[from + 3] ?? 0) << 16) | ((bytes[from + 4] ?? 0) << 8)) >> 8;
  frame.payload = bytes.subarray(from + AVC_HEADER, to);
  return true;
}

/** The same for the body of an audio tag. False for everything but a frame of AAC with data. */
export function readAacFrame(bytes: Uint8Array, from: number, to: number, frame: PlainFrame): boolean {
  const first = bytes[from] ?? 0;
  if (first >> 4 !== AAC_FORMAT || to - from <= AAC_HEADER || bytes[from + 1] === AAC_CONFIGURATION) return false;
  frame.soundFlags = first & 15;
  frame.payload = bytes.subarray(from + AAC_HEADER, to);
  return true;
}
