/** Measures the paths by which streams come to this process from other nodes. */

import type { HopSample } from "../../contracts/monitoring/node-sample.ts";
import { nodeOf } from "../../live/relay/registry/stream-table-entry.ts";
import type { PathReport } from "../../live/relay/transport/upstream.ts";

export class RelayLatencyMeter {
  private readonly self: string;
  private known = new Map<string, { readonly bytes: number; readonly at: number }>();

  /** @param self this node: what comes from its other processes is no hop */
  constructor(self: string) {
    this.self = self;
  }

  take(paths: readonly PathReport[]): HopSample[] {
    const before = this.known;
    this.known = new Map();
    return paths.flatMap(({ stream, peer, bytes, ageMs, lossPercent, rttMs }) => {
      const from = nodeOf(peer);
      if (from === this.self) return [];
      const key = `${stream} ${peer}`;
      const at = performance.now();
      this.known.set(key, { bytes, at });
      const earlier = before.get(key);
      // A connection that began again counts its bytes from 0.
      const kbps = earlier && bytes >= earlier.bytes ? ((bytes - earlier.bytes) * 8) / Math.max(1, at - earlier.at) : 0;
      return [{ stream, from, ageMs: ageMs === null ? null : Math.round(ageMs), lossPercent, rttMs, kbps: Math.round(kbps) }];
    });
  }
}

/** One hop for each stream and node: paths of several processes are added up, and the freshest counts. */
export function mergeHops(hops: readonly HopSample[]): HopSample[] {
  const groups = Map.groupBy(hops, ({ stream, from }) => `${from} ${stream}`);
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group.toSorted((a, b) => (a.ageMs ?? Infinity) - (b.ageMs ?? Infinity));
    return first ? [{ ...first, kbps: others.reduce((sum, { kbps }) => sum + kbps, first.kbps) }] : [];
  });
}
