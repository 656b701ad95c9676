/** Chooses the origins of a stream and the upstreams of a node: pure functions of the nodes' states. */
import { rank } from "../live/relay/registry/stream-table-entry.ts";
import { hasRole, type Member } from "./membership.ts";

/** Packet loss of a link in per cent: poor from `poor` on, good up to `good`. */
const LOSS = { poor: 2, good: 1 } as const;
/** A node with a higher load gets no more streams while there is another. */
const FULL = 0.9;

/**
 * The origins of a stream that is published at `self`, which comes first if it has the role. Those of `before` stay as long as they can.
 * Without any origin the node itself is one.
 */
export function originsFor(
  key: string,
  count: number,
  self: Member,
  others: readonly Member[],
  before: readonly string[],
): string[] {
  const able = [self, ...others].filter((member) => hasRole(member, "origin") && member.state === "up");
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
 * Nodes from which a node fetches a stream that it is no origin of: its parents, then the origins, the nearest first. When the measured
 * links to all origins are poor, as they may be across a border, a node that receives streams well comes before them.
 */
export function upstreamsOf(key: string, self: Member, others: readonly Member[], origins: readonly string[]): string[] {
  const byId = new Map(others.map((member) => [member.id, member]));
  const parents = self.parents.filter((id) => byId.get(id)?.state !== "gone" && byId.has(id) && !leadsTo(id, self.id, byId));
  const near = sorted(
    origins.flatMap((id) => byId.get(id) ?? []),
    (member) => [isPoorLink(self, member.id) ? 1 : 0, ...nearness(self, member), rank(key, `${self.id} ${member.id}`)],
  );
  const arePoor = near.length > 0 && near.every(({ id }) => isPoorLink(self, id));
  const between = arePoor
    ? others.filter((member) => receivesWell(member, origins, self) && !leadsTo(member.id, self.id, byId))
    : [];
  const [best] = sorted(between, (member) => [...nearness(self, member), rank(key, `${self.id} ${member.id}`)]);
  return [...new Set([...parents, ...(best ? [best.id] : []), ...near.map(({ id }) => id)])];
}

/** A digest of the measured links: when it changes, the result of `upstreamsOf` may change. */
export function measuredLinks(self: Member, others: readonly Member[]): string {
  const poor = self.links.filter(({ to }) => isPoorLink(self, to)).map(({ to }) => to);
  if (poor.length === 0) return "";
  const well = others.filter((member) => receivesWell(member, poor, self)).map(({ id }) => id);
  return [...poor.sort(), "", ...well.sort()].join();
}

function isPoorLink({ links }: Member, to: string): boolean {
  return (links.find((link) => link.to === to)?.lossPercent ?? 0) >= LOSS.poor;
}

/** Whether a node receives streams from origins over a good link, so that it can relay them. */
function receivesWell(member: Member, origins: readonly string[], to: Member): boolean {
  if (member.state !== "up" || isFull(member) || origins.includes(member.id) || isPoorLink(to, member.id)) return false;
  // The present upstream is not left for a small difference.
  const isRequested = to.links.some((link) => link.to === member.id && link.mbps > 0);
  const most = isRequested ? LOSS.poor : LOSS.good;
  return member.links.some(
    ({ to: from, mbps, lossPercent }) => origins.includes(from) && mbps > 0 && lossPercent !== null && lossPercent < most,
  );
}

/** Nodes from which a node is likely to fetch streams: its parents, then origins, the nearest first. */
export function likelyUpstreams(self: Member, others: readonly Member[]): string[] {
  const origins = others.filter((member) => hasRole(member, "origin") && member.state === "up").map(({ id }) => id);
  return upstreamsOf("", self, others, origins);
}

/** Whether requests to one node lead to another by way of parents. */
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
