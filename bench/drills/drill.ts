/** Provides the options and the result of a drill. */
import type { Table } from "../report/table.ts";
import type { ProtocolSummary } from "../testbed/viewer-summary.ts";

export type DrillOptions = {
  readonly quick: boolean;
  /** Watch for an hour where a drill shows that nothing happens. */
  readonly hour: boolean;
  /** The version to upgrade from: a tag or a commit, or several, separated by commas, the oldest first. */
  readonly from: string | null;
};

export type DrillResult = {
  readonly drill: string;
  /** The failure that the drill caused. */
  readonly broke: string;
  readonly promise: string;
  /** Whether the promise was kept. */
  readonly held: boolean;
  readonly seen: readonly ProtocolSummary[];
  /** What others than viewers saw, instead of `seen`. */
  readonly table?: Pick<Table, "columns" | "rows">;
  readonly notes: readonly string[];
};

export type Drill = (options: DrillOptions) => Promise<DrillResult>;

/** On a busy machine, viewers have gaps of this length without any failure. */
export const BUSY_GAP_MS = 1000;
/** The longest gaps of `summarize`, in the order of the viewers of a local cluster. */
export const GAP_COLUMNS: readonly string[] = ["flv", "ws", "rtmp", "hls"].map((protocol) => `${protocol}: longest gap, ms`);

/** HLS arrives in parts of this length, so a gap of this length is normal. */
export const HLS_PART_MS = 400;
