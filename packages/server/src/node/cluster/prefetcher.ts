/** Has an edge fetch popular streams, and streams with a large expected audience, before its first viewer asks for them. */
import { hasRole, type Member } from "../../network/membership.ts";
import { popularStreams } from "../../network/stream-popularity.ts";

type StreamName = { readonly app: string; readonly name: string };

/** A worker keeps a prefetched stream for a minute; the prefetch is repeated before. */
const REPEAT_MS = 30_000;
/** Above this share of its capacity a node prefetches nothing. */
const FULL_SHARE = 0.8;

export type PrefetcherOptions = {
  /** All nodes, this one first. */
  readonly members: () => readonly Member[];
  /** The audience from which a stream is prefetched; 0: no prefetch. */
  readonly minAudience: () => number;
  readonly isLive: (of: StreamName) => boolean;
  readonly fetch: (of: StreamName) => void;
};

export class Prefetcher {
  private readonly options: PrefetcherOptions;
  private readonly fetched = new Map<string, number>();

  constructor(options: PrefetcherOptions) {
    this.options = options;
  }

  /** Called every second. */
  poll(now = performance.now()): void {
    const { members, minAudience, isLive, fetch } = this.options;
    const [self, ...others] = members();
    if (!self || minAudience() === 0 || others.length === 0 || !hasRole(self, "edge") || self.state !== "up") return;
    if (self.usedMbps > self.capacityMbps * FULL_SHARE) return;
    for (const [key, at] of this.fetched) if (now - at > REPEAT_MS) this.fetched.delete(key);
    const reachable = [self, ...others.filter(({ state }) => state !== "gone")];
    const all = popularStreams(
      reachable.map(({ crowds }) => crowds),
      minAudience(),
    );
    for (const of of all) {
      const key = `${of.app}/${of.name}`;
      if (this.fetched.has(key) || !isLive(of)) continue;
      this.fetched.set(key, now);
      fetch(of);
    }
  }
}
