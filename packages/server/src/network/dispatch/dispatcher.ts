/**
 * Chooses the node for each viewer and each publisher, from memory alone.
 *
 * Nodes are ordered by *cost*: what the way from the viewer's place to the node is worth in milliseconds, by carrier, region and how well
 * the node itself is fed. Of the nodes of the least cost that have room, a stream goes to the one that comes first for it by rendezvous
 * hashing (Thaler and Ravishankar, 1998), until that one is so full, then to the next: a stream is on few nodes while few watch, and on many
 * when many do (consistent hashing with bounded loads: Mirrokni, Thorup and Zadimoghaddam, 2018). When all of them are so full, it goes to
 * the emptiest; when none has room, to the next cost. The candidates behind the first one, for when that one fails, are others for each who
 * asks: those who watched at a node that dies are not all to come to one other. No node is given more than it says that it can bear,
 * counted with what was given to it since it has said how busy it is.
 */
import { has, type Member } from "../membership.ts";
import { ANYWHERE, type Place } from "./place.ts";

/** What of a node is looked at. */
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
>;

/** Milliseconds that a way is worse by. */
export type Costs = {
  /** The node has lines of other carriers only. */
  readonly otherCarrier: number;
  readonly otherRegion: number;
  /** Instead of those, between two of them, either way: carriers, or regions. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly cost: number }[];
};

export type DispatchRequest = {
  /** `APP/NAME` */
  readonly stream: string;
  /** What it needs: of a line, and connections, of which HLS has several at a time. */
  readonly mbps: number;
  readonly connections: number;
  readonly place: Place;
  readonly to: "play" | "publish";
};

export type Candidate = {
  readonly node: string;
  readonly http: string;
  readonly rtmp: string;
  readonly region: string;
  readonly carriers: readonly string[];
  /** Of what the node can bear, with this one; 0 to 1. */
  readonly load: number;
  readonly cost: number;
  /** In plain words. */
  readonly reason: string;
};

/** How a node was looked at, for those who ask why. */
export type Explained = {
  readonly node: string;
  readonly cost: number;
  readonly parts: Readonly<Record<"carrier" | "region" | "feed", number>>;
  readonly load: number;
  /** In the order of the stream: the highest comes first. */
  readonly rank: number;
  /** behind: another one comes first, of this cost or of less; role: it is there for something else. */
  readonly verdict: "chosen" | "behind" | "fuller" | "full" | "draining" | "gone" | "unsteady" | "role";
};

/** A stream stays on its first nodes until they are so full. */
export const FILL = 0.7;
/** Nobody is sent to a node that would be fuller than this: others send people there too. */
export const LIMIT = 0.95;
/** Viewers are seen in what a node says of itself after this: it says what it has sent over the last two seconds. */
export const SEEN_AFTER_MS = 3000;
export const BUNDLE_MS = 250;
/**
 * What a node sends is not the same each second: it is held to the most of so long, as far as those to whom it sent that are still there,
 * or each lull would bring it some more viewers.
 */
export const MOST_OVER_MS = 10_000;
/** No node is believed to bear more than so many times what the middle one does. */
const BELIEVED = 10;
/** A node that has come back is steady at once the first time in so long; then after a wait, which doubles. */
const STEADY = { withinMs: 300_000, firstMs: 5000 } as const;
/** What is lost on the best way by which streams come to a node, beyond one per cent, costs so much for each. */
const FEED = { freePercent: 1, cost: 10, most: 100 } as const;
const MOST_CANDIDATES = 3;
/** The last of them is elsewhere, where there is another place: what is lost may be a whole region, or a carrier. */
const MOST_NEAREST = 2;
/** Places are regions and carriers: there are not many. */
const MOST_PLACES = 5000;

type Need = Pick<DispatchRequest, "mbps" | "connections">;
type Given = { readonly at: number; mbps: number; connections: number };

/** A node, with what is counted here. */
class Known {
  node: DispatchNode;
  readonly hash: number;
  feed = 0;
  capacityMbps = 0;
  /** What it says that it bears, and what was given to it since. */
  mbps = 0;
  connections = 0;
  /** When it was lost, lately. */
  losses: number[] = [];
  steadyAt = 0;
  private given: Given[] = [];
  /** What it has said last in each second. */
  private said: { readonly second: number; readonly mbps: number; readonly connections: number }[] = [];

  constructor(node: DispatchNode) {
    this.node = node;
    this.hash = hashOf(node.id);
  }

  /** It says how busy it is. */
  hear(node: DispatchNode, now: number): void {
    this.node = node;
    this.given = this.given.filter(({ at }) => at > now - SEEN_AFTER_MS);
    this.mbps = this.given.reduce((sum, { mbps }) => sum + mbps, this.mostSaid(node, now));
    this.connections = this.given.reduce((sum, { connections }) => sum + connections, node.connections);
    const losses = node.links.flatMap(({ lossPercent }) => (lossPercent === null ? [] : [lossPercent]));
    const best = losses.length > 0 ? Math.min(...losses) : 0;
    this.feed = Math.min(FEED.most, Math.round(Math.max(0, best - FEED.freePercent) * FEED.cost));
  }

  /** Mbps that it sends at most, as it has said lately, with as many connections as it has now. */
  private mostSaid({ usedMbps, connections }: DispatchNode, now: number): number {
    const second = Math.floor(now / 1000);
    const before = this.said.filter((one) => one.second > second - MOST_OVER_MS / 1000 && one.second < second);
    this.said = [...before, { second, mbps: usedMbps, connections }];
    return Math.max(usedMbps, ...before.map((one) => one.mbps * Math.min(1, connections / Math.max(1, one.connections))));
  }

  give(mbps: number, connections: number, now: number): void {
    // In bundles: there may be thousands of them.
    const at = Math.floor(now / BUNDLE_MS) * BUNDLE_MS;
    const newest = this.given.at(-1);
    if (newest?.at === at) {
      newest.mbps += mbps;
      newest.connections += connections;
    } else this.given.push({ at, mbps, connections });
    this.mbps += mbps;
    this.connections += connections;
  }

  /** With one more. */
  loadWith({ mbps, connections }: Need): number {
    return Math.max((this.mbps + mbps) / this.capacityMbps, (this.connections + connections) / this.node.maxConnections);
  }
}

/** Nodes of one cost, for one place. */
type Tier = { readonly cost: number; readonly nodes: readonly Known[] };
/** One that could be taken, of those of its cost. */
type Fit = { readonly known: Known; readonly load: number; readonly rank: number; readonly toss: number; readonly fills: boolean };

export class Dispatcher {
  private readonly costs: () => Costs;
  /** Milliseconds, monotonic. */
  private readonly now: () => number;
  private readonly nodes = new Map<string, Known>();
  /** By place and purpose; made anew when nodes are others, or cost something else. */
  private readonly tiers = new Map<string, Tier[]>();
  private shape = "";
  private asked = 0;
  private dispatchers = 1;

  constructor(costs: () => Costs, now: () => number) {
    this.costs = costs;
    this.now = now;
  }

  /** All nodes, as they are at present. To be called each time that they have said so; those that are left out are forgotten. */
  update(nodes: readonly DispatchNode[]): void {
    const now = this.now();
    const ids = new Set(nodes.map(({ id }) => id));
    for (const id of this.nodes.keys()) if (!ids.has(id)) this.nodes.delete(id);
    for (const node of nodes) {
      const known = this.nodes.get(node.id) ?? new Known(node);
      this.nodes.set(node.id, known);
      if (known.node.state !== "gone" && node.state === "gone") known.losses.push(now);
      if (known.node.state === "gone" && node.state !== "gone") known.steadyAt = steadyAt(known, now);
      known.hear(node, now);
    }
    const most = believable([...this.nodes.values()].map(({ node }) => node.capacityMbps));
    for (const known of this.nodes.values()) known.capacityMbps = Math.min(known.node.capacityMbps, most);
    this.dispatchers = Math.max(1, nodes.filter((node) => has(node, "control") && node.state === "up").length);
    const shape = [...this.nodes.values()].map(({ node, feed }) => shapeOf(node, feed)).join("\n") + JSON.stringify(this.costs());
    if (shape !== this.shape) this.tiers.clear();
    this.shape = shape;
  }

  /** The best nodes, the first of which is counted as taken; none when all are full, or there are none. */
  choose(wish: DispatchRequest): Candidate[] {
    const now = this.now();
    const salt = saltOf(this.asked++);
    const nearest: Candidate[] = [];
    const farther: Candidate[] = [];
    for (const { cost, nodes } of this.tiersFor(wish)) {
      const { best, spares } = fitting(nodes, wish, now, salt);
      if (!best) continue;
      const isNearest = nearest.length === 0;
      const fits = isNearest ? [best, ...spares.filter(({ known }) => known !== best.known)] : spares;
      for (const { known, load } of fits) (isNearest ? nearest : farther).push(candidateOf(known, wish.place, load, cost));
      if (farther.length > 0 && nearest.length + farther.length >= MOST_CANDIDATES) break;
    }
    const [first] = nearest;
    // Other dispatchers send as many people there.
    if (first) this.nodes.get(first.node)?.give(wish.mbps * this.dispatchers, wish.connections * this.dispatchers, now);
    return [...nearest.slice(0, MOST_NEAREST), ...farther, ...nearest.slice(MOST_NEAREST)].slice(0, MOST_CANDIDATES);
  }

  /** Why a choice would be as it is. Nothing is counted. */
  explain(wish: DispatchRequest): Explained[] {
    const [now, costs] = [this.now(), this.costs()];
    const able = new Set(this.tiersFor(wish).flatMap(({ nodes }) => nodes));
    const [chosen] = this.tiersFor(wish).flatMap(({ nodes }) => fitting(nodes, wish, now, 0).best ?? []);
    const looked = [...this.nodes.values()].map((known): Explained => {
      const parts = partsOf(known, wish.place, costs);
      const load = known.loadWith(wish);
      return {
        node: known.node.id,
        cost: parts.carrier + parts.region + parts.feed,
        parts,
        load,
        rank: rankOf(hashOf(wish.stream), known.hash),
        verdict: known === chosen?.known ? "chosen" : this.verdictOn(known, able.has(known), load),
      };
    });
    return looked.sort((a, b) => a.cost - b.cost || b.rank - a.rank);
  }

  private verdictOn({ node, steadyAt: steady }: Known, isAble: boolean, load: number): Explained["verdict"] {
    if (node.state !== "up") return node.state;
    if (!isAble) return "role";
    if (steady > this.now()) return "unsteady";
    return load > LIMIT ? "full" : load > FILL ? "fuller" : "behind";
  }

  private tiersFor({ place, to }: DispatchRequest): Tier[] {
    const key = `${to} ${place.region} ${place.carrier}`;
    const known = this.tiers.get(key);
    if (known) return known;
    const costs = this.costs();
    const up = [...this.nodes.values()].filter(({ node }) => node.state === "up");
    const wanted = up.filter(({ node }) => has(node, to === "play" ? "edge" : "origin"));
    // Any node can serve what it is asked for, though it is not what it is there for.
    const able = wanted.length > 0 ? wanted : up;
    const byCost = Map.groupBy(able, (one) => {
      const { carrier, region, feed } = partsOf(one, place, costs);
      return carrier + region + feed;
    });
    const made = [...byCost].map(([cost, nodes]) => ({ cost, nodes })).sort((a, b) => a.cost - b.cost);
    if (this.tiers.size >= MOST_PLACES) this.tiers.clear();
    this.tiers.set(key, made);
    return made;
  }
}

/** Of one cost: the node that comes first, and those that are named for when it fails, as many as there may be candidates. */
function fitting(
  nodes: readonly Known[],
  wish: DispatchRequest,
  now: number,
  salt: number,
): { readonly best: Fit | null; readonly spares: readonly Fit[] } {
  let best: Fit | null = null;
  const spares: Fit[] = [];
  const streamHash = hashOf(wish.stream);
  for (const known of nodes) {
    const load = known.loadWith(wish);
    if (!(load <= LIMIT) || known.steadyAt > now) continue;
    const rank = rankOf(streamHash, known.hash);
    const fit = { known, load, rank, toss: tossOf(rank, salt), fills: load <= FILL };
    if (!best || isBetter(fit, best)) best = fit;
    let place = spares.length;
    while (place > 0 && isBetterSpare(fit, spares[place - 1] as Fit)) place--;
    if (place >= MOST_CANDIDATES) continue;
    spares.splice(place, 0, fit);
    if (spares.length > MOST_CANDIDATES) spares.pop();
  }
  return { best, spares };
}

function isBetter(a: Fit, b: Fit): boolean {
  if (a.fills !== b.fills) return a.fills;
  if (!a.fills && a.load !== b.load) return a.load < b.load;
  return a.rank === b.rank ? a.known.node.id < b.known.node.id : a.rank > b.rank;
}

function isBetterSpare(a: Fit, b: Fit): boolean {
  return a.fills === b.fills ? a.toss > b.toss : a.fills;
}

function partsOf({ node, feed }: Known, place: Place, costs: Costs): Explained["parts"] {
  return { carrier: carrierCost(node, place, costs), region: regionCost(node, place, costs), feed };
}

/** A node without carriers has lines of all. */
function carrierCost({ carriers }: DispatchNode, { carrier }: Place, costs: Costs): number {
  if (carrier === ANYWHERE || carriers.length === 0 || carriers.includes(carrier)) return 0;
  return Math.min(...carriers.map((other) => pairCost(costs, carrier, other) ?? costs.otherCarrier));
}

function regionCost({ region }: DispatchNode, { region: from }: Place, costs: Costs): number {
  if (from === ANYWHERE || region === from) return 0;
  return pairCost(costs, from, region) ?? costs.otherRegion;
}

function pairCost({ pairs }: Costs, a: string, b: string): number | undefined {
  return pairs.find(({ from, to }) => (from === a && to === b) || (from === b && to === a))?.cost;
}

function candidateOf({ node }: Known, place: Place, load: number, cost: number): Candidate {
  const { id, http, rtmp, region, carriers } = node;
  return { node: id, http, rtmp, region, carriers, load, cost, reason: reasonOf(node, place) };
}

function reasonOf({ carriers, region }: DispatchNode, place: Place): string {
  const carrier =
    place.carrier === ANYWHERE
      ? "your carrier is not known"
      : carriers.length === 0
        ? "it has lines of all carriers"
        : carriers.includes(place.carrier)
          ? `it is on your carrier, ${place.carrier}`
          : `no node of your carrier, ${place.carrier}, is better`;
  const where =
    place.region === ANYWHERE
      ? "your region is not known"
      : region === place.region
        ? `it is in your region, ${region}`
        : `no node in your region, ${place.region}, is better`;
  return `${carrier}; ${where}`;
}

function steadyAt({ losses }: Known, now: number): number {
  const lately = losses.filter((at) => now - at < STEADY.withinMs);
  losses.splice(0, losses.length, ...lately);
  return lately.length < 2 ? 0 : now + STEADY.firstMs * 2 ** Math.min(8, lately.length - 2);
}

function believable(capacities: readonly number[]): number {
  const sorted = [...capacities].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) * BELIEVED;
}

function shapeOf({ id, region, carriers, roles, state }: DispatchNode, feed: number): string {
  return `${id} ${region} ${carriers.join(",")} ${roles.join(",")} ${state} ${feed}`;
}

/** A node's place in the order of a stream; the highest comes first. */
export function rankOf(streamHash: number, nodeHash: number): number {
  return mix(streamHash ^ nodeHash);
}

/** Of those who have asked, each has another. @param asked how many have */
export function saltOf(asked: number): number {
  return mix(asked);
}

/** The order of those that are named for when the first one fails; the highest comes first. */
export function tossOf(rank: number, salt: number): number {
  return mix(rank ^ salt);
}

/** 32 bits: FNV-1a (Fowler, Noll and Vo; RFC 9923). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finalizer of MurmurHash3 (Appleby): each bit of what goes in changes about half of those that come out. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
