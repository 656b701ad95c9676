/**
 * Passes an upload on as it arrives, while its client makes progress. Time in which the receiver takes nothing more does not count: the client could
 * not have sent anything then.
 */
import type { Readable, Writable } from "node:stream";
import { type Clock, systemClock } from "../../platform/clock.ts";

/** At least this much of an upload arrives… */
const STEP_BYTES = 256 * 1024;
/** …in each span of this length. */
const STEP_MS = 25_000;
/** An upload at the least speed with many megabytes ends here, before Node's own limit of a request, whose answer has no problem document. */
const WITHIN_MS = 14 * 60_000;

/** @param onSlow the client makes no progress; nothing more of it is passed on */
export function streamUpload(from: Readable, to: Writable, onSlow: () => void, clock: Clock = systemClock): void {
  const until = clock.monotonic() + WITHIN_MS;
  let stepBytes = 0;
  let stepLeftMs = STEP_MS;
  let stepSince = 0;
  let stopTimer = (): void => {};

  const settle = (): void => {
    stopTimer();
    from.off("data", pass).off("end", end).off("close", settle);
    to.off("drain", resume).off("close", settle);
    // What still comes of a body that nobody takes is left out.
    from.resume();
  };
  const wait = (): void => {
    stepSince = clock.monotonic();
    stopTimer = clock.after(stepLeftMs, checkProgress);
  };
  const checkProgress = (): void => {
    if (stepBytes < STEP_BYTES || clock.monotonic() >= until) {
      settle();
      return onSlow();
    }
    stepBytes = 0;
    stepLeftMs = STEP_MS;
    wait();
  };
  const pass = (piece: Buffer): void => {
    stepBytes += piece.length;
    if (to.write(piece)) return;
    from.pause();
    stopTimer();
    stepLeftMs -= clock.monotonic() - stepSince;
  };
  const resume = (): void => {
    wait();
    from.resume();
  };
  const end = (): void => {
    settle();
    to.end();
  };
  wait();
  from.on("data", pass).on("end", end).on("close", settle);
  // A client that breaks off emits an error before the close.
  from.on("error", () => {});
  to.on("drain", resume).on("close", settle);
}
