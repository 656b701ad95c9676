/** What a benchmark is asked to do. */
export type BenchOptions = {
  readonly quick: boolean;
  readonly viewers: readonly number[];
  readonly repeats: number;
  /** Names of the servers to measure; null for all. */
  readonly only: readonly string[] | null;
  /** Others than those that come along: NAME=COMMAND,PUSH_URL,PLAY_URL */
  readonly servers: readonly string[];
};

export class UsageError extends Error {}
