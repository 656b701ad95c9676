/** Runs `script/bench compare A B [rows]`: builds two versions, runs benchmarks with both in turn, and says which figures are better, not worse or worse. */
import { join } from "node:path";
import { describeMachine } from "../report/machine.ts";
import { measureMachineLoad } from "../report/machine-load.ts";
import { printTable } from "../report/table.ts";
import { endOnInterrupt } from "../testbed/interrupt.ts";
import { UsageError } from "../testbed/usage-error.ts";
import type { Comparison } from "./comparison.ts";
import { tabulate, writeComparison } from "./report.ts";
import { ComparisonRounds } from "./rounds.ts";
import { chosenRows } from "./rows.ts";
import { endRuns } from "./run.ts";
import { Versions } from "./versions.ts";

export type CompareOptions = {
  /** The versions, then the rows; no row: the short form. */
  readonly names: readonly string[];
  /** From the start of the command to the last round; null: a quarter of an hour. */
  readonly minutes: number | null;
  readonly rounds: number | null;
};

const RESULTS = join(import.meta.dirname, "../results");
const SHORT_MINUTES = 15;

/** @returns the exit code: 1 where a figure is worse */
export async function compare({ names: [nameOfA, nameOfB, ...rowNames], minutes, rounds }: CompareOptions): Promise<number> {
  if (!nameOfA || !nameOfB) throw new UsageError("compare needs two versions: script/bench compare A B [rows]");
  const rows = chosenRows(rowNames);
  const begunAt = performance.now();
  const versions = new Versions();
  let runs: ComparisonRounds | null = null;
  const close = async () => {
    await endRuns();
    runs?.close();
    await versions.close();
  };
  const forget = endOnInterrupt(close);
  try {
    const hasPages = rows.some(([, row]) => row.hasPages);
    const a = await versions.prepare(nameOfA, "a", hasPages);
    const b = await versions.prepare(nameOfB, "b", hasPages);
    const load = measureMachineLoad();
    runs = new ComparisonRounds(a, b);
    await runs.run({ rows, minutes: minutes ?? SHORT_MINUTES, rounds }, begunAt);
    const comparison: Comparison = {
      a,
      b,
      at: new Date().toISOString(),
      machine: describeMachine(),
      load: load(),
      minutes: (performance.now() - begunAt) / 60_000,
      figures: runs.figures,
      missing: runs.missing,
    };
    process.stdout.write(`\n${printTable(tabulate(comparison))}\n\n${writeComparison(comparison, rowNames, RESULTS)}\n`);
    return comparison.figures.some(({ verdict }) => verdict === "worse") ? 1 : 0;
  } finally {
    await close();
    forget();
  }
}
