/**
 * Decides whether the queue on the way grows: the trend of one-way delay, by the least squares line through the last groups of packets, with a
 * threshold that adapts. After draft-ietf-rmcat-gcc-02 section 5, with the trendline that browsers have in place of its Kalman filter.
 */

export type DelaySignal = "normal" | "over" | "under";

/** Packets sent within this are one burst: section 5.2. */
const BURST_MS = 5;
const POINTS = 20;
const SMOOTHING = 0.9;
const TREND_GAIN = 4;
const MAX_DELTAS = 60;
/** Section 5.4: the threshold and how fast it follows. */
const THRESHOLD = { start: 12.5, least: 6, most: 600, up: 0.0087, down: 0.039 } as const;
/** It does not follow jumps. */
const MAX_OUTLIER = 15;
const OVERUSE_MS = 10;
/** Packets further apart tell nothing of the queue. */
const MAX_GAP_MS = 3000;

type Group = { firstSent: number; lastSent: number; lastArrived: number };

/** Fed with when packets were sent and came, it says whether their delay grows. */
export class DelayTrend {
  private group: Group | null = null;
  private before: Group | null = null;
  private readonly points: { readonly at: number; readonly delay: number }[] = [];
  private firstArrival = 0;
  private total = 0;
  private smoothed = 0;
  private deltas = 0;
  private threshold: number = THRESHOLD.start;
  private thresholdAt: number | null = null;
  private overSince: number | null = null;
  private lastTrend = 0;
  private state: DelaySignal = "normal";

  get signal(): DelaySignal {
    return this.state;
  }

  /** A packet came. In the order of arrival. @param sentMs by the sender's clock. @param arrivedMs by the receiver's */
  add(sentMs: number, arrivedMs: number): void {
    const { group } = this;
    if (!group) {
      this.group = { firstSent: sentMs, lastSent: sentMs, lastArrived: arrivedMs };
      return;
    }
    if (sentMs < group.firstSent) return;
    if (Math.abs(sentMs - group.lastSent) > MAX_GAP_MS || Math.abs(arrivedMs - group.lastArrived) > MAX_GAP_MS) {
      this.reset();
      this.group = { firstSent: sentMs, lastSent: sentMs, lastArrived: arrivedMs };
      return;
    }
    if (sentMs - group.firstSent <= BURST_MS) {
      group.lastSent = Math.max(group.lastSent, sentMs);
      group.lastArrived = Math.max(group.lastArrived, arrivedMs);
      return;
    }
    if (this.before) this.compare(this.before, group);
    this.before = group;
    this.group = { firstSent: sentMs, lastSent: sentMs, lastArrived: arrivedMs };
  }

  private reset(): void {
    this.group = null;
    this.before = null;
    this.points.length = 0;
    this.total = 0;
    this.smoothed = 0;
    this.deltas = 0;
    this.overSince = null;
    this.state = "normal";
  }

  private compare(before: Group, group: Group): void {
    const sent = group.lastSent - before.lastSent;
    const arrived = group.lastArrived - before.lastArrived;
    if (this.deltas === 0) this.firstArrival = group.lastArrived;
    this.deltas = Math.min(MAX_DELTAS, this.deltas + 1);
    this.total += arrived - sent;
    this.smoothed = SMOOTHING * this.smoothed + (1 - SMOOTHING) * this.total;
    this.points.push({ at: group.lastArrived - this.firstArrival, delay: this.smoothed });
    if (this.points.length > POINTS) this.points.shift();
    const trend = this.points.length === POINTS ? slope(this.points) : 0;
    this.judge(trend, sent, group.lastArrived);
  }

  /** Section 5.3 and 5.4. */
  private judge(trend: number, sentMs: number, now: number): void {
    const size = this.deltas * trend * TREND_GAIN;
    if (size > this.threshold) {
      this.overSince ??= now - sentMs / 2;
      if (now - this.overSince > OVERUSE_MS && trend >= this.lastTrend) this.state = "over";
    } else {
      this.overSince = null;
      this.state = size < -this.threshold ? "under" : "normal";
    }
    this.lastTrend = trend;
    this.adapt(size, now);
  }

  private adapt(size: number, now: number): void {
    const passed = Math.min(100, now - (this.thresholdAt ?? now));
    this.thresholdAt = now;
    const distance = Math.abs(size) - this.threshold;
    if (distance > MAX_OUTLIER) return;
    const gain = distance < 0 ? THRESHOLD.down : THRESHOLD.up;
    this.threshold = Math.max(THRESHOLD.least, Math.min(THRESHOLD.most, this.threshold + gain * distance * Math.max(0, passed)));
  }
}

/** Of the least squares line. */
function slope(points: readonly { readonly at: number; readonly delay: number }[]): number {
  const meanAt = points.reduce((sum, { at }) => sum + at, 0) / points.length;
  const meanDelay = points.reduce((sum, { delay }) => sum + delay, 0) / points.length;
  let over = 0;
  let under = 0;
  for (const { at, delay } of points) {
    over += (at - meanAt) * (delay - meanDelay);
    under += (at - meanAt) ** 2;
  }
  return under === 0 ? 0 : over / under;
}
