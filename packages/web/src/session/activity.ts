/** Tells the server whether the person uses the page. What a page asks by itself does not keep a session alive. */
import { serverClock } from "@lectern/player/server-clock";

/** A page counts as used for this long after the last touch or key. */
const ACTIVE_MS = 60_000;
/** A pen makes a hundred events a second, of which each would be heard. */
const LISTEN_EACH_MS = 5000;
const EVENTS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

let usedAt = serverClock.elapsed();
let isWatching = (): boolean => false;

if (typeof addEventListener === "function") for (const event of EVENTS) listen(event);

function listen(event: (typeof EVENTS)[number]): void {
  const note = (): void => {
    noteUse();
    setTimeout(() => listen(event), LISTEN_EACH_MS);
  };
  addEventListener(event, note, { capture: true, passive: true, once: true });
}

/** Notes that the person uses the page. @param now milliseconds of a clock that goes on while the device sleeps */
export function noteUse(now = serverClock.elapsed()): void {
  usedAt = now;
}

/** Counts the page as used without touches, such as during a lesson. */
export function countAsUsedWhile(condition: () => boolean): void {
  isWatching = condition;
}

/** @param now milliseconds of a clock that goes on while the device sleeps */
export function isPageUsed(now = serverClock.elapsed()): boolean {
  return now - usedAt < ACTIVE_MS || isWatching();
}
