/**
 * A fragment of CMAF: one `moof` and one `mdat` with the samples of all tracks (ISO/IEC 14496-12 sections 8.8 and 8.1.1).
 * A pure function of its samples: no sequence of its own, no clock.
 */
import { BOX_HEADER_BYTES, box, characters, concatInto, fullBox, u32, u64 } from "./box.ts";
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
/** Section 8.8.7: `default_sample_flags` is there. */
const DEFAULT_SAMPLE_FLAGS = 0x20;
/** Section 8.8.8: which fields a run has. */
const RUN = { dataOffset: 0x1, duration: 0x100, size: 0x200, flags: 0x400, compositionOffset: 0x800 } as const;
/** Section 8.8.3.1: sample_depends_on, sample_is_depended_on, sample_is_non_sync_sample. */
const SAMPLE_FLAGS = { sync: 0x02000000, inter: 0x01010000, disposable: 0x01810000 } as const;

/** Numbers of four bytes for each sample of a run. */
const COLUMNS = { video: 4, audio: 2 } as const;
/** `moof` and `mfhd`. */
const MOVIE_FRAGMENT_BYTES = 24;
/** `traf`, `tfhd`, `tfdt` and `trun`, but for its samples. */
const TRACK_FRAGMENT_BYTES = 68;

/**
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
  const head = (dataStarts: readonly number[]) =>
    box("moof", fullBox("mfhd", 0, 0, u32(sequence)), ...present.map((track, i) => trackFragment(track, dataStarts[i] ?? 0)));
  // Its length does not depend on the offsets in it.
  let at = head([]).length + BOX_HEADER_BYTES;
  const starts = present.map(({ samples }) => {
    const start = at;
    at += samples.reduce((sum, { data }) => sum + data.length, 0);
    return start;
  });
  const moof = head(starts);
  const data = present.flatMap(({ samples }) => samples.map((sample) => sample.data));
  return concatInto(allocate, [moof, u32(at - moof.length), characters("mdat"), ...data]);
}

/** The size of the fragment that `writeFragment` would write. */
export function fragmentSize(
  tracks: readonly { readonly kind: "video" | "audio"; readonly samples: number }[],
  dataBytes: number,
): number {
  let bytes = MOVIE_FRAGMENT_BYTES + BOX_HEADER_BYTES + dataBytes;
  for (const { kind, samples } of tracks) if (samples > 0) bytes += TRACK_FRAGMENT_BYTES + samples * 4 * COLUMNS[kind];
  return bytes;
}

function trackFragment({ kind, start, samples }: FragmentTrack, dataStart: number): Uint8Array {
  const isVideo = kind === "video";
  const header = fullBox(
    "tfhd",
    0,
    DEFAULT_BASE_IS_MOOF | DEFAULT_SAMPLE_FLAGS,
    u32(TRACK_ID[kind]),
    u32(isVideo ? SAMPLE_FLAGS.inter : SAMPLE_FLAGS.sync),
  );
  const fields = RUN.dataOffset | RUN.duration | RUN.size | (isVideo ? RUN.flags | RUN.compositionOffset : 0);
  const columns = COLUMNS[kind];
  const entries = new Uint8Array(samples.length * columns * 4);
  const view = new DataView(entries.buffer);
  samples.forEach((sample, i) => {
    const at = i * columns * 4;
    view.setUint32(at, sample.duration);
    view.setUint32(at + 4, sample.data.length);
    if (!isVideo) return;
    view.setUint32(at + 8, sample.key ? SAMPLE_FLAGS.sync : sample.disposable ? SAMPLE_FLAGS.disposable : SAMPLE_FLAGS.inter);
    view.setInt32(at + 12, sample.compositionOffset);
  });
  // Version 1 of a run has signed offsets.
  const run = fullBox("trun", 1, fields, u32(samples.length), u32(dataStart), entries);
  return box("traf", header, fullBox("tfdt", 1, 0, u64(start)), run);
}

/**
 * Moves fragments in time, in place: the time `origin` becomes 0.
 * @param bytes as `writeFragment` made them, one or several
 * @param origin of each track, ticks
 */
export function moveFragments(bytes: Uint8Array, origin: Readonly<Record<"video" | "audio", number>>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + BOX_HEADER_BYTES <= bytes.length; at += view.getUint32(at)) {
    if (view.getUint32(at + 4) !== MOOF || view.getUint32(at) < BOX_HEADER_BYTES) continue;
    const end = at + view.getUint32(at);
    // Behind `mfhd` stand the tracks, each with `tfhd` and `tfdt` at its beginning.
    for (let track = at + MOVIE_FRAGMENT_BYTES; track < end; track += view.getUint32(track)) {
      const id = view.getUint32(track + BOX_HEADER_BYTES + 12);
      const time = track + BOX_HEADER_BYTES + TRACK_HEADER_BYTES + 12;
      const from = id === TRACK_ID.video ? origin.video : origin.audio;
      view.setBigUint64(time, BigInt(Math.max(0, Number(view.getBigUint64(time)) - from)));
    }
  }
}

/** "moof" */
const MOOF = 0x6d6f6f66;
/** `tfhd` as it is written here. */
const TRACK_HEADER_BYTES = 20;
