/**
 * Decides how many nodes of each role and region a cluster wants, from what they carry now and how many people the timetable expects. More are wanted
 * at once, fewer only after a hold, and never beyond the limits of the configuration. It starts and stops no machine: an autoscaler does, and drains
 * the node first.
 */
import { SCALED_ROLES, type ScaledRole, type ScalingGroup, type ScalingSettings } from "../../platform/config/scaling-schema.ts";
import { hasRole, type Member } from "../membership.ts";

/** The part of a node that counts here. */
export type SizedNode = Pick<
  Member,
  "id" | "roles" | "region" | "state" | "capacityMbps" | "usedMbps" | "maxConnections" | "connections"
>;

/** What the timetable brings: people who are expected soon and not there yet, and what one of them takes. */
export type Expectation = { readonly people: number; readonly mbps: number };

/** Which of them decides. `smallest` and `largest`: the limits; `held`: what was needed a while ago. */
export const WANTED_REASONS = ["load", "timetable", "held", "smallest", "largest"] as const;
export type WantedReason = (typeof WANTED_REASONS)[number];

export type WantedGroup = {
  readonly role: ScaledRole;
  readonly region: string;
  /** That admit clients, and that drain. */
  readonly nodes: number;
  readonly draining: number;
  readonly wanted: number;
  /** What load and timetable need now, without hold and limits. */
  readonly needed: number;
  readonly min: number;
  readonly max: number;
  /** The share of their lines or connections in use, of the nodes that admit clients; 0 where there are none. */
  readonly load: number;
  readonly expectedPeople: number;
  readonly reason: WantedReason;
  /** Nodes to drain where fewer are wanted than there are, the emptiest first. A node that does something else besides is never one. */
  readonly surplus: readonly string[];
};

/** What a node of a group can carry that has none yet. */
const NEW_NODE = { capacityMbps: 1000, maxConnections: 20_000 } as const;
const DEFAULT_LIMITS = { min: 1, max: 100, share: null } as const;
/** A player of HLS holds one connection for the next playlist, and fetches parts by another. */
const CONNECTIONS_OF_VIEWER = 2;

type Need = { readonly at: number; readonly needed: number };

export class WantedNodes {
  private readonly settings: () => ScalingSettings;
  /** By role and region, what was needed within the hold. */
  private readonly needs = new Map<string, Need[]>();

  constructor(settings: () => ScalingSettings) {
    this.settings = settings;
  }

  /** To be called every few seconds. @param now milliseconds, monotonic @param nodes all of the cluster */
  take(now: number, nodes: readonly SizedNode[], expected: Expectation): readonly WantedGroup[] {
    const settings = this.settings();
    const there = nodes.filter(({ state }) => state !== "gone");
    const groups = groupsOf(settings, there);
    const shares = groups.filter(({ role }) => role === "edge").reduce((sum, group) => sum + shareOf(group), 0);
    return groups.map((group) => {
      const part = group.role === "edge" && shares > 0 ? shareOf(group) / shares : 0;
      const people = expected.people * part;
      return this.decide(
        now,
        group,
        there.filter((node) => isOf(node, group)),
        { ...expected, people },
      );
    });
  }

  private decide(now: number, group: ScalingGroup, nodes: readonly SizedNode[], expected: Expectation): WantedGroup {
    const { fillPercent, spare, holdMinutes } = this.settings();
    const up = nodes.filter(({ state }) => state === "up");
    const needOf = (more: Expectation) => {
      const filled = unitsOf(nodes, more) / (fillPercent / 100);
      return filled === 0 ? 0 : Math.ceil(filled - 1e-9) + spare;
    };
    const byLoad = needOf({ people: 0, mbps: 0 });
    const needed = needOf(expected);
    const key = `${group.role} ${group.region}`;
    // After a start, as many as there are were needed: what was decided before is not known.
    const before = this.needs.get(key) ?? [{ at: now, needed: up.length }];
    const held = [...before.filter(({ at }) => at > now - holdMinutes * 60_000), { at: now, needed }];
    this.needs.set(key, held);
    const most = held.reduce((max, need) => Math.max(max, need.needed), 0);
    const wanted = Math.min(group.max, Math.max(group.min, most));
    return {
      role: group.role,
      region: group.region,
      nodes: up.length,
      draining: nodes.length - up.length,
      wanted,
      needed,
      min: group.min,
      max: group.max,
      load: meanLoad(up),
      expectedPeople: Math.round(expected.people),
      reason: reasonOf({ wanted, most, needed, byLoad }),
      surplus: surplusOf(group.role, up, up.length - wanted),
    };
  }
}

function reasonOf(of: {
  readonly wanted: number;
  readonly most: number;
  readonly needed: number;
  readonly byLoad: number;
}): WantedReason {
  if (of.wanted < of.most) return "largest";
  if (of.wanted > of.most) return "smallest";
  if (of.most > of.needed) return "held";
  return of.needed > of.byLoad ? "timetable" : "load";
}

function surplusOf(role: ScaledRole, up: readonly SizedNode[], count: number): readonly string[] {
  if (count <= 0) return [];
  const alone = up.filter(({ roles }) => roles.length > 0 && roles.every((one) => one === role || one === "probe"));
  return alone
    .sort((a, b) => a.connections - b.connections)
    .slice(0, count)
    .map(({ id }) => id);
}

/** Those of the configuration, and those that nodes are of. */
function groupsOf({ groups }: ScalingSettings, nodes: readonly SizedNode[]): readonly ScalingGroup[] {
  const isNamed = (role: ScaledRole, region: string) => groups.some((group) => group.role === role && group.region === region);
  const found = SCALED_ROLES.flatMap((role) => {
    const regions = new Set(nodes.filter((node) => hasRole(node, role)).map(({ region }) => region));
    return [...regions].filter((region) => !isNamed(role, region)).map((region) => ({ role, region, ...DEFAULT_LIMITS }));
  });
  return [...groups, ...found];
}

function isOf(node: SizedNode, { role, region }: ScalingGroup): boolean {
  return node.region === region && hasRole(node, role);
}

function shareOf({ share, min }: ScalingGroup): number {
  return share ?? min;
}

/** How many whole nodes of the usual size what is there and what is expected fills. Draining nodes' clients go to the others. */
function unitsOf(nodes: readonly SizedNode[], { people, mbps }: Expectation): number {
  const used = nodes.reduce((sum, node) => sum + node.usedMbps, 0) + people * mbps;
  const connections = nodes.reduce((sum, node) => sum + node.connections, 0) + people * CONNECTIONS_OF_VIEWER;
  const capacityMbps = median(nodes.map((node) => node.capacityMbps)) ?? NEW_NODE.capacityMbps;
  const maxConnections = median(nodes.map((node) => node.maxConnections)) ?? NEW_NODE.maxConnections;
  return Math.max(used / capacityMbps, connections / maxConnections);
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function meanLoad(nodes: readonly SizedNode[]): number {
  const sum = (of: (node: SizedNode) => number) => nodes.reduce((total, node) => total + of(node), 0);
  const share = (used: number, whole: number) => (whole > 0 ? used / whole : 0);
  return Math.max(
    share(
      sum(({ usedMbps }) => usedMbps),
      sum(({ capacityMbps }) => capacityMbps),
    ),
    share(
      sum(({ connections }) => connections),
      sum(({ maxConnections }) => maxConnections),
    ),
  );
}
