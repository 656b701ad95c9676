/**
 * Implements a fragment of CMAF: one `moof` and one `mdat` with the samples of all tracks (ISO/IEC 14496-12 sections 8.8 and 8.1.1). A pure function
 * of its samples: no sequence of its own, no clock.
 */
import { BOX_HEADER_BYTES } from "./box.ts";
import { TRACK_ID } from "./track.ts";

/** One frame in its track's timescale. */
export type Sample = {
  /** Ticks until the next one. */
  readonly duration: number;
  /** Ticks from decode to presentation; may be negative. */
  readonly compositionOffset: number;
  readonly key: boolean;
  /** True when no other frame refers to it. */
  readonly disposable: boolean;
  readonly data: Uint8Array;
};

export type FragmentTrack = {
  readonly kind: "video" | "audio";
  /** Decode time of the first sample, ticks. */
  readonly start: number;
  readonly samples: readonly Sample[];
};

/** Section 8.8.7: offsets count from the beginning of the `moof`. */
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** Section 8.8.7: `default_sample_flags`, or `sample_description_index`, is there. */
const DEFAULT_SAMPLE_FLAGS = 0x20;
const SAMPLE_DESCRIPTION_INDEX = 0x2;
/** Section 8.8.8: which fields a run has. */
const RUN = { dataOffset: 0x1, duration: 0x100, size: 0x200, flags: 0x400, compositionOffset: 0x800 } as const;
/** Section 8.8.3.1: sample_depends_on, sample_is_depended_on, sample_is_non_sync_sample. */
const SAMPLE_FLAGS = { sync: 0x02000000, inter: 0x01010000, disposable: 0x01810000 } as const;

/** Numbers of four bytes for each sample of a run. */
const COLUMNS = { video: 4, audio: 2 } as const;
/** Types of boxes, four ASCII characters each. */
const TYPE = {
  moof: 0x6d6f6f66,
  mfhd: 0x6d666864,
  traf: 0x74726166,
  tfhd: 0x74666864,
  tfdt: 0x74666474,
  trun: 0x7472756e,
  mdat: 0x6d646174,
  skip: 0x736b6970,
} as const;
const VERSION_1 = 0x01000000;
/** Size, type, version and flags. */
const FULL_HEADER_BYTES = 12;
/** `tfhd` and `tfdt` as they are written here. */
const TRACK_HEADER_BYTES = 20;
const TRACK_TIME_BYTES = 20;
/** `moof` and `mfhd`. */
const MOVIE_FRAGMENT_BYTES = 24;
/** `traf`, `tfhd`, `tfdt` and `trun`, but for its samples. */
const TRACK_FRAGMENT_BYTES = 68;

/**
 * Writes a fragment straight into its memory, each sample's data once: a server writes tens of thousands of samples a second.
 * @param sequence `mfhd`'s number; players do not look at it, but it should rise
 * @param tracks those that have samples, video first
 * @param allocate memory for the fragment, all of which is written to
 */
export function writeFragment(
  sequence: number,
  tracks: readonly FragmentTrack[],
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Uint8Array {
  const present = tracks.filter((track) => track.samples.length > 0);
  let moofBytes = MOVIE_FRAGMENT_BYTES;
  let dataBytes = 0;
  for (const { kind, samples } of present) {
    moofBytes += trackFragmentBytes(kind, samples.length);
    for (const { data } of samples) dataBytes += data.length;
  }
  const bytes = allocate(moofBytes + BOX_HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  writeHead(view, 0, moofBytes, TYPE.moof);
  writeFullHead(view, BOX_HEADER_BYTES, MOVIE_FRAGMENT_BYTES - BOX_HEADER_BYTES, TYPE.mfhd, 0);
  view.setUint32(BOX_HEADER_BYTES + FULL_HEADER_BYTES, sequence);
  let at = MOVIE_FRAGMENT_BYTES;
  let dataAt = moofBytes + BOX_HEADER_BYTES;
  for (const track of present) {
    writeTrackFragment(view, at, track, dataAt);
    at += trackFragmentBytes(track.kind, track.samples.length);
    for (const { data } of track.samples) {
      bytes.set(data, dataAt);
      dataAt += data.length;
    }
  }
  writeHead(view, moofBytes, BOX_HEADER_BYTES + dataBytes, TYPE.mdat);
  return bytes;
}

/** The size of the fragment that `writeFragment` would write. */
export function fragmentSize(
  tracks: readonly { readonly kind: "video" | "audio"; readonly samples: number }[],
  dataBytes: number,
): number {
  let bytes = MOVIE_FRAGMENT_BYTES + BOX_HEADER_BYTES + dataBytes;
  for (const { kind, samples } of tracks) if (samples > 0) bytes += trackFragmentBytes(kind, samples);
  return bytes;
}

function trackFragmentBytes(kind: FragmentTrack["kind"], samples: number): number {
  return TRACK_FRAGMENT_BYTES + samples * 4 * COLUMNS[kind];
}

/** `traf` with `tfhd`, `tfdt` and `trun`: sections 8.8.6, 8.8.7, 8.8.12, 8.8.8. @param dataAt offset of the first sample's data */
function writeTrackFragment(view: DataView, from: number, { kind, start, samples }: FragmentTrack, dataAt: number): void {
  const isVideo = kind === "video";
  const size = trackFragmentBytes(kind, samples.length);
  writeHead(view, from, size, TYPE.traf);
  let at = from + BOX_HEADER_BYTES;
  writeFullHead(view, at, TRACK_HEADER_BYTES, TYPE.tfhd, DEFAULT_BASE_IS_MOOF | DEFAULT_SAMPLE_FLAGS);
  view.setUint32(at + FULL_HEADER_BYTES, TRACK_ID[kind]);
  view.setUint32(at + FULL_HEADER_BYTES + 4, isVideo ? SAMPLE_FLAGS.inter : SAMPLE_FLAGS.sync);
  at += TRACK_HEADER_BYTES;
  // Version 1 has a time of eight bytes.
  writeFullHead(view, at, TRACK_TIME_BYTES, TYPE.tfdt, VERSION_1);
  view.setUint32(at + FULL_HEADER_BYTES, Math.floor(start / 2 ** 32));
  view.setUint32(at + FULL_HEADER_BYTES + 4, start % 2 ** 32);
  at += TRACK_TIME_BYTES;
  // Version 1 of a run has signed offsets.
  const fields = RUN.dataOffset | RUN.duration | RUN.size | (isVideo ? RUN.flags | RUN.compositionOffset : 0);
  writeFullHead(view, at, from + size - at, TYPE.trun, VERSION_1 | fields);
  view.setUint32(at + FULL_HEADER_BYTES, samples.length);
  view.setUint32(at + FULL_HEADER_BYTES + 4, dataAt);
  at += FULL_HEADER_BYTES + 8;
  for (const sample of samples) {
    view.setUint32(at, sample.duration);
    view.setUint32(at + 4, sample.data.length);
    if (isVideo) {
      view.setUint32(at + 8, sample.key ? SAMPLE_FLAGS.sync : sample.disposable ? SAMPLE_FLAGS.disposable : SAMPLE_FLAGS.inter);
      view.setInt32(at + 12, sample.compositionOffset);
    }
    at += 4 * COLUMNS[kind];
  }
}

/** Size and type of a box: section 4.2. */
function writeHead(view: DataView, at: number, size: number, type: number): void {
  view.setUint32(at, size);
  view.setUint32(at + 4, type);
}

/** The same with a version and flags: section 4.2.2. */
function writeFullHead(view: DataView, at: number, size: number, type: number, versionAndFlags: number): void {
  writeHead(view, at, size, type);
  view.setUint32(at + BOX_HEADER_BYTES, versionAndFlags);
}

/**
 * Moves fragments in time, in place: the time `origin` becomes 0.
 * @param bytes as `writeFragment` made them, one or several
 * @param origin of each track, ticks
 * @param videoEntry which of the track's sample entries video has, from 1 on
 */
export function moveFragments(bytes: Uint8Array, origin: Readonly<Record<"video" | "audio", number>>, videoEntry = 1): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + BOX_HEADER_BYTES <= bytes.length; at += view.getUint32(at)) {
    if (view.getUint32(at + 4) !== TYPE.moof || view.getUint32(at) < BOX_HEADER_BYTES) continue;
    const end = at + view.getUint32(at);
    // Behind `mfhd` stand the tracks, each with `tfhd` and `tfdt` at its beginning.
    for (let track = at + MOVIE_FRAGMENT_BYTES; track < end; track += view.getUint32(track)) {
      const id = view.getUint32(track + BOX_HEADER_BYTES + 12);
      const time = track + BOX_HEADER_BYTES + TRACK_HEADER_BYTES + 12;
      const isVideo = id === TRACK_ID.video;
      const from = isVideo ? origin.video : origin.audio;
      if (isVideo && videoEntry > 1) setEntry(view, track + BOX_HEADER_BYTES, videoEntry);
      view.setBigUint64(time, BigInt(Math.max(0, Number(view.getBigUint64(time)) - from)));
    }
  }
}

/** The number takes the place of the default flags, so that no box changes its size: the samples of video have flags of their own. */
function setEntry(view: DataView, trackHeader: number, number: number): void {
  view.setUint32(trackHeader + BOX_HEADER_BYTES, DEFAULT_BASE_IS_MOOF | SAMPLE_DESCRIPTION_INDEX);
  view.setUint32(trackHeader + FULL_HEADER_BYTES + 4, number);
}

/**
 * Puts parameter sets before the first sample of video, and leaves no other one as a key frame, since the sets would be missing there. Players that
 * ffmpeg is in take no notice of `sample_description_index` in fragments, and go by the sets in the samples.
 * @param bytes of one segment, as `writeFragment` made them
 * @returns longer by the sets, always: without a sample of video, they stand in a box that is skipped (section 8.1.2)
 */
export function withParameterSets(bytes: Uint8Array, sets: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + sets.length);
  const view = new DataView(out.buffer);
  out.set(bytes);
  let isPut = false;
  for (let at = 0; at + BOX_HEADER_BYTES <= bytes.length; at += view.getUint32(at)) {
    const track = at + MOVIE_FRAGMENT_BYTES;
    if (view.getUint32(at + 4) !== TYPE.moof || view.getUint32(track + BOX_HEADER_BYTES + FULL_HEADER_BYTES) !== TRACK_ID.video)
      continue;
    leaveKeyFrames(view, runOf(track), isPut ? 0 : 1);
    if (!isPut) putBeforeRun(out, bytes, sets, at);
    isPut = true;
  }
  if (!isPut) writeHead(view, bytes.length, sets.length, TYPE.skip);
  return out;
}

/** @param out begins with `bytes`, whose fragment at `at` has video */
function putBeforeRun(out: Uint8Array, bytes: Uint8Array, put: Uint8Array, at: number): void {
  const view = new DataView(out.buffer);
  const end = at + view.getUint32(at);
  const track = at + MOVIE_FRAGMENT_BYTES;
  const dataAt = at + view.getUint32(runOf(track) + FULL_HEADER_BYTES + 4);
  out.set(put, dataAt);
  out.set(bytes.subarray(dataAt), dataAt + put.length);
  const lengthen = (field: number) => view.setUint32(field, view.getUint32(field) + put.length);
  lengthen(runOf(track) + FULL_HEADER_BYTES + 8 + 4);
  // The data of other tracks stands behind that of video.
  for (let other = track + view.getUint32(track); other < end; other += view.getUint32(other))
    lengthen(runOf(other) + FULL_HEADER_BYTES + 4);
  lengthen(end);
}

/** @param count of the run's samples that may be key frames: the first ones */
function leaveKeyFrames(view: DataView, run: number, count: number): void {
  const samples = view.getUint32(run + FULL_HEADER_BYTES);
  for (let i = count; i < samples; i++) {
    const flags = run + FULL_HEADER_BYTES + 8 + i * 4 * COLUMNS.video + 8;
    if (view.getUint32(flags) === SAMPLE_FLAGS.sync) view.setUint32(flags, SAMPLE_FLAGS.inter);
  }
}

/** Where a track's `trun` begins. @param track its `traf` */
function runOf(track: number): number {
  return track + BOX_HEADER_BYTES + TRACK_HEADER_BYTES + TRACK_TIME_BYTES;
}
