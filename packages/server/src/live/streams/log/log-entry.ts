/**
 * The records of a live stream's log.
 *
 * A stream is one log of immutable records. Everything about it is decided once, by the ingest that stamps them; whoever reads
 * them afterwards (outputs, recorder, packager, relay, another node) follows and decides nothing. docs/architecture.md tells why.
 */
import type { AmfObject, AudioFormat, FourCc, VideoFormat } from "@lectern/media";

/**
 * A record's place in its epoch. Sequence numbers go on across terms without a gap, unless a term begins where the one before
 * it was cut off; records of a lower term behind that point are void.
 */
export type LogPosition = {
  /** Who stamps: the number of the claim under which the record was written. Starts at 1. */
  readonly term: number;
  /** Counts records from 0. */
  readonly sequence: number;
};

/** What the first segment fixes for the whole epoch, because HLS must never change it. */
export type Targets = {
  /** The longest part, milliseconds: EXT-X-PART-INF. */
  readonly partMs: number;
  /** The longest segment, whole seconds: EXT-X-TARGETDURATION. */
  readonly segmentSeconds: number;
};

/** Begins what one publisher writes. */
export type TermEntry = LogPosition & {
  readonly kind: "term";
  readonly epoch: string;
  /** The last record of the term before; null at the beginning of the epoch. */
  readonly previousEnd: LogPosition | null;
  /** Null while the first segment is not whole. */
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
  /** True when it begins with a key frame, or there is no video. */
  readonly independent: boolean;
  /** Decode time of the first frame, milliseconds of the epoch. */
  readonly time: number;
  /** Where each track goes on: video in 90 kHz ticks, audio in samples. Null for a track that is not there, or has had no frame yet. */
  readonly start: { readonly video: number | null; readonly audio: number | null };
  readonly targets: Targets | null;
};

/**
 * Begins a part, also at each segment's beginning. Stands before a video frame when there is video, but for the first of a source,
 * whose sound may begin earlier.
 */
export type PartMark = LogPosition & {
  readonly kind: "part";
  /** Counts from 0 within the segment. */
  readonly index: number;
  readonly independent: boolean;
  /** Where each track of the part before ended, in the units of `SegmentHead.start`. */
  readonly previousEnd: SegmentHead["start"];
};

/** What a track is decoded with from here on. */
export type VideoConfiguration = LogPosition & {
  readonly kind: "configuration";
  readonly track: "video";
  /** When it was announced, milliseconds of the epoch. */
  readonly time: number;
  readonly codec: FourCc;
  /** avcC, hvcC, av1C, vpcC; empty for a codec that has none. */
  readonly data: Uint8Array;
  /** Null for a codec that Lectern carries without understanding. */
  readonly format: VideoFormat | null;
  /** As an FLV tag at time 0; null for a codec that has no configuration. */
  readonly tag: Uint8Array | null;
};

export type AudioConfiguration = LogPosition & {
  readonly kind: "configuration";
  readonly track: "audio";
  readonly time: number;
  readonly codec: FourCc;
  /** AudioSpecificConfig, OpusHead; empty for a codec that has none. */
  readonly data: Uint8Array;
  readonly format: AudioFormat | null;
  readonly tag: Uint8Array | null;
};

/** What the publisher says of its stream, with what is known completed: FLV's `onMetaData`. */
export type Metadata = LogPosition & {
  readonly kind: "configuration";
  readonly track: "metadata";
  readonly time: number;
  readonly properties: AmfObject;
};

export type Configuration = VideoConfiguration | AudioConfiguration | Metadata;

/** One frame, or one data message. */
export type MediaEntry = LogPosition & {
  readonly kind: "media";
  readonly track: "video" | "audio" | "data";
  readonly codec: FourCc;
  /** Milliseconds of the epoch: starts near 0, never goes backward within its track, has no holes. */
  readonly decodeTime: number;
  /** Milliseconds from decode to presentation. */
  readonly compositionOffset: number;
  readonly key: boolean;
  /** True when no other frame refers to it. */
  readonly disposable: boolean;
  /** What the decoder gets; a view into `tag`. */
  readonly payload: Uint8Array;
  /** A whole FLV tag: the form that the log stores. */
  readonly tag: Uint8Array;
};

/** Records that a follower will never see. */
export type GapEntry = LogPosition & {
  readonly kind: "gap";
  /** The first that is missing; the last is the one before the next record. */
  readonly from: number;
};

/** Ends the epoch. */
export type EndEntry = LogPosition & { readonly kind: "end"; readonly reason: string };

export type LogEntry = TermEntry | SegmentHead | PartMark | Configuration | MediaEntry | GapEntry | EndEntry;

/** Bytes that a record keeps in memory, roughly; what retention counts. */
export function entryBytes(record: LogEntry): number {
  return record.kind === "media" ? record.tag.length : 256;
}
