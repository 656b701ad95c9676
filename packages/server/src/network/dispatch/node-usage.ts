/**
 * Estimates the load of one node for the dispatcher: the reported load, and the viewers assigned since. A report shows a viewer only after
 * some seconds.
 */
import type { Member } from "../membership.ts";
import { hashOf } from "./rendezvous-hash.ts";

/** The part of a node that dispatch needs. */
export type DispatchNode = Pick<
  Member,
  | "id"
  | "region"
  | "carriers"
  | "roles"
  | "state"
  | "http"
  | "rtmp"
  | "capacityMbps"
  | "usedMbps"
  | "maxConnections"
  | "connections"
  | "links"
> &
  Partial<Pick<Member, "clockErrorMs">>;

/** A node's reports show a viewer after this: they are averages over the last two seconds. */
export const SEEN_AFTER_MS = 3000;
export const BUNDLE_MS = 250;
/**
 * A node's bitrate varies from second to second. The dispatcher uses the peak over this time, in proportion to the connections that remain;
 * otherwise each lull would bring the node more viewers.
 */
export const PEAK_OVER_MS = 10_000;
/** A node that returns gets viewers at once the first time within `withinMs`; then after a wait, which doubles. */
const STEADY = { withinMs: 300_000, firstMs: 5000 } as const;
/** The cost of loss on a node's best upstream link: milliseconds for each per cent beyond the free one, up to `most`. */
const FEED = { freePercent: 1, cost: 10, most: 100 } as const;

export type Need = { readonly mbps: number; readonly connections: number };
type Given = { readonly at: number; mbps: number; connections: number };

export class NodeUsage {
  node: DispatchNode;
  readonly hash: number;
  feed = 0;
  capacityMbps = 0;
  /** The reported usage, and that of the viewers assigned since. */
  mbps = 0;
  connections = 0;
  /** Times of its recent losses. */
  private readonly losses: number[] = [];
  steadyAt = 0;
  private given: Given[] = [];
  /** The latest report of each second. */
  private reports: { readonly second: number; readonly mbps: number; readonly connections: number }[] = [];

  constructor(node: DispatchNode) {
    this.node = node;
    this.hash = hashOf(node.id);
  }

  /** Takes a report of the node. */
  report(node: DispatchNode, now: number): void {
    if (this.node.state !== "gone" && node.state === "gone") this.losses.push(now);
    if (this.node.state === "gone" && node.state !== "gone") this.steadyAt = steadyAt(this.losses, now);
    this.node = node;
    this.given = this.given.filter(({ at }) => at > now - SEEN_AFTER_MS);
    this.mbps = this.given.reduce((sum, { mbps }) => sum + mbps, this.peak(node, now));
    this.connections = this.given.reduce((sum, { connections }) => sum + connections, node.connections);
    const losses = node.links.flatMap(({ lossPercent }) => (lossPercent === null ? [] : [lossPercent]));
    const best = losses.length > 0 ? Math.min(...losses) : 0;
    this.feed = Math.min(FEED.most, Math.round(Math.max(0, best - FEED.freePercent) * FEED.cost));
  }

  /** Peak of the recent reports, in proportion to the connections that it has now. */
  private peak({ usedMbps, connections }: DispatchNode, now: number): number {
    const second = Math.floor(now / 1000);
    const before = this.reports.filter((one) => one.second > second - PEAK_OVER_MS / 1000 && one.second < second);
    this.reports = [...before, { second, mbps: usedMbps, connections }];
    return Math.max(usedMbps, ...before.map((one) => one.mbps * Math.min(1, connections / Math.max(1, one.connections))));
  }

  /** A client is sent here. */
  give(mbps: number, connections: number, now: number): void {
    // Bundled: there may be thousands of them.
    const at = Math.floor(now / BUNDLE_MS) * BUNDLE_MS;
    const newest = this.given.at(-1);
    if (newest?.at === at) {
      newest.mbps += mbps;
      newest.connections += connections;
    } else this.given.push({ at, mbps, connections });
    this.mbps += mbps;
    this.connections += connections;
  }

  /** Load with one more client; 1 is full. */
  loadWith({ mbps, connections }: Need): number {
    return Math.max((this.mbps + mbps) / this.capacityMbps, (this.connections + connections) / this.node.maxConnections);
  }
}

/** From when a node that has returned gets viewers. */
function steadyAt(losses: number[], now: number): number {
  const lately = losses.filter((at) => now - at < STEADY.withinMs);
  losses.splice(0, losses.length, ...lately);
  return lately.length < 2 ? 0 : now + STEADY.firstMs * 2 ** Math.min(8, lately.length - 2);
}
