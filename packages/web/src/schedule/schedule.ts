/**
 * Defines what a page does again and again is done at the same moments: at the multiples of each period on the page's own clock. A page that asks for
 * ten things, each in its own time, has something to do in many frames of each second; so it has in a few.
 */

/** Less than this share of the period is no wait: what is done at a moment is over only a little after it. */
const LEAST_SHARE = 0.1;

/** @param now milliseconds, of the page's clock @returns milliseconds until the next moment of this period */
export function untilNext(periodMs: number, now = performance.now()): number {
  const left = periodMs - (now % periodMs);
  return left < periodMs * LEAST_SHARE ? left + periodMs : left;
}

/** @returns ends it */
export function onSchedule(act: () => void, periodMs: number): () => void {
  const next = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      timer = next();
      act();
    }, untilNext(periodMs));
  let timer = next();
  return () => clearTimeout(timer);
}
