/** Compares two load tests: each figure before and after, and by how much it differs. */
import type { LoadResult } from "../measure/result.ts";
import { processRows, table } from "./lines.ts";
import { inOrder, wordsOfStep } from "./steps.ts";

const FIGURES = ["p50", "p99"] as const;

/** Reads a result. @throws Error with words where it is none */
export function readResult(text: string, file: string): LoadResult {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
  const isResult = typeof read === "object" && read !== null && "version" in read && read.version === 1 && "steps" in read;
  if (!isResult) throw new Error(`${file} is not a result of lectern load`);
  return read as LoadResult;
}

export function compareLines(before: LoadResult, after: LoadResult): string[] {
  const steps = inOrder([...new Set([...Object.keys(before.steps), ...Object.keys(after.steps)])]);
  const rows = steps.flatMap((step) =>
    FIGURES.map((figure) => row(`${wordsOfStep(step)}, ${figure}`, before.steps[step]?.[figure], after.steps[step]?.[figure])),
  );
  const counts = (["people", "served", "refused", "failed", "stalls", "stalledSeconds"] as const).map((name) =>
    row(name === "stalledSeconds" ? "seconds stalled" : name, before[name], after[name]),
  );
  const limits = [before, after].flatMap(({ ownLimits }, i) =>
    ownLimits.map((limit) => `The client of the ${i === 0 ? "first" : "second"} was the bottleneck: ${limit}.`),
  );
  return [
    `${before.title} (${before.startedAt}) and ${after.title} (${after.startedAt})`,
    ...(before.people === after.people && before.seed === after.seed ? [] : ["They had different plans."]),
    "",
    ...table([["", "first", "second", "difference"], ...counts, ...rows, ...processes(before, after)]),
    ...(limits.length === 0 ? [] : ["", ...limits]),
  ];
}

function processes(before: LoadResult, after: LoadResult): string[][] {
  const cores = (result: LoadResult) => new Map(processRows(result).map(([name = "", most]) => [name, Number(most)]));
  const [first, second] = [cores(before), cores(after)];
  return [...new Set([...first.keys(), ...second.keys()])].map((name) =>
    row(`${name}, cores at most`, first.get(name), second.get(name)),
  );
}

function row(what: string, before: number | undefined, after: number | undefined): string[] {
  const text = (value: number | undefined) => (value === undefined ? "-" : String(value));
  return [what, text(before), text(after), differenceOf(before, after)];
}

function differenceOf(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined || before === after) return "";
  if (before === 0) return `+${Math.round(after * 1000) / 1000}`;
  const percent = Math.round(((after - before) / before) * 100);
  return `${percent > 0 ? "+" : ""}${percent} %`;
}
