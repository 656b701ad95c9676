/** What a simulation has shown. */

export type Second = {
  readonly second: number;
  readonly watching: number;
  readonly waiting: number;
  /** Viewers who were told that all is full, so far. */
  readonly rejected: number;
  /** Of edges that are up: the fullest, and the mean; 0 to 1 and more. */
  readonly fullest: number;
  readonly mean: number;
  /** Of those who watch. */
  readonly sameCarrier: number;
  readonly originMbps: number;
};

export type Result = {
  readonly title: string;
  readonly nodes: number;
  readonly viewers: number;
  readonly decisions: number;
  readonly seconds: readonly Second[];
  /** Times that a viewer was told that all is full. */
  readonly rejected: number;
  /** Viewers who are still waiting at the end. */
  readonly left: number;
  /** The fullest that any edge ever was. */
  readonly fullest: number;
  /** Nodes that were ever fuller than they can bear. */
  readonly overLimit: number;
  /** Decisions for viewers whose carrier had room, and those of them that led to a node of that carrier. */
  readonly carrierHadRoom: number;
  readonly carrierKept: number;
  /** Copies of streams that origins sent at the same moment at most, and edges times paths that had them. */
  readonly copies: number;
  readonly edgesTimesPaths: number;
  readonly originMbps: number;
  /** Of viewers whose node was lost: milliseconds until they watched again, the 99th of a hundred, and the longest. Null: none was lost. */
  readonly recoveryMs: { readonly p99: number; readonly longest: number } | null;
  /** How many watch at each edge at the end. */
  readonly edges: readonly { readonly node: string; readonly viewers: number }[];
};
