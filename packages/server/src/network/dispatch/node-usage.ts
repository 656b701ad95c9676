/**
 * Estimates the load of one node for the dispatcher: the reported load, and the viewers assigned since. A report shows a viewer only after
 * some seconds. Viewers who never show in the reports of a node are remembered: a node that hides much of what was assigned to it, because it
 * reports wrongly or nobody reaches it, counts as if they were there.
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

/** An assigned viewer is expected to stay for this long on average: so many newcomers are explained by those who are there. */
export const STAY_MS = 30_000;
/** After this, 50 % of the viewers who do not show are forgotten. */
export const FORGET_MS = 600_000;
/** A node hides viewers when more than this share of it was assigned and does not show, and more than it reports. */
export const HIDDEN_SHARE = 0.25;

export type Need = { readonly mbps: number; readonly connections: number };
type Allocation = { readonly at: number; mbps: number; connections: number };

export class NodeUsage {
  node: DispatchNode;
  readonly hash: number;
  feed = 0;
  capacityMbps = 0;
  /** The reported usage, and that of the viewers assigned since. */
  mbps = 0;
  connections = 0;
  /** The report alone, and the viewers who were assigned and did not show in any report. */
  private reported = { mbps: 0, connections: 0 };
  private readonly unseen = { mbps: 0, connections: 0 };
  private reportedAt: number | null = null;
  /** Times of its recent losses. */
  private readonly losses: number[] = [];
  steadyAt = 0;
  private given: Allocation[] = [];
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
    this.look(node, now);
    this.node = node;
    this.given = this.given.filter(({ at }) => at > now - SEEN_AFTER_MS);
    this.reported = { mbps: this.peak(node, now), connections: node.connections };
    const losses = node.links.flatMap(({ lossPercent }) => (lossPercent === null ? [] : [lossPercent]));
    const best = losses.length > 0 ? Math.min(...losses) : 0;
    this.feed = Math.min(FEED.most, Math.round(Math.max(0, best - FEED.freePercent) * FEED.cost));
  }

  /** Whether it reports much less than was assigned to it. */
  get hides(): boolean {
    const { unseen, node, capacityMbps } = this;
    const hidden = (of: number, shown: number, room: number) => of > HIDDEN_SHARE * room && of > shown;
    return hidden(unseen.mbps, node.usedMbps, capacityMbps) || hidden(unseen.connections, node.connections, node.maxConnections);
  }

  /** Adds what was assigned to what is reported. To be called after each report. @param remembers counts hidden viewers too */
  add(remembers: boolean): void {
    const { reported, given, unseen } = this;
    const hidden = remembers && this.hides ? unseen : { mbps: 0, connections: 0 };
    const sum = (of: (one: Allocation) => number) => given.reduce((total, one) => total + of(one), 0);
    this.mbps =
      reported.mbps +
      Math.max(
        hidden.mbps,
        sum(({ mbps }) => mbps),
      );
    this.connections =
      reported.connections +
      Math.max(
        hidden.connections,
        sum(({ connections }) => connections),
      );
  }

  /** Finds assigned viewers in a report: they show as growth, or replace others who have left. */
  private look(node: DispatchNode, now: number): void {
    const passed = this.reportedAt === null ? 0 : now - this.reportedAt;
    this.reportedAt = now;
    const { unseen, node: before } = this;
    const left = (of: number, was: number, is: number) =>
      node.state === "gone" ? 0 : Math.max(0, of * 0.5 ** (passed / FORGET_MS) - Math.max(0, is - was) - (is * passed) / STAY_MS);
    unseen.mbps = left(unseen.mbps, before.usedMbps, node.usedMbps);
    unseen.connections = left(unseen.connections, before.connections, node.connections);
  }

  /** Peak of the recent reports, in proportion to the connections that it has now. */
  private peak({ usedMbps, connections }: DispatchNode, now: number): number {
    const second = Math.floor(now / 1000);
    const before = this.reports.filter((one) => one.second > second - PEAK_OVER_MS / 1000 && one.second < second);
    this.reports = [...before, { second, mbps: usedMbps, connections }];
    return Math.max(usedMbps, ...before.map((one) => one.mbps * Math.min(1, connections / Math.max(1, one.connections))));
  }

  /** A client is sent here. @param times by how many dispatchers, of which one is this */
  give(need: Need, times: number, now: number): void {
    const [mbps, connections] = [need.mbps * times, need.connections * times];
    this.unseen.mbps += need.mbps;
    this.unseen.connections += need.connections;
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
