/**
 * Limits how much of one publisher is read: a client that floods is slowed by TCP, since its socket is not read while its budget is used up.
 * Nothing waits in memory but what one read of the socket has brought.
 */
import { type Rate, refill, type TokenBucket } from "../../platform/rate-limit.ts";

/** 40 Mbps: four times what browsers send for the largest picture. A burst has room for what a network held back. */
const BYTES: Rate = { perSecond: 5_000_000, burst: 10_000_000 };
/** A picture of 60 frames a second and sound in packets of 10 ms are 160. Pings count too. */
const MESSAGES: Rate = { perSecond: 400, burst: 2000 };

export class ReadingBudget {
  private readonly bytes: TokenBucket;
  private readonly messages: TokenBucket;

  /** @param now monotonic milliseconds */
  constructor(now: number) {
    this.bytes = { tokens: BYTES.burst, refilledAt: now };
    this.messages = { tokens: MESSAGES.burst, refilledAt: now };
  }

  /** A message has been read. Gives for how long nothing may be read, milliseconds; 0: go on. @param now monotonic milliseconds */
  spend(bytes: number, now: number): number {
    refill(this.bytes, BYTES, now);
    refill(this.messages, MESSAGES, now);
    this.bytes.tokens -= bytes;
    this.messages.tokens--;
    return Math.ceil(Math.max(debtMs(this.bytes, BYTES), debtMs(this.messages, MESSAGES), 0));
  }
}

function debtMs({ tokens }: TokenBucket, { perSecond }: Rate): number {
  return (-tokens / perSecond) * 1000;
}
