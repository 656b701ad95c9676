/**
 * Prefetches the beginning of recordings that are about to be watched: those shown in a lesson's list, and a newly published one.
 */
import type { Recording } from "../../foundation/store/tables.ts";

/** A recording prefetched within this time is still cached. */
const REPEAT_AFTER_MS = 10 * 60_000;
/** Viewers usually start with the first recordings of a list. */
const MAX_PER_REQUEST = 2;
const MAX_REMEMBERED = 10_000;

export class RecordingPrefetch {
  private readonly prefetch: (id: string) => Promise<unknown>;
  private readonly now: () => number;
  private readonly fetchedAt = new Map<string, number>();

  /** @param now milliseconds of a monotonic clock */
  constructor(prefetch: (id: string) => Promise<unknown>, now: () => number = () => performance.now()) {
    this.prefetch = prefetch;
    this.now = now;
  }

  /** Prefetches the first finished recordings of a list that is shown to a viewer. */
  request(recordings: readonly Pick<Recording, "id" | "whole">[]): void {
    const now = this.now();
    for (const { id } of recordings.filter(({ whole }) => whole).slice(0, MAX_PER_REQUEST)) {
      const before = this.fetchedAt.get(id);
      if (before !== undefined && now - before < REPEAT_AFTER_MS) continue;
      if (this.fetchedAt.size >= MAX_REMEMBERED) this.fetchedAt.clear();
      this.fetchedAt.set(id, now);
      // Playback itself reports what is wrong; a failed prefetch is only repeated earlier.
      this.prefetch(id).catch(() => this.fetchedAt.delete(id));
    }
  }
}
