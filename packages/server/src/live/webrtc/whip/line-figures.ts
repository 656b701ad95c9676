/** Provides loss on the line of a publisher, over some seconds. */
import type { JitterStatistics } from "@lectern/media";

export type LossAndDelay = {
  /** Packets that did not come at first, of all, 0 to 100; null: not known yet. */
  readonly lossPercent: number | null;
  /** Of these, those that were asked for again and came in time. */
  readonly recoveredPercent: number | null;
  /** There and back, milliseconds; null: not known. */
  readonly rttMs: number | null;
};

type Counts = { readonly received: number; readonly lost: number; readonly recovered: number };

const SECONDS = 10;

export class LineFigures {
  /** Totals, the oldest first. */
  private readonly totals: Counts[] = [];
  private requests = 0;

  /** To be called once a second. */
  reported(tracks: readonly JitterStatistics[]): void {
    const sum = (of: (statistics: JitterStatistics) => number) => tracks.reduce((all, track) => all + of(track), 0);
    this.totals.push({
      received: sum((one) => one.received),
      lost: sum((one) => one.lost),
      recovered: sum((one) => one.recovered),
    });
    if (this.totals.length > SECONDS + 1) this.totals.shift();
  }

  figures(roundTripMs: number | null): LossAndDelay {
    const [first, last] = [this.totals[0], this.totals.at(-1)];
    const rttMs = roundTripMs === null ? null : Math.round(roundTripMs);
    if (!first || !last || last.received <= first.received) return { lossPercent: null, recoveredPercent: null, rttMs };
    const [received, lost, recovered] = [last.received - first.received, last.lost - first.lost, last.recovered - first.recovered];
    const missed = Math.max(0, lost + recovered);
    return {
      lossPercent: Math.round((1000 * missed) / (received + Math.max(0, lost))) / 10,
      recoveredPercent: missed === 0 ? null : Math.round((1000 * recovered) / missed) / 10,
      rttMs,
    };
  }

  /** RFC 5104 section 4.3.1.2: each request for a key frame has the next number. */
  nextRequest(): number {
    this.requests = (this.requests + 1) & 0xff;
    return this.requests;
  }
}
