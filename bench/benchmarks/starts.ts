/** Starts a server again and again in the two places where a start is slowest, and tells how many became ready. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { median, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { cpuSeconds, SERVER_CORE, start, stop } from "../testbed/child-process.ts";

const PLACES = [
  { name: "one core, new database", core: SERVER_CORE, isBusy: false },
  { name: "beside a program that uses all cores, new database", core: null, isBusy: true },
] as const;
type Place = (typeof PLACES)[number];

/** One start. A server that has ended is not ready. */
type Start = { readonly place: string; readonly isReady: boolean; readonly seconds: number; readonly cpuSeconds: number };

/**
 * @param count starts in each place
 * @param log a file with a line for each start, also of earlier runs; null: this run only
 */
export async function benchStarts(count: number, log: string | null): Promise<Table> {
  const starts: Start[] = log !== null && existsSync(log) ? readLog(log) : [];
  for (const place of PLACES) {
    const others = place.isBusy
      ? Array.from({ length: availableParallelism() }, () => start(["sh", "-c", "while :; do :; done"], { core: null }))
      : [];
    for (let i = 0; i < count; i++) {
      process.stderr.write(`bench: ${place.name}, start ${i + 1} of ${count}\n`);
      const one = await startOnce(place);
      starts.push(one);
      if (log !== null) appendFileSync(log, `${JSON.stringify(one)}\n`);
    }
    for (const other of others) await stop(other);
  }
  return {
    title: "Starts that became ready",
    columns: ["machine", "ready", "s to ready, median", "longest", "CPU s, median"],
    rows: PLACES.map(({ name }) => row(name, starts)),
    notes: [],
  };
}

async function startOnce({ name, core }: Place): Promise<Start> {
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-starts-"));
  const begun = performance.now();
  const running = await startLectern([], null, core, data);
  const isReady = running.process.exitCode === null;
  const seconds = (performance.now() - begun) / 1000;
  const cpu = isReady ? cpuSeconds(running.pid) : 0;
  await stop(running.process);
  rmSync(data, { recursive: true, force: true });
  return { place: name, isReady, seconds, cpuSeconds: cpu };
}

function readLog(file: string): Start[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line): Start => JSON.parse(line));
}

function row(name: string, starts: readonly Start[]): (string | number)[] {
  const here = starts.filter(({ place }) => place === name);
  const ready = here.filter(({ isReady }) => isReady);
  const figure = (of: (one: Start) => number, pick: (values: number[]) => number) =>
    ready.length === 0 ? 0 : round(pick(ready.map(of)), 1);
  return [
    name,
    `${ready.length} of ${here.length}`,
    figure(({ seconds }) => seconds, median),
    figure(
      ({ seconds }) => seconds,
      (all) => Math.max(...all),
    ),
    figure(({ cpuSeconds: cpu }) => cpu, median),
  ];
}
