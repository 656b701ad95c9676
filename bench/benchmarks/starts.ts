/** Starts a server again and again in the two places where a start is slowest, and tells how many became ready. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { median, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { cpuSeconds, SERVER_CORE, start, stop } from "../testbed/child-process.ts";

const PLACES = [
  { name: "one core, new database", core: SERVER_CORE, isBusy: false },
  { name: "beside a program that uses all cores, new database", core: null, isBusy: true },
] as const;

/** @param count starts in each place */
export async function benchStarts(count: number): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const { name, core, isBusy } of PLACES) {
    const others = isBusy
      ? Array.from({ length: availableParallelism() }, () => start(["sh", "-c", "while :; do :; done"], { core: null }))
      : [];
    const seconds: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < count; i++) {
      process.stderr.write(`bench: ${name}, start ${i + 1} of ${count}\n`);
      const data = mkdtempSync(join(tmpdir(), "lectern-bench-starts-"));
      const begun = performance.now();
      const running = await startLectern([], null, core, data);
      // A server that has ended is not ready.
      if (running.process.exitCode === null) {
        seconds.push((performance.now() - begun) / 1000);
        cpu.push(cpuSeconds(running.pid));
      }
      await stop(running.process);
      rmSync(data, { recursive: true, force: true });
    }
    for (const other of others) await stop(other);
    const figure = (values: number[], of: (values: number[]) => number) => (values.length === 0 ? 0 : round(of(values), 1));
    rows.push([
      name,
      `${seconds.length} of ${count}`,
      figure(seconds, median),
      figure(seconds, (all) => Math.max(...all)),
      figure(cpu, median),
    ]);
  }
  return {
    title: "Starts that became ready",
    columns: ["machine", "ready", "s to ready, median", "longest", "CPU s, median"],
    rows,
    notes: [],
  };
}
