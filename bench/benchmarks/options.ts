/** The options of `script/bench`, as a benchmark receives them. */
export type BenchOptions = {
  readonly quick: boolean;
  readonly viewers: readonly number[];
  readonly repeats: number;
  /** rest: only count starts that become ready, this many in each place; null: measure start and rest. */
  readonly starts: number | null;
  /** Parts of the names of the servers to measure; null: all. */
  readonly only: readonly string[] | null;
  /** Additional servers: NAME=COMMAND,PUSH_URL,PLAY_URL */
  readonly servers: readonly string[];
};
