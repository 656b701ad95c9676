/** Implements a rate that grows while the way is free and falls when its queue grows or packets are lost: draft-ietf-rmcat-gcc-02 sections 5.5 and 6. */
import type { DelaySignal } from "./delay-trend.ts";

export type RateLimits = {
  /** Bits per second. */
  readonly start: number;
  readonly least: number;
  readonly most: number;
};

const GROWTH_PER_S = 1.08;
const DELAY_BACKOFF = 0.85;
/** Of what arrives: the rate grows no further while less is sent than it allows. */
const MAX_OVER_ARRIVING = 1.5;
const HEADROOM = 10_000;
/** Bits of a packet: what is added in a round trip near to the known capacity. */
const PACKET_BITS = 9600;
const LOSS = { low: 0.02, high: 0.1 } as const;
/** Milliseconds besides a round trip in which one answer to loss is seen to work. */
const LOSS_PAUSE_MS = 300;
const DEFAULT_ROUND_TRIP_MS = 100;

/** A rate within limits; `update` it with each news of the way. */
export class RateControl {
  private readonly limits: RateLimits;
  /** What delay allows, and what loss allows: the smaller counts. */
  private byDelay: number;
  private byLoss: number;
  private changedAt: number | null = null;
  private lossAt = Number.NEGATIVE_INFINITY;
  private decreasedAt = Number.NEGATIVE_INFINITY;
  /** What arrived when the queue last grew; null when it is not known. */
  private capacity: number | null = null;

  constructor(limits: RateLimits) {
    this.limits = limits;
    this.byDelay = limits.start;
    this.byLoss = limits.start;
  }

  get bitsPerSecond(): number {
    return Math.min(this.byDelay, this.byLoss);
  }

  /**
   * News of the way.
   * @param arriving bits per second that arrive; null where not known
   * @param loss part of the packets: 0 to 1; null where there is no news
   */
  update(signal: DelaySignal, arriving: number | null, loss: number | null, roundTripMs: number | null, now: number): void {
    const passed = Math.min(1000, Math.max(0, now - (this.changedAt ?? now)));
    this.changedAt = now;
    const roundTrip = roundTripMs ?? DEFAULT_ROUND_TRIP_MS;
    const ceiling = arriving === null ? Number.POSITIVE_INFINITY : arriving * MAX_OVER_ARRIVING + HEADROOM;
    if (signal === "over") this.decrease(arriving, roundTrip, now);
    else if (signal === "normal") this.byDelay = this.grown(this.byDelay, passed, roundTrip, arriving, ceiling);
    if (loss !== null) this.heedLoss(loss, roundTrip, now);
    if (loss === null || loss < LOSS.low) this.byLoss = this.grown(this.byLoss, passed, roundTrip, null, ceiling);
    this.byDelay = this.limited(this.byDelay);
    this.byLoss = this.limited(this.byLoss);
  }

  private decrease(arriving: number | null, roundTrip: number, now: number): void {
    if (now - this.decreasedAt < roundTrip + LOSS_PAUSE_MS / 3) return;
    this.decreasedAt = now;
    this.capacity = arriving;
    this.byDelay = Math.min(this.byDelay, DELAY_BACKOFF * (arriving ?? this.byDelay));
  }

  private grown(rate: number, passed: number, roundTrip: number, arriving: number | null, ceiling: number): number {
    // More than was ever carried: what was known of the way is out of date.
    if (arriving !== null && this.capacity !== null && arriving > this.capacity * 1.2) this.capacity = null;
    const isNear = arriving !== null && this.capacity !== null && rate > this.capacity * 0.8;
    const more = isNear
      ? (PACKET_BITS * passed) / (roundTrip + DEFAULT_ROUND_TRIP_MS)
      : rate * (GROWTH_PER_S ** (passed / 1000) - 1);
    return Math.max(rate, Math.min(rate + Math.max(more, passed), ceiling));
  }

  private heedLoss(loss: number, roundTrip: number, now: number): void {
    if (loss <= LOSS.high || now - this.lossAt < roundTrip + LOSS_PAUSE_MS) return;
    this.lossAt = now;
    this.byLoss = Math.min(this.byLoss, this.bitsPerSecond) * (1 - 0.5 * loss);
  }

  private limited(rate: number): number {
    return Math.max(this.limits.least, Math.min(this.limits.most, rate));
  }
}
