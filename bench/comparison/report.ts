/** Writes a comparison as a table in Markdown and as JSON, below `bench/results` by month. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeLoad } from "../report/machine-load.ts";
import { printTable, round, type Table } from "../report/table.ts";
import type { ComparedFigure, Comparison, Pair, Verdict } from "./comparison.ts";
import { middle } from "./verdict.ts";

const VERDICTS: readonly Verdict[] = ["worse", "cannot be told", "not worse", "better"];

export function tabulate({ a, b, figures, missing, machine, load, minutes }: Comparison): Table {
  const rounds = spread(figures.map(({ pairs }) => pairs.length));
  const others = spread(figures.flatMap(({ pairs }) => pairs.map(({ othersPercent }) => othersPercent)));
  return {
    title: `Comparison of ${a.commit} (A) and ${b.commit} (B)`,
    columns: ["benchmark", "figure", "A", "B", "B/A", "lowest to highest B/A", "verdict"],
    rows: figures.map((figure) => [figure.benchmark, figure.what, ...sides(figure), ...ratios(figure), figure.verdict]),
    notes: [
      `A: ${a.commit}, ${a.subject}. B: ${b.commit}, ${b.subject}.`,
      "",
      `${VERDICTS.map((verdict) => `${figures.filter((one) => one.verdict === verdict).length} ${verdict}`).join(", ")}.`,
      `${rounds} rounds in ${round(minutes, 1)} minutes, the versions in turn; medians of a version's runs with their lowest and highest.`,
      `Other programs took ${others} % of the machine during a round. CPU and delays of rounds with more than half are not judged.`,
      ...missing,
      `${machine}; ${describeLoad(load)}.`,
    ],
  };
}

/**
 * @param rowNames as the command line names them; none: the short form
 * @param directory of all results
 * @returns the path of the table; the JSON is beside it
 */
export function writeComparison(comparison: Comparison, rowNames: readonly string[], directory: string): string {
  const month = join(directory, comparison.at.slice(0, 7));
  mkdirSync(month, { recursive: true });
  const file = join(
    month,
    ["compare", comparison.a.commit, comparison.b.commit, ...rowNames].join("-").replaceAll("+", "-changed"),
  );
  const { title, ...rest } = tabulate(comparison);
  writeFileSync(`${file}.md`, `${printTable({ title: `# ${title}`, ...rest })}\n`);
  // Folders of this machine say nothing elsewhere.
  const versions = { a: { ...comparison.a, directory: undefined }, b: { ...comparison.b, directory: undefined } };
  writeFileSync(`${file}.json`, `${JSON.stringify({ ...comparison, ...versions }, null, 2)}\n`);
  return `${file}.md`;
}

function sides({ pairs }: ComparedFigure): string[] {
  return [pairs.map(({ a }: Pair) => a), pairs.map(({ b }: Pair) => b)].map((values) =>
    values.length === 1
      ? `${values[0]}`
      : `${Number(middle(values).toPrecision(4))} (${Math.min(...values)}–${Math.max(...values)})`,
  );
}

/** The lowest and the highest. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return "no";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? `${low}` : `${low} to ${high}`;
}

function ratios({ ratio, low, high, pairs }: ComparedFigure): (string | number)[] {
  return [round(ratio, 2), pairs.length === 1 ? "one round" : `${round(low, 2)}–${round(high, 2)}`];
}
