/** Lists the messages of viewer counts between the workers of a node. */

export type ViewerMessages = {
  /** How many viewers a worker has. */
  readonly viewers: (count: number) => void;
  /** HLS viewers that a worker has seen with sessions of another worker. */
  readonly viewersSeen: (numbers: readonly number[]) => void;
};
export type ViewerWorkerMessages = {
  readonly otherViewers: (count: number) => void;
  readonly viewersSeen: (numbers: readonly number[]) => void;
};
