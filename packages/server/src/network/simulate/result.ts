/** Defines the result of a simulation: samples of each second, and totals of the run. */

export type Second = {
  readonly second: number;
  readonly watching: number;
  readonly waiting: number;
  /** Rejections so far, because all nodes were full. */
  readonly rejected: number;
  /** Load of the edges that are up: the highest, and the mean. 1 is the capacity. */
  readonly fullest: number;
  readonly mean: number;
  /** Share of the watching viewers who are on a node of their carrier. */
  readonly sameCarrier: number;
  readonly originMbps: number;
  /** Nodes that are up. */
  readonly nodes: number;
};

export type Result = {
  readonly title: string;
  readonly nodes: number;
  readonly viewers: number;
  readonly decisions: number;
  readonly seconds: readonly Second[];
  /** Rejections of viewers, because all nodes were full. */
  readonly rejected: number;
  /** Viewers who still wait at the end. */
  readonly left: number;
  /** The highest load of any edge during the run. */
  readonly fullest: number;
  /** Nodes whose load exceeded their capacity during the run. */
  readonly overLimit: number;
  /** Decisions for viewers whose carrier had a node with room, and those of them that chose a node of that carrier. */
  readonly carrierHadRoom: number;
  readonly carrierKept: number;
  /** The most copies that origins sent at the same time, and the edges with these streams, times their paths. */
  readonly copies: number;
  readonly edgesTimesPaths: number;
  readonly originMbps: number;
  /** Milliseconds until viewers of a lost node watched again: the 99th percentile, and the longest. Null: no node was lost. */
  readonly recoveryMs: { readonly p99: number; readonly longest: number } | null;
  /** Of edges that an autoscaler starts and stops: hours that they ran, of those that as many as there ever were would have run. Null: there are none. */
  readonly scaled: {
    readonly nodeHours: number;
    readonly fixedHours: number;
    readonly most: number;
    readonly moved: number;
  } | null;
  /** Viewers of each edge at the end. */
  readonly edges: readonly { readonly node: string; readonly viewers: number }[];
};
