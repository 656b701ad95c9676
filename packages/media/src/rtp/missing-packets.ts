/** Implements the packets that a receiver waits for: when to ask for each (RFC 4585 section 6.2.1), and when to give it up. */

type Missing = { readonly since: number; requestedAt: number | null };

/** Numbers of one NACK. */
const MAX_ASKED = 256;
/** Milliseconds to wait for a packet that may only be late, before any was seen to be. */
const FIRST_REORDERING_MS = 10;
const MAX_REORDERING_MS = 50;
/** How fast what was learned of late packets is forgotten, by packet. */
const FORGETTING = 0.05;
/** Milliseconds between two questions for one packet, at least. */
const MIN_RETRY_MS = 20;

/** Of one stream. It holds no more numbers than its owner adds and does not forget. */
export class MissingPackets {
  private readonly maxWaitMs: number;
  /** By number without wraps, in the order in which they were missed. */
  private readonly packets = new Map<number, Missing>();
  private reorderingMs = FIRST_REORDERING_MS;
  private roundTripMs = 0;

  constructor(maxWaitMs: number) {
    this.maxWaitMs = maxWaitMs;
  }

  add(number: number, now: number): void {
    this.packets.set(number, { since: now, requestedAt: null });
  }

  /** A packet came: whether it had been asked for; null when it was not missed. */
  came(number: number, now: number): boolean | null {
    const missing = this.packets.get(number);
    if (!missing) return null;
    this.packets.delete(number);
    // What comes sooner than an answer can was late, not lost.
    const isLate = missing.requestedAt === null || now - missing.requestedAt < this.roundTripMs / 2;
    const late = Math.min(MAX_REORDERING_MS, now - missing.since);
    if (isLate) this.reorderingMs = Math.max(late, this.reorderingMs + (late - this.reorderingMs) * FORGETTING);
    return missing.requestedAt !== null;
  }

  /** Whether it is no longer waited for. */
  isGivenUp(number: number, now: number): boolean {
    const missing = this.packets.get(number);
    return !missing || now - missing.since >= this.maxWaitMs;
  }

  /** Numbers before this one are no longer waited for. @returns how many were */
  forgetBefore(number: number): number {
    let count = 0;
    for (const known of this.packets.keys()) {
      if (known >= number) continue;
      this.packets.delete(known);
      count++;
    }
    return count;
  }

  clear(): void {
    this.packets.clear();
  }

  /** Those to ask for now, in order. */
  toAsk(now: number, roundTripMs: number): number[] {
    this.roundTripMs = roundTripMs;
    const retryMs = Math.max(MIN_RETRY_MS, roundTripMs * 1.1 + 5);
    const asked: number[] = [];
    for (const [number, missing] of this.packets) {
      const isDue = missing.requestedAt === null ? now - missing.since >= this.reorderingMs : now - missing.requestedAt >= retryMs;
      if (!isDue || now - missing.since >= this.maxWaitMs) continue;
      missing.requestedAt = now;
      asked.push(number);
      if (asked.length === MAX_ASKED) break;
    }
    return asked.sort((a, b) => a - b);
  }

  /** When the one that is missed longest is given up; null when none is missed. */
  get nextDeadline(): number | null {
    for (const { since } of this.packets.values()) return since + this.maxWaitMs;
    return null;
  }
}
