/** Defines what a node measures of itself every ten seconds, and tells all control processes. On the wire between nodes. */

/** The interval of samples, milliseconds. */
export const SAMPLE_MS = 10_000;

/** The number of the interval that a value belongs to, in all series. @param at milliseconds since 1970 */
export function intervalOf(at: number): number {
  return Math.round(at / SAMPLE_MS);
}

export type ProcessSample = {
  /** `supervisor`, `control`, `media-1`, … */
  readonly name: string;
  /** Cores in use, mean of the interval. */
  readonly cpu: number;
  readonly memoryBytes: number;
  /** The longest time that its event loop was held within the interval, milliseconds; null: not measured. */
  readonly holdMs: number | null;
  readonly descriptors: number;
};

/** One upstream path of one stream. */
export type HopSample = {
  /** APP/NAME, with its rung. */
  readonly stream: string;
  /** The node that it comes from. */
  readonly from: string;
  /** Milliseconds since its newest message came. */
  readonly ageMs: number | null;
  readonly lossPercent: number | null;
  readonly rttMs: number | null;
  readonly kbps: number;
};

export type LinkSample = {
  readonly to: string;
  readonly rttMs: number | null;
  readonly jitterMs: number;
  readonly lossPercent: number | null;
  readonly mbps: number;
  readonly ageMs: number | null;
};

/** What limits what people of an uplink see; `none`: nothing. In words: `school/messages` or the pages. */
export const UPLINK_VERDICTS = [
  "none",
  /** Nothing arrives. */
  "silent",
  /** Frames arrive in bursts and late: the line between encoder and server. */
  "line-unsteady",
  /** Less arrives than the encoder is set to: the line is too narrow. */
  "line-narrow",
  /** Frames are missing although the line is stable: the encoder's machine is overloaded. */
  "encoder-drops-frames",
  /** The encoder's clock runs at another speed. */
  "clock-drifts",
  "sound-and-picture-apart",
  "key-frames-rare",
  /** Frames arrive that no player can decode: `MEDIA_PROBLEMS`. */
  "picture-undecodable",
  "sound-undecodable",
] as const;
export type UplinkVerdict = (typeof UPLINK_VERDICTS)[number];

/** A stream whose publisher is at the node. */
export type UplinkSample = {
  readonly stream: string;
  readonly epoch: string;
  /** As frames arrive. */
  readonly fps: number;
  /** By the encoder's clock, with the frames that it leaves out; null: not known, or its frame rate varies. */
  readonly encoderFps: number | null;
  readonly kbps: number;
  /** What the encoder makes in a second of its own clock; null: not known. */
  readonly encoderKbps: number | null;
  readonly jitterMs: number;
  /** Within the interval. */
  readonly droppedFrames: number;
  readonly frames: number;
  readonly gopSeconds: number | null;
  /** Media time minus arrival time since the publisher began, milliseconds a minute. */
  readonly driftMsPerMinute: number | null;
  /** Sound's time minus the picture's as they arrive, milliseconds. */
  readonly avOffsetMs: number | null;
  readonly health: "good" | "fair" | "poor" | "silent";
  readonly verdict: UplinkVerdict;
  readonly viewers: number;
};

/** A part of the platform that works or does not. */
export type ComponentSample = {
  /** `database`, `bus`, `storage`, `ffmpeg`, `certificate`, `clock`, `process NAME` … */
  readonly name: string;
  readonly state: "up" | "degraded" | "down";
  /** What it costs to use it, milliseconds; null: not measured. */
  readonly latencyMs: number | null;
  /** For the operator; empty when all is well. */
  readonly detail: string;
};

export type NodeSample = {
  readonly node: string;
  /** When the interval ended, milliseconds since 1970. */
  readonly at: number;
  readonly cores: number;
  /** Cores in use on the machine, by everybody. */
  readonly cpu: number;
  /** Share of time in which the machine's processors were given to others (`steal`), 0 to 1. */
  readonly stolen: number;
  readonly memory: { readonly usedBytes: number; readonly totalBytes: number };
  /** Of the data directory. */
  readonly disk: { readonly usedBytes: number; readonly totalBytes: number };
  readonly network: {
    readonly receivedMbps: number;
    readonly sentMbps: number;
    readonly capacityMbps: number;
    readonly retransmittedPercent: number;
  };
  readonly descriptors: { readonly used: number; readonly limit: number };
  readonly connections: number;
  readonly viewers: number;
  readonly processes: readonly ProcessSample[];
  readonly links: readonly LinkSample[];
  readonly hops: readonly HopSample[];
  readonly uplinks: readonly UplinkSample[];
  readonly components: readonly ComponentSample[];
};
