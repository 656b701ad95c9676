/** Defines what an SRT publisher's line has done in the last seconds, from the totals of its connection. */
import type { LineReport } from "../streams/index.ts";
import type { SrtFigures } from "./connection.ts";

const SECONDS = 10;
const EVERY_MS = 1000;
const NOTHING: LineReport = { lossPercent: null, rttMs: null };

export class SrtSocket {
  /** Totals, the oldest first. */
  private readonly totals: SrtFigures[] = [];
  private lookedAt = Number.NEGATIVE_INFINITY;

  /** To be called often. */
  look(figuresNow: () => SrtFigures | null, now: number): void {
    if (now - this.lookedAt < EVERY_MS) return;
    const figures = figuresNow();
    if (!figures) return;
    this.lookedAt = now;
    this.totals.push(figures);
    if (this.totals.length > SECONDS + 1) this.totals.shift();
  }

  get report(): LineReport {
    const [first, last] = [this.totals[0], this.totals.at(-1)];
    if (!first || !last) return NOTHING;
    const rttMs = last.rttMs === null ? null : Math.round(last.rttMs);
    const { latencyMs } = last;
    const dropped = last.dropped - first.dropped;
    const all = last.received - first.received + dropped;
    if (all <= 0) return { ...NOTHING, rttMs, latencyMs };
    const share = (packets: number) => Math.round((1000 * Math.min(packets, all)) / all) / 10;
    return {
      lossPercent: share(last.lost - first.lost),
      retransmittedPercent: share(last.retransmitted - first.retransmitted),
      unrecoveredPercent: share(dropped),
      rttMs,
      latencyMs,
    };
  }
}
