/**
 * Delivers the answer of another process to a client. The answer is read ahead of the client, within limits, so that a slow client does not hold
 * the place at the process that answers. A client that takes an answer more slowly than a poor mobile network is closed.
 */
import type { IncomingMessage } from "node:http";
import type { Writable } from "node:stream";
import type { ByteBudget } from "../../platform/byte-budget.ts";

export type DeliveryOptions = {
  /** The address that the memory is counted for. */
  readonly owner: string;
  readonly budget: ByteBudget;
  /** Called once the answer needs its place no longer: it has ended, or is too large to be read ahead. May be called twice. */
  readonly onSlotFree: () => void;
  readonly limits?: DeliveryLimits;
};

export type DeliveryLimits = {
  /** Bytes of one answer that are read ahead. */
  readonly aheadBytes: number;
  /** The client may lag for this long… */
  readonly graceMs: number;
  /** …and for the time that the answer takes at this speed. */
  readonly bytesPerSecond: number;
};

const LIMITS: DeliveryLimits = { aheadBytes: 4 * 1024 * 1024, graceMs: 15_000, bytesPerSecond: 16 * 1024 };
/** What every answer may have unsent, without being counted; the budget counts in the same steps. */
const STEP_BYTES = 64 * 1024;

export function deliverAnswer(answer: IncomingMessage, to: Writable, options: DeliveryOptions): void {
  const { owner, budget, onSlotFree, limits = LIMITS } = options;
  let written = 0;
  let held = 0;
  let lagMs = 0;
  let lagSince: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  const lag = (): void => {
    if (lagSince !== null) return;
    lagSince = performance.now();
    const allowed = limits.graceMs + (written / limits.bytesPerSecond) * 1000 - lagMs;
    timer = setTimeout(() => to.destroy(), Math.max(0, allowed));
  };
  const catchUp = (): void => {
    clearTimeout(timer);
    if (lagSince !== null) lagMs += performance.now() - lagSince;
    lagSince = null;
    budget.giveBack(owner, held);
    held = 0;
  };
  const readAhead = (): void => {
    if (to.writableLength <= held + STEP_BYTES) return;
    if (held + STEP_BYTES <= limits.aheadBytes && budget.take(owner, STEP_BYTES)) held += STEP_BYTES;
    else {
      answer.pause();
      lag();
      if (held + STEP_BYTES > limits.aheadBytes) onSlotFree();
    }
  };
  answer.on("data", (piece: Buffer) => {
    if (to.destroyed) return;
    written += piece.length;
    to.write(piece);
    readAhead();
  });
  to.on("drain", () => {
    catchUp();
    answer.resume();
  });
  answer.on("end", () => {
    onSlotFree();
    if (to.destroyed) return;
    to.end();
    if (to.writableLength > 0) lag();
  });
  answer.on("error", () => to.destroy());
  to.on("close", () => {
    catchUp();
    answer.destroy();
    onSlotFree();
  });
}

/** Delivers bytes that are in memory, and closes a client that takes them too slowly, as `deliverAnswer` does. */
export function deliverBytes(bytes: Uint8Array, to: Writable, limits: Omit<DeliveryLimits, "aheadBytes"> = LIMITS): void {
  to.end(bytes);
  if (to.writableFinished) return;
  const timer = setTimeout(() => to.destroy(), limits.graceMs + (bytes.length / limits.bytesPerSecond) * 1000);
  const clear = (): void => clearTimeout(timer);
  to.on("finish", clear);
  to.on("close", clear);
}
