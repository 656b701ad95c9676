/** Counts the reactions of the last minute, in one bucket for each second. */
import type { Reaction } from "@lectern/room";

export type ReactionCounts = Readonly<Partial<Record<Reaction, number>>>;

const WINDOW_SECONDS = 60;

export class ReactionMeter {
  private buckets: { readonly second: number; readonly counts: Map<Reaction, number> }[] = [];

  /** @param now milliseconds */
  add(reaction: Reaction, now: number): void {
    const second = Math.floor(now / 1000);
    let last = this.buckets.at(-1);
    if (!last || last.second < second) {
      last = { second, counts: new Map() };
      this.buckets.push(last);
    }
    last.counts.set(reaction, (last.counts.get(reaction) ?? 0) + 1);
  }

  /** Reactions that nobody has sent are missing. */
  counts(now: number): ReactionCounts {
    const first = Math.floor(now / 1000) - WINDOW_SECONDS;
    this.buckets = this.buckets.filter(({ second }) => second > first);
    const counts: Partial<Record<Reaction, number>> = {};
    for (const bucket of this.buckets)
      for (const [reaction, count] of bucket.counts) counts[reaction] = (counts[reaction] ?? 0) + count;
    return counts;
  }
}
