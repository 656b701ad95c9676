/**
 * Chooses the node for each viewer and each publisher from state in memory.
 *
 * Nodes are ordered by *cost*: the penalty in milliseconds of the link between client and node, by carrier, region and loss on the node's
 * upstream links. Among the nodes of the lowest cost that have room, rendezvous hashing of the stream (Thaler and Ravishankar, 1998) gives the
 * order: viewers go to the first node until it reaches `FILL`, then to the next. So a small stream is on few nodes and a large one on many
 * (consistent hashing with bounded loads: Mirrokni, Thorup and Zadimoghaddam, 2018). When all of these nodes have reached `FILL`, the viewer
 * goes to the one with the lowest load; when none has room, to the nodes of the next cost.
 *
 * The spare candidates differ for each request, so that the viewers of a node that dies spread over many nodes. No node gets more than its
 * reported capacity, which includes the viewers assigned since its latest report, and those who never showed in a report (`node-usage.ts`).
 */
import { SKEW_MS } from "../clock-offset.ts";
import { hasRole } from "../membership.ts";
import type { ClientLocation } from "./client-location.ts";
import { type CostParts, type Costs, costParts, reasonOf } from "./link-costs.ts";
import { type DispatchNode, type Need, NodeUsage } from "./node-usage.ts";
import { hashOf, rankOf, saltOf, spareRankOf } from "./rendezvous-hash.ts";

/** Bandwidth and connections that it needs; HLS has several connections at a time. */
export type DispatchRequest = Need & {
  /** `APP/NAME` */
  readonly stream: string;
  readonly location: ClientLocation;
  readonly to: "play" | "publish";
};

export type Candidate = {
  readonly node: string;
  readonly http: string;
  readonly rtmp: string;
  readonly region: string;
  readonly carriers: readonly string[];
  /** Load of the node with this client, 0 to 1. */
  readonly load: number;
  readonly cost: number;
  /** In plain words. */
  readonly reason: string;
};

/** Why a node was chosen, or was not. */
export type Explanation = {
  readonly node: string;
  readonly cost: number;
  readonly parts: CostParts;
  readonly load: number;
  /** Order of the node for the stream: the highest comes first. */
  readonly rank: number;
  /** behind: another node comes first, of this cost or of less; role: the node does not have the role; clock: its clock is wrong. */
  readonly verdict: "chosen" | "behind" | "fuller" | "full" | "draining" | "gone" | "clock" | "unsteady" | "role";
};

/** A stream stays on its first nodes up to this load. */
export const FILL = 0.7;
/** A node gets no client beyond this load, since other dispatchers send clients there too. */
export const LIMIT = 0.95;
/** A reported capacity is limited to this many times the median. */
const MAX_TIMES_MEDIAN = 10;
const MAX_CANDIDATES = 3;
/** The last candidate is of a higher cost, where there is one: a whole region or carrier may fail. */
const MAX_NEAREST = 2;
/** A location is a region and a carrier: there are not many. */
const MAX_LOCATIONS = 5000;

/** Nodes of one cost, for one location. */
type Tier = { readonly cost: number; readonly nodes: readonly NodeUsage[] };
/** A node with room, among those of its cost. */
type Fit = {
  readonly usage: NodeUsage;
  readonly load: number;
  readonly rank: number;
  readonly spareRank: number;
  readonly fills: boolean;
};

export class Dispatcher {
  private readonly costs: () => Costs;
  /** Milliseconds, monotonic. */
  private readonly now: () => number;
  private readonly nodes = new Map<string, NodeUsage>();
  /** By location and purpose; cleared when nodes or costs change. */
  private readonly tiers = new Map<string, Tier[]>();
  private shape = "";
  private asked = 0;
  private dispatchers = 1;

  constructor(costs: () => Costs, now: () => number) {
    this.costs = costs;
    this.now = now;
  }

  /** Takes the reports of all nodes. A node that is left out is forgotten. */
  update(nodes: readonly DispatchNode[]): void {
    const now = this.now();
    const ids = new Set(nodes.map(({ id }) => id));
    for (const id of this.nodes.keys()) if (!ids.has(id)) this.nodes.delete(id);
    for (const node of nodes) {
      const usage = this.nodes.get(node.id) ?? new NodeUsage(node);
      this.nodes.set(node.id, usage);
      usage.report(node, now);
    }
    const most = maxBelievableCapacity([...this.nodes.values()].map(({ node }) => node.capacityMbps));
    for (const usage of this.nodes.values()) usage.capacityMbps = Math.min(usage.node.capacityMbps, most);
    const up = [...this.nodes.values()].filter(({ node }) => node.state === "up");
    // Where most nodes hide viewers, clients ask and do not come: nodes are believed then.
    const remembers = up.filter(({ hides }) => hides).length * 2 <= up.length;
    for (const usage of this.nodes.values()) usage.add(remembers);
    this.dispatchers = Math.max(1, nodes.filter((node) => hasRole(node, "control") && node.state === "up").length);
    const shape = [...this.nodes.values()].map(({ node, feed }) => shapeOf(node, feed)).join("\n") + JSON.stringify(this.costs());
    if (shape !== this.shape) this.tiers.clear();
    this.shape = shape;
  }

  /** The best nodes, the first of which is counted as taken; none when all are full. */
  choose(request: DispatchRequest): Candidate[] {
    const now = this.now();
    const salt = saltOf(this.asked++);
    const nearest: Candidate[] = [];
    const farther: Candidate[] = [];
    for (const { cost, nodes } of this.tiersFor(request)) {
      const { best, spares } = fitting(nodes, request, now, salt);
      if (!best) continue;
      const isNearest = nearest.length === 0;
      const fits = isNearest ? [best, ...spares.filter(({ usage }) => usage !== best.usage)] : spares;
      for (const { usage, load } of fits) (isNearest ? nearest : farther).push(candidateOf(usage, request.location, load, cost));
      if (farther.length > 0 && nearest.length + farther.length >= MAX_CANDIDATES) break;
    }
    const [first] = nearest;
    // Other dispatchers send as many clients there.
    if (first) this.nodes.get(first.node)?.give(request, this.dispatchers, now);
    return [...nearest.slice(0, MAX_NEAREST), ...farther, ...nearest.slice(MAX_NEAREST)].slice(0, MAX_CANDIDATES);
  }

  /** Explains the choice for a request. Nothing is counted. */
  explain(request: DispatchRequest): Explanation[] {
    const [now, costs] = [this.now(), this.costs()];
    const able = new Set(this.tiersFor(request).flatMap(({ nodes }) => nodes));
    const [chosen] = this.tiersFor(request).flatMap(({ nodes }) => fitting(nodes, request, now, 0).best ?? []);
    const looked = [...this.nodes.values()].map((usage): Explanation => {
      const parts = costParts(usage.node, usage.feed, request.location, costs);
      const load = usage.loadWith(request);
      return {
        node: usage.node.id,
        cost: parts.carrier + parts.region + parts.feed,
        parts,
        load,
        rank: rankOf(hashOf(request.stream), usage.hash),
        verdict: usage === chosen?.usage ? "chosen" : this.verdictOn(usage, able.has(usage), load),
      };
    });
    return looked.sort((a, b) => a.cost - b.cost || b.rank - a.rank);
  }

  private verdictOn({ node, steadyAt: steady }: NodeUsage, isAble: boolean, load: number): Explanation["verdict"] {
    if (node.state !== "up") return node.state;
    if (isClockWrong(node)) return "clock";
    if (!isAble) return "role";
    if (steady > this.now()) return "unsteady";
    return load > LIMIT ? "full" : load > FILL ? "fuller" : "behind";
  }

  private tiersFor({ location, to }: DispatchRequest): Tier[] {
    const key = `${to} ${location.region} ${location.carrier}`;
    const usage = this.tiers.get(key);
    if (usage) return usage;
    const costs = this.costs();
    const up = [...this.nodes.values()].filter(({ node }) => node.state === "up");
    const right = up.filter(({ node }) => !isClockWrong(node));
    const wanted = right.filter(({ node }) => hasRole(node, to === "play" ? "edge" : "origin"));
    // Any node can serve, whatever its roles.
    const able = wanted.length > 0 ? wanted : right.length > 0 ? right : up;
    const byCost = Map.groupBy(able, (one) => {
      const { carrier, region, feed } = costParts(one.node, one.feed, location, costs);
      return carrier + region + feed;
    });
    const made = [...byCost].map(([cost, nodes]) => ({ cost, nodes })).sort((a, b) => a.cost - b.cost);
    if (this.tiers.size >= MAX_LOCATIONS) this.tiers.clear();
    this.tiers.set(key, made);
    return made;
  }
}

/** Among nodes of one cost: the first choice, and spares for when that fails. */
function fitting(
  nodes: readonly NodeUsage[],
  request: DispatchRequest,
  now: number,
  salt: number,
): { readonly best: Fit | null; readonly spares: readonly Fit[] } {
  let best: Fit | null = null;
  const spares: Fit[] = [];
  const streamHash = hashOf(request.stream);
  for (const usage of nodes) {
    const load = usage.loadWith(request);
    if (!(load <= LIMIT) || usage.steadyAt > now) continue;
    const rank = rankOf(streamHash, usage.hash);
    const fit = { usage, load, rank, spareRank: spareRankOf(rank, salt), fills: load <= FILL };
    if (!best || isBetter(fit, best)) best = fit;
    let index = spares.length;
    while (index > 0 && isBetterSpare(fit, spares[index - 1] ?? fit)) index--;
    if (index >= MAX_CANDIDATES) continue;
    spares.splice(index, 0, fit);
    if (spares.length > MAX_CANDIDATES) spares.pop();
  }
  return { best, spares };
}

function isBetter(a: Fit, b: Fit): boolean {
  if (a.fills !== b.fills) return a.fills;
  if (!a.fills && a.load !== b.load) return a.load < b.load;
  return a.rank === b.rank ? a.usage.node.id < b.usage.node.id : a.rank > b.rank;
}

function isBetterSpare(a: Fit, b: Fit): boolean {
  return a.fills === b.fills ? a.spareRank > b.spareRank : a.fills;
}

function candidateOf({ node }: NodeUsage, location: ClientLocation, load: number, cost: number): Candidate {
  const { id, http, rtmp, region, carriers } = node;
  return { node: id, http, rtmp, region, carriers, load, cost, reason: reasonOf(node, location) };
}

function maxBelievableCapacity(capacities: readonly number[]): number {
  const sorted = [...capacities].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) * MAX_TIMES_MEDIAN;
}

/** Such a node would refuse links, and give streams wrong times, until it has noticed. */
function isClockWrong({ clockErrorMs = 0 }: DispatchNode): boolean {
  return Math.abs(clockErrorMs) > SKEW_MS;
}

function shapeOf(node: DispatchNode, feed: number): string {
  const { id, region, carriers, roles, state } = node;
  return `${id} ${region} ${carriers.join(",")} ${roles.join(",")} ${state} ${isClockWrong(node)} ${feed}`;
}
