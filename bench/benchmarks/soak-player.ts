/** Measures the browser of the soak test: watches low-latency HLS, and notes each stall with what was before it. */
import type { Page } from "playwright-core";

/** A stall, recorded in the page: the buffer before it, the newest requests, and the lateness of the page's timer. */
export type Stall = {
  readonly atSecond: number;
  readonly currentTime: number;
  readonly buffered: readonly (readonly [number, number])[];
  /** One sample every 100 ms, oldest first: milliseconds since the previous sample, buffered seconds, playback rate. */
  readonly before: readonly (readonly [number, number, number])[];
  /** The newest requests: name, milliseconds before the stall, duration in milliseconds. */
  readonly requests: readonly (readonly [string, number, number])[];
};

/** Runs in the page. */
export function noteStalls(): void {
  const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
  if (!video) return;
  const noted: Stall[] = [];
  (window as unknown as { noted: Stall[] }).noted = noted;
  const ranges = (): [number, number][] =>
    Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)]);
  const before: [number, number, number][] = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    before.push([
      Math.round(now - last),
      Math.round(((ranges().at(-1)?.[1] ?? 0) - video.currentTime) * 1000) / 1000,
      video.playbackRate,
    ]);
    if (before.length > 40) before.shift();
    last = now;
  }, 100);
  setInterval(() => performance.clearResourceTimings(), 30_000);
  video.addEventListener("waiting", () => {
    const now = performance.now();
    const requests = performance.getEntriesByType("resource").slice(-12);
    noted.push({
      atSecond: Math.round(now / 1000),
      currentTime: video.currentTime,
      buffered: ranges(),
      before: [...before],
      requests: requests.map(({ name, startTime, duration }) => [
        name.slice(-24),
        Math.round(now - startTime),
        Math.round(duration),
      ]),
    });
  });
}

/** What the player in the page has seen. */
export function readPlayer(page: Page) {
  return page.evaluate(() => {
    const element = document.querySelector("lectern-player") as unknown as {
      state: string;
      statistics: Record<string, number>;
    } & HTMLElement;
    const { stalls, reconnects } = element.statistics;
    const { noted } = window as unknown as { noted: Stall[] };
    return { state: element.state, stalls, reconnects, time: element.shadowRoot?.querySelector("video")?.currentTime ?? 0, noted };
  });
}
