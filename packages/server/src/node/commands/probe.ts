/** Runs `lectern probe URL`: watches one address like a viewer. With `-` it reads a task from its standard input, as nodes with the role probe start it. */
import { text } from "node:stream/consumers";
import {
  DEFAULT_LIMITS,
  DEFAULT_SECONDS,
  MAX_SECONDS,
  type ProbeReport,
  type ProbeTask,
  probeTask,
} from "../../contracts/monitoring/probe-report.ts";
import { MediaFinder, probe } from "../../operations/probe/probe.ts";
import { UsageError } from "./start-refusal.ts";

const ALL_CHECKS = { black: true, frozen: true, silent: true };

/** @returns the exit code: 1 when it fell short */
export async function probeCommand(address: string, seconds: string | undefined, json: boolean): Promise<number> {
  const isOfNode = address === "-";
  const task = isOfNode ? probeTask.parse(JSON.parse(await text(process.stdin))) : taskOf(address, seconds);
  const report = await probe(task);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report));
  // A node takes another exit code as a failure of the program.
  return report.verdict === "short" && !isOfNode ? 1 : 0;
}

function taskOf(address: string, seconds: string | undefined): ProbeTask {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${address}" is no http or https address`);
  if (!MediaFinder.knows(url))
    throw new UsageError("a probe watches addresses that end in .flv or .m3u8, and the pages /class/CODE, /j/CODE and /embed/NAME");
  const count = seconds === undefined ? DEFAULT_SECONDS : Number(seconds);
  if (!(count >= 1 && count <= MAX_SECONDS)) throw new UsageError(`--seconds is a number from 1 to ${MAX_SECONDS}`);
  return { url: url.href, page: null, invitation: null, seconds: count, checks: ALL_CHECKS, limits: DEFAULT_LIMITS };
}

function describe(report: ProbeReport): string {
  const { url, verdict, steps, server, certificateEndsAt: certificate, watchedMs } = report;
  const ms = (value: number | null) => (value === null ? "not known" : `${(value / 1000).toFixed(2)} s`);
  const rows: [string, string][] = [
    ["address", url],
    ...steps.map(({ name, ms: took, status }): [string, string] => [name, `HTTP ${status}, ${took} ms`]),
    ["server", server ?? "none"],
    ...(certificate === null ? [] : ([["certificate ends", new Date(certificate).toISOString()]] as [string, string][])),
    ["watched", `${ms(watchedMs)}, ${report.kbps ?? 0} kbit/s`],
    ["first frame", ms(report.firstFrameMs)],
    ["stalls", `${report.stalls}, ${ms(report.stallMs)}; left out ${ms(report.lostMs)}`],
    ["delay", ms(report.delayMs)],
    ["black", ms(report.blackMs)],
    ["frozen", ms(report.frozenMs)],
    ["silent", ms(report.silentMs)],
    ["probe held", ms(report.lateMs)],
    ...report.faults.map(({ code, detail }): [string, string] => ["FAULT", `${code}: ${detail}`]),
    ["verdict", verdict === "unsure" ? "unsure: this machine was too slow to judge" : verdict],
  ];
  return rows.map(([name, value]) => `${name.padEnd(17)} ${value}\n`).join("");
}
