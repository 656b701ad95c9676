/**
 * Provides the data of `script/bench compare`, in the order in which it comes to be: two versions are built (`versions.ts`), the benchmarks of
 * `rows.ts` run against each in turn (`shared-ticks.ts`), the figures of their tables become pairs (`figures.ts`), a pair of each round is judged
 * (`verdict.ts`), and all of it is one report (`report.ts`).
 */
import type { MachineLoad } from "../report/machine-load.ts";

/** One of the two versions, ready to run. */
export type Version = {
  /** As the command line names it: a commit, a tag, a branch, or the folder of a working copy. */
  readonly name: string;
  /** The commit's short name; a working copy with changes has `+` behind it. */
  readonly commit: string;
  /** The first line of the commit's message. */
  readonly subject: string;
  /** Its work tree, with node_modules and the compiled server. */
  readonly directory: string;
};

/** `rate` is better when it is higher, all others when they are lower. */
export type FigureKind = "cpu" | "memory" | "delay" | "rate";

export type FigureName = {
  /** The benchmark, as `script/bench` names it. */
  readonly benchmark: string;
  /** The row and the column of the benchmark's table, with the unit. */
  readonly what: string;
  readonly kind: FigureKind;
};

/** What both versions showed in one round, one right after the other. */
export type Pair = {
  readonly a: number;
  readonly b: number;
  /** What other programs took of the machine meanwhile, in the busier of both runs. */
  readonly othersPercent: number;
};

export type Verdict = "better" | "not worse" | "worse" | "cannot be told";

export type Judgement = {
  readonly verdict: Verdict;
  /** B divided by A: the median of all rounds, the lowest and the highest. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
};

export type ComparedFigure = FigureName & Judgement & { readonly pairs: readonly Pair[] };

export type Comparison = {
  readonly a: Version;
  readonly b: Version;
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly machine: string;
  readonly load: MachineLoad;
  readonly minutes: number;
  readonly figures: readonly ComparedFigure[];
  /** What one version does not have, and which runs failed. */
  readonly missing: readonly string[];
};
