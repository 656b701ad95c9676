/**
 * Defines what media workers make of beacons, every few seconds: what is to be added to each minute's figures, and the state of each session that has
 * changed. On the wire between nodes.
 */
import type { Buckets } from "./log-buckets.ts";
import type { ViewBeacon } from "./view-beacon.ts";

/** The figures that add up: of a session, of a minute, of a day. Durations in milliseconds. */
export type ViewSums = {
  readonly watchedMs: number;
  readonly heardMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly frames: number;
  readonly droppedFrames: number;
  readonly bytes: number;
  readonly switches: number;
  readonly reconnects: number;
  readonly errors: number;
};

/** What divides a minute's figures. `region` and `carrier` as `platform/geoip` names them, "" where they are not known. */
export type ViewCellKey = {
  /** APP/NAME, or vod/ID. */
  readonly cid: string;
  /** The start of the minute, milliseconds since 1970 by the server's clock. */
  readonly minute: number;
  readonly node: string;
  readonly carrier: string;
  readonly region: string;
  readonly engine: ViewBeacon["sf"];
  readonly device: ViewBeacon["device"]["class"];
};

export type ViewCell = ViewCellKey &
  ViewSums & {
    readonly beacons: number;
    /** Sessions that began. */
    readonly sessions: number;
    /** First frames, by their milliseconds. */
    readonly firstFrames: Buckets;
    /** Stalls that ended, by their milliseconds. */
    readonly stallLengths: Buckets;
  };

/** One beacon's interval in a session's strip, for "why": times are the server's, milliseconds since 1970. */
export type ViewMoment = {
  readonly at: number;
  readonly intervalMs: number;
  readonly watchedMs: number;
  readonly stallMs: number;
  /** Of stalls that ended: for so long the picture stood still although it had arrived. */
  readonly decodingMs: number;
  /** At the end of the interval, when a stall within it may be long over. */
  readonly bufferMs: number;
  readonly throughputKbps: number | null;
  readonly bitrateKbps: number | null;
  readonly latencyMs: number | null;
  readonly frames: number;
  readonly droppedFrames: number;
  readonly longTaskMs: number;
  readonly reconnects: number;
  readonly sta: ViewBeacon["sta"];
  readonly errors: readonly string[];
};

/** A session as far as one worker knows it; several workers' parts of one session add up (`sums`, `moments`). */
export type ViewSession = {
  readonly sid: string;
  readonly trace: string;
  readonly cid: string;
  /** The participant that the signed link names; null: the link names none, or none was needed. */
  readonly viewer: string | null;
  readonly node: string;
  readonly engine: ViewBeacon["sf"];
  readonly edge: string;
  readonly device: ViewBeacon["device"];
  readonly network: ViewBeacon["network"];
  /** /24 of IPv4, /48 of IPv6. */
  readonly network24: string;
  readonly carrier: string;
  readonly region: string;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly firstFrameMs: number | null;
  readonly end: NonNullable<ViewBeacon["end"]> | null;
  /** Since the worker's last batch. */
  readonly sums: ViewSums;
  /** Milliseconds played of each minute of a recording, since the worker's last batch; empty for live streams. */
  readonly played: Buckets;
  /** Since the worker's last batch. */
  readonly moments: readonly ViewMoment[];
};

export type ViewBatch = {
  /** SENDER.NUMBER, numbers of a sender rising by one: a batch is counted once, however often it is sent. */
  readonly id: string;
  readonly cells: readonly ViewCell[];
  readonly sessions: readonly ViewSession[];
};
