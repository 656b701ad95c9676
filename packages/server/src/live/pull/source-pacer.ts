/**
 * Gives the frames of a source that comes in pieces of several seconds, such as HLS, one after the other in real time. When a piece comes late
 * the clock is put back, so that the source has gained a reserve afterwards; when too much is waiting it runs a little faster.
 */
import type { Clock } from "../../platform/clock.ts";
import type { SourceMessage } from "../streams/index.ts";

export type PacerOptions = {
  readonly clock: Clock;
  readonly onMessage: (message: SourceMessage) => void;
  /** Frames may be so much ahead of real time without being held, milliseconds. */
  readonly aheadMs: number;
  /** More than this is held only for a moment; null: there is no reason to hurry, as in a recording. */
  readonly hurryAboveMs: number | null;
  /** So much is held at most, milliseconds. */
  readonly fullAtMs: number;
  /** Called with true when so much is held that the source should not be read for now, and with false later. */
  readonly onFull: (isFull: boolean) => void;
};

/** A step of the source's clock that is larger, or goes back further, is a jump, and takes no time. */
const MAX_STEP_MS = 10_000;
const MAX_BACK_MS = 1500;
const FULL_BYTES = 64 * 1024 * 1024;
/** How much faster it may run; nobody hears or sees it. */
const HURRY = 0.03;

type DelayedMessage = { readonly message: SourceMessage; readonly dueAt: number; readonly bytes: number };

export class SourcePacer {
  private readonly options: PacerOptions;
  private held: DelayedMessage[] = [];
  private waitingBytes = 0;
  private latest: number | null = null;
  /** When the newest frame is to be given, in real time. */
  private realAt = 0;
  private cancel: (() => void) | null = null;
  private full = false;
  private whenEmpty: (() => void) | null = null;

  constructor(options: PacerOptions) {
    this.options = options;
  }

  /** The message may be changed afterwards. */
  push(message: SourceMessage): void {
    const now = this.options.clock.monotonic();
    if (message.kind === "frame") this.advance(message.timestamp, now);
    const dueAt = this.realAt - this.options.aheadMs;
    if (this.held.length === 0 && dueAt <= now) {
      this.options.onMessage(message);
      return;
    }
    const bytes = sizeOf(message);
    this.held.push({ message: ownCopy(message), dueAt, bytes });
    this.waitingBytes += bytes;
    this.noteFull(now);
    this.schedule(now);
  }

  /** Calls when everything has been given. */
  drained(call: () => void): void {
    if (this.held.length === 0) call();
    else this.whenEmpty = call;
  }

  /** Forgets what is held. */
  close(): void {
    this.cancel?.();
    this.held = [];
    this.whenEmpty = null;
  }

  private advance(timestamp: number, now: number): void {
    const step = this.latest === null ? 0 : (timestamp - this.latest) | 0;
    this.latest = timestamp;
    if (step <= MAX_STEP_MS && step >= -MAX_BACK_MS) this.realAt += this.isHurrying(now) ? step * (1 - HURRY) : step;
    // It is late, or the first.
    if (this.realAt < now) this.realAt = now;
  }

  private isHurrying(now: number): boolean {
    const { hurryAboveMs } = this.options;
    return hurryAboveMs !== null && this.realAt - now > hurryAboveMs;
  }

  private schedule(now: number): void {
    const [first] = this.held;
    if (!first || this.cancel) return;
    this.cancel = this.options.clock.after(Math.max(0, first.dueAt - now), () => {
      this.cancel = null;
      this.give();
    });
  }

  private give(): void {
    const now = this.options.clock.monotonic();
    let count = 0;
    while ((this.held[count]?.dueAt ?? Number.POSITIVE_INFINITY) <= now) count++;
    const due = this.held.splice(0, count);
    for (const { message, bytes } of due) {
      this.waitingBytes -= bytes;
      this.options.onMessage(message);
    }
    this.noteFull(now);
    this.schedule(now);
    if (this.held.length > 0 || !this.whenEmpty) return;
    const { whenEmpty } = this;
    this.whenEmpty = null;
    whenEmpty();
  }

  private noteFull(now: number): void {
    const milliseconds = this.realAt - this.options.aheadMs - now;
    const share = this.full ? 0.5 : 1;
    const isFull = milliseconds > this.options.fullAtMs * share || this.waitingBytes > FULL_BYTES * share;
    if (isFull === this.full || (isFull && this.held.length === 0)) return;
    this.full = isFull;
    this.options.onFull(isFull);
  }
}

function sizeOf(message: SourceMessage): number {
  if (message.kind === "metadata" || message.kind === "fault") return 0;
  return message.kind === "frame" ? message.payload.length : message.data.length;
}

/** A message with bytes of its own. */
export function ownCopy(message: SourceMessage): SourceMessage {
  if (message.kind === "metadata" || message.kind === "fault") return message;
  if (message.kind === "frame") return { ...message, payload: Uint8Array.from(message.payload) };
  return { ...message, data: Uint8Array.from(message.data) };
}
