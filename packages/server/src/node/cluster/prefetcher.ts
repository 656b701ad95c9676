/** Has an edge fetch what many watch elsewhere, or are about to watch, before somebody asks for it there. */

import { has, type Member } from "../../network/membership.ts";
import { popularStreams } from "../../network/stream-popularity.ts";
import type { StreamName } from "../ipc/messages.ts";

/** A worker keeps for a minute what it was to fetch; by then it is said again. */
const AGAIN_MS = 30_000;
/** A node whose line is so full fetches only what it is asked for. */
const FULL = 0.8;

export type PrefetcherOptions = {
  /** All nodes, this one first. */
  readonly members: () => readonly Member[];
  /** People whom a stream needs for that; 0: none is fetched so. */
  readonly enough: () => number;
  /** Whether it is live. */
  readonly isLive: (of: StreamName) => boolean;
  readonly fetch: (of: StreamName) => void;
};

export class Prefetcher {
  private readonly options: PrefetcherOptions;
  private readonly fetched = new Map<string, number>();

  constructor(options: PrefetcherOptions) {
    this.options = options;
  }

  /** To be called every second. */
  look(now = performance.now()): void {
    const { members, enough, isLive, fetch } = this.options;
    const [self, ...others] = members();
    if (!self || enough() === 0 || others.length === 0 || !has(self, "edge") || self.state !== "up") return;
    if (self.usedMbps > self.capacityMbps * FULL) return;
    for (const [key, at] of this.fetched) if (now - at > AGAIN_MS) this.fetched.delete(key);
    const there = [self, ...others.filter(({ state }) => state !== "gone")];
    const all = popularStreams(
      there.map(({ crowds }) => crowds),
      enough(),
    );
    for (const of of all) {
      const key = `${of.app}/${of.name}`;
      if (this.fetched.has(key) || !isLive(of)) continue;
      this.fetched.set(key, now);
      fetch(of);
    }
  }
}
