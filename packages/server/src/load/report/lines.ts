/** Writes a load test for the terminal: a line for each second while it runs, and its result as tables. */
import type { LoadResult, ProcessUse, Second } from "../measure/result.ts";
import { inOrder, wordsOfStep } from "./steps.ts";

const MEGA = 1_000_000;

export function lineOf(second: Second): string {
  const { present, watching, inRooms, joins, failures, firstFrameP99, stalls, receivedMbps, own, servers } = second;
  const ms = (value: number | null) => (value === null ? "-" : `${value} ms`);
  const cores = servers.map(({ machineCoresUsed }) => machineCoresUsed?.toFixed(1) ?? "-").join(" ");
  return [
    `${String(second.second).padStart(5)} s`,
    `there ${present}`,
    `watching ${watching}`,
    `in rooms ${inRooms}`,
    `joins ${joins}`,
    `failures ${failures}`,
    `first frame p99 ${ms(firstFrameP99)}`,
    `stalls ${stalls}`,
    `${receivedMbps} Mbps`,
    `own ${own.cores.toFixed(2)} cores, late ${own.lateP99} ms`,
    ...(cores === "" ? [] : [`servers ${cores} cores`]),
  ].join("  ");
}

export function linesOf(result: LoadResult): string[] {
  const { title, target, people, came, served, seconds, ownLimits } = result;
  return [
    `${title}: ${target}`,
    "",
    ...table([
      ["people of the plan, came, were served", `${people}, ${came}, ${served}`],
      ["seconds", String(seconds)],
      ["refused by the server, failed", `${result.refused}, ${result.failed}`],
      ["stalls, seconds stalled of seconds watched", `${result.stalls}, ${result.stalledSeconds} of ${result.watchedSeconds}`],
      ["media received, MB", (result.receivedBytes / MEGA).toFixed(1)],
      ["said: chat, hands, answers", Object.values(result.said).join(", ")],
      ["this client, cores and sockets at most", ownPeak(result)],
    ]),
    "",
    ...table([["milliseconds", "count", "p50", "p95", "p99", "max"], ...stepRows(result)]),
    ...(result.failures.length === 0 ? [] : ["", ...table([["failures", "code", "count"], ...failureRows(result)])]),
    "",
    ...serverLines(result),
    ...(ownLimits.length === 0
      ? ["This client had time: the figures are the server's."]
      : ["THIS CLIENT WAS THE BOTTLENECK, and the figures are not the server's:", ...ownLimits.map((limit) => `  ${limit}`)]),
    ...(result.goals.length === 0 ? [] : ["", ...table([["goal", "at most", "measured", ""], ...goalRows(result)])]),
  ];
}

export function stepRows({ steps }: Pick<LoadResult, "steps">): string[][] {
  return inOrder(Object.keys(steps)).flatMap((step) => {
    const figures = steps[step];
    return figures ? [[wordsOfStep(step), ...[figures.count, figures.p50, figures.p95, figures.p99, figures.max].map(String)]] : [];
  });
}

export function failureRows({ failures }: Pick<LoadResult, "failures">): string[][] {
  return failures.map(({ step, code, count }) => [wordsOfStep(step), code, String(count)]);
}

export function goalRows({ goals }: Pick<LoadResult, "goals">): string[][] {
  return goals.map(({ goal, most, measured, isMet }) => [
    goal,
    String(most),
    measured === null ? "nothing" : String(Math.round(measured * 10_000) / 10_000),
    isMet ? "met" : "MISSED",
  ]);
}

/** What each process used at most, by its server and its name. */
export function processPeaks(timeline: readonly Second[]): ReadonlyMap<string, ProcessUse> {
  const most = new Map<string, ProcessUse>();
  for (const { servers } of timeline)
    for (const { server, processes } of servers)
      for (const [name, { cores, memoryBytes }] of Object.entries(processes)) {
        const key = `${server} ${name}`;
        const known = most.get(key) ?? { cores: 0, memoryBytes: 0 };
        most.set(key, { cores: Math.max(known.cores, cores), memoryBytes: Math.max(known.memoryBytes, memoryBytes) });
      }
  return most;
}

export function processRows({ timeline }: Pick<LoadResult, "timeline">): string[][] {
  return [...processPeaks(timeline)].map(([name, { cores, memoryBytes }]) => [
    name,
    cores.toFixed(2),
    (memoryBytes / MEGA).toFixed(0),
  ]);
}

function serverLines(result: LoadResult): string[] {
  const rows = processRows(result);
  if (rows.length === 0) return ["The servers' metrics could not be read: `metrics.allow`, or LECTERN_ADMIN_TOKEN.", ""];
  return [...table([["process of a server", "cores at most", "MB at most"], ...rows]), ""];
}

function ownPeak({ timeline }: LoadResult): string {
  const most = (of: (second: Second) => number) => Math.max(0, ...timeline.map(of));
  return `${most(({ own }) => own.cores).toFixed(2)}, ${most(({ own }) => own.sockets)}`;
}

/** The first column is words, the others are figures. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
