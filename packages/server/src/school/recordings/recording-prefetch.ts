/**
 * Which recordings are about to be watched: their beginnings are fetched before they are asked for. That is so when somebody looks at a list
 * of a lesson's recordings, and when one is published.
 */
import type { Recording } from "../store/tables.ts";

/** What was fetched so lately is still there. */
const AGAIN_MS = 10 * 60_000;
/** Of a list, these are watched first. */
const FIRST = 2;
const MOST = 10_000;

export class RecordingPrefetch {
  private readonly prefetch: (id: string) => Promise<unknown>;
  private readonly fetched = new Map<string, number>();

  constructor(prefetch: (id: string) => Promise<unknown>) {
    this.prefetch = prefetch;
  }

  /** They are shown to somebody who may watch them. */
  request(recordings: readonly Pick<Recording, "id" | "whole">[]): void {
    const now = performance.now();
    for (const { id } of recordings.filter(({ whole }) => whole).slice(0, FIRST)) {
      const before = this.fetched.get(id);
      if (before !== undefined && now - before < AGAIN_MS) continue;
      if (this.fetched.size >= MOST) this.fetched.clear();
      this.fetched.set(id, now);
      // Whoever watches will find out what is wrong.
      this.prefetch(id).catch(() => this.fetched.delete(id));
    }
  }
}
