/** Keeps a page that is live alive: awake, noticed after a sleep, and not closed by mistake. Each gives what ends it. */
import { serverClock } from "@lectern/player/server-clock";

const TICK_MS = 2000;
/** A timer that is this late was not late by load: the device slept. */
const SLEPT_MS = 10_000;

/** Keeps the screen on, where the browser can; it lets go whenever the page is hidden. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let isOver = false;
  const request = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    const next = await navigator.wakeLock.request("screen").catch(() => null);
    if (isOver) await next?.release();
    else lock = next;
  };
  const onVisible = (): void => void request();
  document.addEventListener("visibilitychange", onVisible);
  void request();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", onVisible);
    void lock?.release();
  };
}

/** The browser asks before it closes the tab. */
export function warnBeforeLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}

/** Runs after the device has slept, and when the page is seen again. */
export function whenAwake(run: () => void): () => void {
  let last = serverClock.elapsed();
  const timer = setInterval(() => {
    const now = serverClock.elapsed();
    if (now - last > SLEPT_MS) run();
    last = now;
  }, TICK_MS);
  const onVisible = (): void => {
    if (document.visibilityState === "visible") run();
  };
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}
