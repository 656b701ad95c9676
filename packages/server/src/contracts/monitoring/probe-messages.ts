/** Lists the messages of probes: nodes with the role probe ask a control process what to watch, and tell what they saw. */
import type { ProbeChecks, ProbeReport } from "./probe-report.ts";

/** A probe watches a lesson: an entry of the list of a node. */
export type ProbeTarget = {
  readonly probe: string;
  readonly lesson: string;
  readonly everySeconds: number;
  /** A person asked for a run then, milliseconds since 1970. */
  readonly requestedAt: number | null;
};

/** How a target is watched. */
export type ProbeAim = {
  /** `/APP/NAME.flv` or `.m3u8`, with a signed link that is good for one run. */
  readonly path: string;
  /** The lesson's join code. */
  readonly code: string;
  /** The node to watch at; null: the one that the dispatch chooses. */
  readonly via: string | null;
  readonly seconds: number;
  readonly checks: ProbeChecks;
};

export type ProbeRunReport = {
  /** Of the run: one that is told twice counts once. */
  readonly id: string;
  readonly node: string;
  readonly probe: string;
  readonly lesson: string;
  readonly report: ProbeReport;
};

/** Answered by the control process, by the supervisor, and between nodes: names and fields are on the wire. */
export type ProbeMessages = {
  readonly probeTargets: (of: null) => Promise<readonly ProbeTarget[]>;
  /** Null: there is nothing to watch any more. */
  readonly probeAim: (of: Pick<ProbeTarget, "probe" | "lesson">) => Promise<ProbeAim | null>;
  readonly probeRun: (run: ProbeRunReport) => Promise<null>;
};
