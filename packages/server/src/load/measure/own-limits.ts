/** Watches the process that makes the load: a test whose own loop is late, whose core is full or whose sockets are used up measures itself. */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openFilesLimit } from "../../operations/samples/proc-files.ts";
import type { OwnUse, Second } from "./result.ts";

const RESOLUTION_MS = 10;
/** Beyond these, latencies have more of this process than of the server. */
const LATE_MS = 50;
const FULL_CORES = 0.9;
/** One busy second, as of a collection of garbage, says nothing. */
const MOST_SHARE = 0.05;
const MOST_SOCKETS = 0.9;
/** Codes of the operating system: too many files, no port left, no memory for sockets. */
const USED_UP: readonly string[] = ["EMFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENFILE"];

export class OwnLimits {
  private readonly loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private cpu = process.cpuUsage();
  private at = performance.now();

  start(): void {
    this.loop.enable();
    this.loop.reset();
    this.cpu = process.cpuUsage();
    this.at = performance.now();
  }

  /** Since the last call. */
  take(sockets: number): OwnUse {
    const now = performance.now();
    const used = process.cpuUsage(this.cpu);
    const cores = (used.user + used.system) / 1000 / Math.max(1, now - this.at);
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const own = {
      cores: Math.round(cores * 1000) / 1000,
      lateP99: Math.round(late(this.loop.percentile(99)) * 10) / 10,
      lateMax: Math.round(late(this.loop.max) * 10) / 10,
      sockets,
    };
    this.cpu = process.cpuUsage();
    this.at = now;
    this.loop.reset();
    return own;
  }

  stop(): void {
    this.loop.disable();
  }
}

/** In words; empty: this process was not the bottleneck. @param codes of failures */
export function ownLimitsOf(
  timeline: readonly Pick<Second, "own">[],
  codes: readonly string[],
  maxSockets: number | null,
): string[] {
  const share = (isSo: (own: OwnUse) => boolean) => timeline.filter(({ own }) => isSo(own)).length / Math.max(1, timeline.length);
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const late = share(({ lateP99 }) => lateP99 > LATE_MS);
  const full = share(({ cores }) => cores > FULL_CORES);
  const sockets = Math.max(0, ...timeline.map(({ own }) => own.sockets));
  const usedUp = USED_UP.filter((code) => codes.includes(code));
  return [
    ...(late > MOST_SHARE ? [`its event loop was more than ${LATE_MS} ms late in ${percent(late)} of the seconds`] : []),
    ...(full > MOST_SHARE ? [`it used more than ${FULL_CORES} of a core in ${percent(full)} of the seconds`] : []),
    ...(maxSockets !== null && sockets > maxSockets * MOST_SOCKETS
      ? [`it had ${sockets} sockets, of ${maxSockets} files that it may open (ulimit -n)`]
      : []),
    ...usedUp.map((code) => `the operating system gave it no more sockets (${code})`),
  ];
}

/** Files that this process may open; null: the system does not tell. */
export function maxOpenFiles(): number | null {
  try {
    return openFilesLimit(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return null;
  }
}
