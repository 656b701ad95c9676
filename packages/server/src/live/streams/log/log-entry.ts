/**
 * Defines the entries of a live stream's log.
 *
 * A stream is one log of immutable entries. The ingest that writes them decides everything once; all readers (outputs, recorder, packager,
 * relay, another node) follow the log and decide nothing. docs/architecture/core.md gives the reasons.
 */
import type { AmfObject, AudioFormat, FourCc, Frame, VideoFormat } from "@lectern/media";

/**
 * An entry's place in its epoch. Sequence numbers continue across terms without a gap, unless a term begins where the one before it was cut
 * off; entries of a lower term behind that point are void.
 */
export type LogPosition = {
  /** The number of the claim under which the entry was written. Starts at 1. */
  readonly term: number;
  /** Counts entries from 0. */
  readonly sequence: number;
};

/** Limits that the first segment fixes for the whole epoch, because HLS must never change them. */
export type Targets = {
  /** The longest part, milliseconds: EXT-X-PART-INF. */
  readonly partMs: number;
  /** The longest segment, whole seconds: EXT-X-TARGETDURATION. */
  readonly segmentSeconds: number;
};

/** Begins the entries of one publisher. */
export type TermEntry = LogPosition & {
  readonly kind: "term";
  readonly epoch: string;
  /** The last entry of the term before; null at the beginning of the epoch. */
  readonly previousEnd: LogPosition | null;
  /** Null while the first segment is not complete. */
  readonly targets: Targets | null;
};

/** Begins a segment. A lossless follower starts at one of these. */
export type SegmentHead = LogPosition & {
  readonly kind: "segment";
  /** Media sequence number. Starts at 1. */
  readonly msn: number;
  /** Goes up by one where the configuration changes. */
  readonly discontinuity: number;
  /** Real time of the segment's first frame, milliseconds since 1970. */
  readonly utc: number;
  /** Names the configurations that the segment is decoded with. */
  readonly initialisation: string;
  /** True when the segment begins with a key frame, or there is no video. */
  readonly independent: boolean;
  /** Decode time of the first frame, milliseconds of the epoch. */
  readonly time: number;
  /**
   * Where each track continues: video in 90 kHz ticks, audio in samples. Null for an absent track, or one without a frame of its publisher so
   * far. A rung of sound has its source's video here.
   */
  readonly start: { readonly video: number | null; readonly audio: number | null };
  readonly targets: Targets | null;
};

/**
 * Begins a part, also at each segment's beginning. It stands before a video frame when there is video, except for the first part of a
 * source, whose audio may begin earlier.
 */
export type PartMark = LogPosition & {
  readonly kind: "part";
  /** Counts from 0 within the segment. */
  readonly index: number;
  readonly independent: boolean;
  /** Where each track of the part before ended, in the units of `SegmentHead.start`. */
  readonly previousEnd: SegmentHead["start"];
};

/** The decoder configuration of a track from here on. */
export type VideoConfiguration = LogPosition & {
  readonly kind: "configuration";
  readonly track: "video";
  /** When it was announced, milliseconds of the epoch. */
  readonly time: number;
  readonly codec: FourCc;
  /** avcC, hvcC, av1C, vpcC; empty for a codec that has none. */
  readonly data: Uint8Array;
  /** Null for a codec that Lectern passes through without reading it. */
  readonly format: VideoFormat | null;
};

export type AudioConfiguration = LogPosition & {
  readonly kind: "configuration";
  readonly track: "audio";
  readonly time: number;
  readonly codec: FourCc;
  /** AudioSpecificConfig, OpusHead; empty for a codec that has none. */
  readonly data: Uint8Array;
  readonly format: AudioFormat | null;
};

/** The publisher's description of its stream, completed from the configurations: FLV's `onMetaData`. */
export type Metadata = LogPosition & {
  readonly kind: "configuration";
  readonly track: "metadata";
  readonly time: number;
  readonly properties: AmfObject;
};

export type Configuration = VideoConfiguration | AudioConfiguration | Metadata;

type Decoding = Pick<VideoConfiguration | AudioConfiguration, "codec" | "data">;

/** Whether a decoder that was set up with one goes on with the other. */
export function decodesAlike(one: Decoding, other: Decoding): boolean {
  return one.codec === other.codec && Buffer.compare(one.data, other.data) === 0;
}

/**
 * One frame, or one data message. Its decode time is in milliseconds of the epoch: it starts near 0, never goes backward within a track,
 * and has no holes.
 */
export type MediaEntry = LogPosition & Frame & { readonly kind: "media" };

/** Entries that a follower will never see. */
export type GapEntry = LogPosition & {
  readonly kind: "gap";
  /** The first missing one; the last is the one before the next entry. */
  readonly from: number;
};

/** Ends the epoch. */
export type EndEntry = LogPosition & { readonly kind: "end"; readonly reason: string };

export type LogEntry = TermEntry | SegmentHead | PartMark | Configuration | MediaEntry | GapEntry | EndEntry;

/** Roughly the bytes that an entry takes in memory, which retention counts. */
export function entryBytes(entry: LogEntry): number {
  return entry.kind === "media" ? entry.payload.length : 256;
}
