/** The options of `script/bench`, as a benchmark receives them. */
export type BenchOptions = {
  readonly quick: boolean;
  readonly viewers: readonly number[];
  readonly repeats: number;
  /** Parts of the names of the servers to measure; null: all. */
  readonly only: readonly string[] | null;
  /** Additional servers: NAME=COMMAND,PUSH_URL,PLAY_URL */
  readonly servers: readonly string[];
};
