/** Measures how long this process's event loop was held at most. The timer is libuv's own: a process at rest runs no JavaScript for it. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** A hold may seem shorter by this. Waking up more often costs a process at rest more than everything else that it does. */
const RESOLUTION_MS = 100;

export type EventLoopDelay = {
  /** The longest hold since it was last asked, milliseconds. */
  readonly take: () => number;
  readonly close: () => void;
};

export function watchEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let first: NodeJS.Timeout | undefined;
  let firstMs = 0;
  // The histogram begins with its next timer: a hold until then is measured by a timer of our own.
  const begin = (): void => {
    const at = performance.now();
    firstMs = 0;
    clearTimeout(first);
    first = setTimeout(() => {
      firstMs = performance.now() - at - RESOLUTION_MS;
    }, RESOLUTION_MS).unref();
  };
  begin();
  return {
    take: () => {
      // It has the time from each turn of its timer to the next one.
      const laterMs = histogram.count === 0 ? 0 : histogram.max / 1e6 - RESOLUTION_MS;
      const longestMs = Math.max(0, firstMs, laterMs);
      histogram.reset();
      begin();
      return Math.round(longestMs);
    },
    close: () => {
      clearTimeout(first);
      histogram.disable();
    },
  };
}
