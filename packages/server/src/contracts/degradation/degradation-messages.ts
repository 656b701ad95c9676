/** Lists the messages of what is shed: processes tell the supervisor how pressed they are, which decides for its node and tells them all. */
import type { AutomaticDegradation, DegradationState } from "./degradation.ts";

/** How pressed a process was since its report before, which it sends each second. */
export type PressureReport = {
  /** How late its timers were, the 90th percentile in milliseconds. */
  readonly lagMs: number;
  /** The longest time that a group of actions took to be stored; 0: none was. */
  readonly commitMs: number;
};

/** Answered by the supervisor. */
export type PressureMessages = { readonly pressure: (report: PressureReport) => void };

/** Answered by every process of a node. */
export type DegradationMessages = { readonly degraded: (state: DegradationState) => void };

/** Between nodes: names and fields are on the wire. */
export type DegradationNodeMessages = {
  /** A node has begun or ended to do without something by itself; repeated while it does. */
  readonly nodeDegraded: (of: { readonly node: string; readonly automatic: AutomaticDegradation }) => void;
};
