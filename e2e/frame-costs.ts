/** Measures what the frames of a screen cost the main thread of a page, from a trace of Chromium's. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const CATEGORIES = ["disabled-by-default-devtools.timeline", "disabled-by-default-devtools.timeline.frame", "blink.user_timing"];
const MARK = "lectern-page";
/** Of a screen that is refreshed 60 times a second, in microseconds. */
const FRAME_US = 1_000_000 / 60;

/** Of the format that Chromium traces have; microseconds. `tdur`: of the processor. */
type TraceEvent = {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
};

/**
 * Milliseconds of the processor that each frame of the screen took, of those in which the main thread did anything: most have nothing new of a page that leaves the
 * drawing to others. One begins when the page begins to make it, or when the one before it is over.
 */
export type FrameCosts = readonly number[];

/** The processor does everything on a page so many times more slowly. */
export async function throttle(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/** What the frames of a page cost while something is done. */
export async function frameCosts(page: Page, act: () => Promise<void>): Promise<FrameCosts> {
  const browser = page.context().browser();
  assert.ok(browser);
  await browser.startTracing(undefined, { categories: CATEGORIES });
  await page.evaluate((mark) => void performance.mark(mark), MARK);
  await act();
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  return costsOf(traceEvents);
}

function costsOf(events: readonly TraceEvent[]): FrameCosts {
  const mark = events.find((event) => event.name === MARK);
  assert.ok(mark, "the page's main thread");
  const own = events
    .filter(({ pid, tid, ts }) => pid === mark.pid && tid === mark.tid && ts >= mark.ts)
    .sort((a, b) => a.ts - b.ts);
  const begins = own.filter((event) => event.name === "BeginMainThreadFrame").map(({ ts }) => ts);
  const costs: number[] = [];
  let [next, end, frameEnd] = [0, 0, 0];
  for (const { name, ts, dur = 0, tdur = dur } of own) {
    // A task that another one waits for is part of it.
    if (name !== "RunTask" || ts < end) continue;
    end = ts + dur;
    const known = next;
    while ((begins[next] ?? end + 1) <= end) next++;
    const isBegun = next > known;
    if (isBegun || ts >= frameEnd) {
      // Nothing was done in those between.
      frameEnd = isBegun ? ts + FRAME_US : ts + FRAME_US - ((ts - frameEnd) % FRAME_US);
      costs.push(0);
    }
    costs.push((costs.pop() ?? 0) + tdur / 1000);
  }
  // The last one is not over.
  return costs.slice(0, -1);
}

/** @param share of the values that are not above it */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
