/**
 * Measures how a live stream arrives. A server sends it in batches, which a fast connection carries in a moment each; on a connection that
 * is too slow bytes arrive all the time, and the media fall behind. All times are milliseconds of one monotonic clock.
 */

export type Arrival = {
  /** Seconds of media for each second of time. */
  readonly pace: number;
  /** The same over some seconds, or as long as it has come; 1 in the beginning. */
  readonly longPace: number;
  /** Just now. Where bytes are steady, this is what the connection carries. */
  readonly kbps: number;
  /** Bytes arrive all the time, not in batches. */
  readonly isSteady: boolean;
  /** Since the last byte. */
  readonly silentMs: number;
  /** Between batches, as a rule. */
  readonly usualGapMs: number;
  /** Kilobits per second at which the connection carries batches, at least, as a rule; null where they are not told apart. */
  readonly batchKbps: number | null;
};

type Chunk = { readonly at: number; readonly bytes: number; readonly mediaMs: number };

const WINDOW_MS = 500;
const LONG_WINDOW_MS = 2000;
/** The speed is that of the last moment: a connection that has just become slow was fast before. */
const SPEED_MS = 200;
/** Bytes in nearly all of these parts of the window make them steady. */
const SLOTS = 5;
const STEADY_SLOTS = 4;
/** Chunks closer than this belong to one batch. */
const BATCH_GAP_MS = 30;
/** How much a new gap counts for the usual one. */
const GAP_WEIGHT = 0.2;
const FIRST_GAP_MS = 200;
/** What a server sends at once when a viewer joins; smaller measurements say little. */
const MIN_BURST_BYTES = 16_000;
/** A page that is busy hears of several pieces at once. */
const MIN_BURST_MS = 30;
const MAX_BURST_MS = 1000;
/** Two seconds of them. A batch that took longer, or came later, is none of the server's: the connection is full, or has lost something. */
const BATCHES = { count: 10, mostMs: 400, latestMs: 280 } as const;

export class Arrivals {
  /** Kilobits per second at which the first burst came; null while it was too small to tell. */
  burstKbps: number | null = null;
  private chunks: readonly Chunk[] = [];
  private readonly openedAt: number;
  private burstBytes = 0;
  private isBurst = true;
  private lastAt: number;
  private newestMs: number | null = null;
  private usualGapMs = FIRST_GAP_MS;
  private batch = { from: 0, bytes: 0 };
  /** Of the latest batches, kilobits per second. */
  private batches: readonly number[] = [];

  /** @param openedAt when the server began to answer */
  constructor(openedAt: number) {
    this.openedAt = openedAt;
    this.lastAt = openedAt;
  }

  /** Time of the newest frame, milliseconds of the stream's clock; null before the first. */
  get newest(): number | null {
    return this.newestMs;
  }

  /** @param mediaMs time of the newest frame among the bytes, milliseconds of the stream's clock; null when they complete none */
  add(now: number, bytes: number, mediaMs: number | null): void {
    const gap = now - this.lastAt;
    if (gap > BATCH_GAP_MS && this.newestMs !== null) this.usualGapMs += (gap - this.usualGapMs) * GAP_WEIGHT;
    this.measureBatch(now, bytes, gap);
    this.lastAt = now;
    if (mediaMs !== null) this.newestMs = Math.max(this.newestMs ?? mediaMs, mediaMs);
    this.chunks = [
      ...this.chunks.filter(({ at }) => now - at <= LONG_WINDOW_MS + WINDOW_MS),
      { at: now, bytes, mediaMs: this.newestMs ?? 0 },
    ];
    this.measureBurst(now, bytes, gap);
  }

  measure(now: number): Arrival {
    const recent = this.chunks.filter(({ at }) => now - at <= WINDOW_MS);
    const newest = recent.filter(({ at }) => now - at <= SPEED_MS);
    const before = this.chunks.findLast(({ at }) => now - at > WINDOW_MS) ?? recent[0];
    const media = (recent.at(-1)?.mediaMs ?? 0) - (before?.mediaMs ?? 0);
    const slots = new Set(recent.map(({ at }) => Math.min(SLOTS - 1, Math.floor(((now - at) * SLOTS) / WINDOW_MS))));
    return {
      pace: recent.length === 0 ? 0 : media / WINDOW_MS,
      longPace: this.longPace(now),
      kbps: (newest.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / SPEED_MS,
      isSteady: slots.size >= STEADY_SLOTS,
      silentMs: now - this.lastAt,
      usualGapMs: this.usualGapMs,
      batchKbps: this.batches.length < BATCHES.count ? null : (this.batches.toSorted((a, b) => a - b)[BATCHES.count / 2] ?? null),
    };
  }

  private measureBatch(now: number, bytes: number, gap: number): void {
    const { from, bytes: before } = this.batch;
    const isNew = gap > BATCH_GAP_MS;
    if (isNew && before > 0)
      this.batches = [...this.batches, (before * 8) / Math.max(MIN_BURST_MS, this.lastAt - from)].slice(-BATCHES.count);
    this.batch = isNew ? { from: now, bytes } : { from, bytes: before + bytes };
    if (gap > BATCHES.latestMs || now - this.batch.from > BATCHES.mostMs) this.batches = [];
  }

  private longPace(now: number): number {
    const from = this.chunks.findLast(({ at }) => now - at > LONG_WINDOW_MS);
    return from ? Math.max(0, (this.chunks.at(-1)?.mediaMs ?? 0) - from.mediaMs) / (now - from.at) : 1;
  }

  /** The first bytes come as fast as the connection allows; those after a gap as they are made. */
  private measureBurst(now: number, bytes: number, gap: number): void {
    this.isBurst &&= this.burstBytes === 0 || (gap <= BATCH_GAP_MS && now - this.openedAt <= MAX_BURST_MS);
    if (!this.isBurst) return;
    this.burstBytes += bytes;
    if (this.burstBytes >= MIN_BURST_BYTES) this.burstKbps = (this.burstBytes * 8) / Math.max(MIN_BURST_MS, now - this.openedAt);
  }
}
