/** Who keeps a stream, and whom a node asks for it: pure functions of which nodes there are. */
import { rank } from "../live/relay/registry/stream-table-entry.ts";
import { has, type Member } from "./membership.ts";

/** Of what is sent on a way, lost and sent again, per cent: from here on it is poor, and up to here it is good. */
const LOSS = { poor: 2, good: 1 } as const;
/** A node whose line is as full as this is given nothing more, while there is another. */
const FULL = 0.9;

/**
 * The nodes that keep a stream which is published at `self`: origins, itself if it is one. Those of `before` stay as long as they can.
 * None is an origin: the node itself keeps it.
 */
export function originsFor(
  key: string,
  count: number,
  self: Member,
  others: readonly Member[],
  before: readonly string[],
): string[] {
  const able = [self, ...others].filter((member) => has(member, "origin") && member.state === "up");
  const order = (member: Member) => [
    member.id === self.id ? 0 : 1,
    before.includes(member.id) ? before.indexOf(member.id) : before.length,
    isFull(member) ? 1 : 0,
    ...nearness(self, member),
    rank(key, member.id),
  ];
  const chosen = sorted(able, order).slice(0, count);
  return chosen.length > 0 ? chosen.map(({ id }) => id) : [self.id];
}

/**
 * Whom a node asks for a stream that it does not keep: its parents, then the origins, the nearest first. Where the ways to all origins have
 * shown that they are poor, as they may across a border, a node to which streams come well goes before them.
 */
export function upstreamsOf(key: string, self: Member, others: readonly Member[], origins: readonly string[]): string[] {
  const byId = new Map(others.map((member) => [member.id, member]));
  const parents = self.parents.filter((id) => byId.get(id)?.state !== "gone" && byId.has(id) && !leadsTo(id, self.id, byId));
  const near = sorted(
    origins.flatMap((id) => byId.get(id) ?? []),
    (member) => [isPoorWay(self, member.id) ? 1 : 0, ...nearness(self, member), rank(key, `${self.id} ${member.id}`)],
  );
  const arePoor = near.length > 0 && near.every(({ id }) => isPoorWay(self, id));
  const between = arePoor ? others.filter((member) => feedsWell(member, origins, self) && !leadsTo(member.id, self.id, byId)) : [];
  const [best] = sorted(between, (member) => [...nearness(self, member), rank(key, `${self.id} ${member.id}`)]);
  return [...new Set([...parents, ...(best ? [best.id] : []), ...near.map(({ id }) => id)])];
}

/** What of measured ways `upstreamsOf` depends on: when it is another than before, so may be the upstreams. */
export function measuredWays(self: Member, others: readonly Member[]): string {
  const poor = self.links.filter(({ to }) => isPoorWay(self, to)).map(({ to }) => to);
  if (poor.length === 0) return "";
  const well = others.filter((member) => feedsWell(member, poor, self)).map(({ id }) => id);
  return [...poor.sort(), "", ...well.sort()].join();
}

function isPoorWay({ links }: Member, to: string): boolean {
  return (links.find((link) => link.to === to)?.lossPercent ?? 0) >= LOSS.poor;
}

/** Whether streams come well to a node from those that keep them, so that it could hand them on to another. */
function feedsWell(member: Member, origins: readonly string[], to: Member): boolean {
  if (member.state !== "up" || isFull(member) || origins.includes(member.id) || isPoorWay(to, member.id)) return false;
  // The one that is asked already is not left for a little.
  const isAsked = to.links.some((link) => link.to === member.id && link.mbps > 0);
  const most = isAsked ? LOSS.poor : LOSS.good;
  return member.links.some(
    ({ to: from, mbps, lossPercent }) => origins.includes(from) && mbps > 0 && lossPercent !== null && lossPercent < most,
  );
}

/** Whom a node is likely to ask for streams: its parents, then origins, the nearest first. */
export function likelyUpstreams(self: Member, others: readonly Member[]): string[] {
  const origins = others.filter((member) => has(member, "origin") && member.state === "up").map(({ id }) => id);
  return upstreamsOf("", self, others, origins);
}

/** Whether a stream that is asked of one node would be asked of another by it, over however many. */
function leadsTo(from: string, to: string, nodes: ReadonlyMap<string, Member>): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(nodes.get(id)?.parents ?? []));
  }
  return false;
}

function nearness(a: Member, b: Member): number[] {
  const sameCarrier =
    a.carriers.length === 0 || b.carriers.length === 0 || a.carriers.some((carrier) => b.carriers.includes(carrier));
  return [sameCarrier ? 0 : 1, a.region === b.region ? 0 : 1];
}

function isFull({ usedMbps, capacityMbps }: Member): boolean {
  return usedMbps > capacityMbps * FULL;
}

function sorted(members: readonly Member[], keyOf: (member: Member) => readonly (number | string)[]): Member[] {
  const keyed = members.map((member) => ({ member, key: keyOf(member) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < a.key.length; i++) {
      const [x, y] = [a.key[i] ?? 0, b.key[i] ?? 0];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
  return keyed.map(({ member }) => member);
}
