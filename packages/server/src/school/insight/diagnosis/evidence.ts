/** Defines what is known of a viewer's trouble: figures of the player, of other viewers, and of each part that the picture passes through. */
import type { UplinkVerdict } from "../../../contracts/monitoring/node-sample.ts";

/** Values of one metric: the usual one before the trouble, and the lowest and highest within it. Null: not measured. */
export type Level = { readonly usual: number | null; readonly low: number | null; readonly high: number | null };

export const NOT_MEASURED: Level = { usual: null, low: null, high: null };

/** What a player told of the span, added up. Milliseconds. */
export type ViewerFigures = {
  readonly spanMs: number;
  readonly watchedMs: number;
  readonly stallMs: number;
  /** For so long it stood still although it had arrived. */
  readonly decodingMs: number;
  readonly frames: number;
  readonly droppedFrames: number;
  readonly longTaskMs: number;
  /** The slowest that the line was while it was busy; null: not known. */
  readonly throughputKbps: number | null;
  readonly bitrateKbps: number | null;
  readonly reconnects: number;
  /** Frames a second that the stream should have; null: not known, or they vary. */
  readonly usualFps: number | null;
};

/** Other viewers of the same stream in the span. */
export type OtherViewers = {
  readonly viewers: number;
  readonly affected: number;
  /** How much of what the viewer has lost the worse half of them lost as well, on average, 0 to 1. Default: those who are affected lost as much. */
  readonly alike?: number;
  /** The same of the time for which the picture stood still. Default: `alike`. */
  readonly alikeStalls?: number;
};

export type NodeFigures = {
  readonly node: string;
  /** Shares, 0 to 1. */
  readonly cpu: Level;
  readonly stolen: Level;
  readonly egress: Level;
  readonly retransmitted: Level;
  /** The longest time that a process of the node that has media was held. */
  readonly holdMs: Level;
};

/** One relay hop of the stream. */
export type HopFigures = {
  readonly from: string;
  readonly to: string;
  readonly ageMs: Level;
  /** Share, 0 to 1. */
  readonly loss: Level;
  readonly rttMs: Level;
};

export type UplinkFigures = {
  /** By the encoder's clock, with the frames that it leaves out; null: not known, or its frame rate varies. */
  readonly encoderFps: number | null;
  readonly fps: Level;
  readonly kbps: Level;
  readonly jitterMs: Level;
  /** Share of dropped frames, 0 to 1. */
  readonly dropped: Level;
  /** What was found wrong within the span. */
  readonly verdicts: readonly UplinkVerdict[];
};

export type Evidence = {
  readonly viewer: ViewerFigures;
  /** At the viewer's edge, and at other nodes. */
  readonly sameEdge: OtherViewers;
  readonly elsewhere: OtherViewers;
  readonly edge: NodeFigures | null;
  /** From the edge to the origin; none where people watch at the origin. */
  readonly hops: readonly HopFigures[];
  /** Null: not known, or the viewer watches there, and it is `edge`. */
  readonly origin: NodeFigures | null;
  /** Null: not measured, or a recording. */
  readonly uplink: UplinkFigures | null;
};
