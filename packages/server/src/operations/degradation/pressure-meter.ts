/** Measures how pressed this process is, and reports it each second while it is; a process at rest says nothing, and sends nothing. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { PressureReport } from "../../contracts/degradation/degradation-messages.ts";

const REPORT_MS = 1000;
/** Waking up more often costs a process at rest more than everything else that it does. */
const RESOLUTION_MS = 100;
/** Of ten measurements in a second, one may be a single slow task. */
const PERCENTILE = 90;
const NANOSECONDS = 1e6;
/** Less than this is no pressure of any kind, and is told only once. */
const QUIET: PressureReport = { lagMs: 10, commitMs: 50 };

export type PressureMeter = {
  /** A group of actions was stored. */
  readonly committed: (milliseconds: number) => void;
  readonly close: () => void;
};

export function startPressureMeter(report: (of: PressureReport) => void): PressureMeter {
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  let commitMs = 0;
  let wasQuiet = true;
  const timer = setInterval(() => {
    // The histogram has the whole interval between two of its turns, which is at least its resolution.
    const lagMs = lag.count === 0 ? 0 : Math.max(0, lag.percentile(PERCENTILE) / NANOSECONDS - RESOLUTION_MS);
    lag.reset();
    const isQuiet = lagMs < QUIET.lagMs && commitMs < QUIET.commitMs;
    if (!isQuiet || !wasQuiet) report({ lagMs, commitMs });
    wasQuiet = isQuiet;
    commitMs = 0;
  }, REPORT_MS).unref();
  return {
    committed: (milliseconds) => {
      commitMs = Math.max(commitMs, milliseconds);
    },
    close: () => {
      clearInterval(timer);
      lag.disable();
    },
  };
}
