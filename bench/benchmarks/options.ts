/** Measures the options of `script/bench`, as a benchmark receives them. */
export type BenchOptions = {
  readonly quick: boolean;
  readonly viewers: readonly number[];
  readonly repeats: number;
  /** room, board, exam: people in it; null: 10 000, or 500 with `quick`. */
  readonly members: number | null;
  /** rest: only count starts that become ready, this many in each place; null: measure start and rest. */
  readonly starts: number | null;
  /** rest with `starts`: a file to which each start is added, so that several runs make one table; null: one run. */
  readonly log: string | null;
  /** soak: how long; null: a quarter of an hour, or a minute with `quick`. */
  readonly minutes: number | null;
  /** soak: viewers that join in a second; null: 20. */
  readonly joins: number | null;
  /** soak: without the browser and the check of the playlists, so that it can run beside other work. */
  readonly isLight: boolean;
  /** Parts of the names of the servers to measure, or with `=` before it a whole name; null: all. */
  readonly only: readonly string[] | null;
  /** Additional servers: NAME=COMMAND,PUSH_URL,PLAY_URL */
  readonly servers: readonly string[];
};

/** Whether a server is one of those to measure. */
export function isChosen(name: string, { only }: Pick<BenchOptions, "only">): boolean {
  return only?.some((wanted) => (wanted.startsWith("=") ? name === wanted.slice(1) : name.includes(wanted))) ?? true;
}
