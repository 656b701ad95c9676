/**
 * Simulates the nodes of a scenario, which send a heartbeat with their load once a second, and the dispatchers, each with the program's own
 * membership and dispatcher.
 */
import { pino } from "pino";
import type { Bus } from "../../platform/bus/bus.ts";
import type { ManualClock } from "../../platform/clock.ts";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import { type Beat, hasRole, type Member, Membership } from "../membership.ts";
import { originsFor, upstreamsOf } from "../topology.ts";
import type { Scenario } from "./scenario.ts";

export type Node = {
  readonly beat: Omit<Beat, "at" | "count">;
  readonly index: number;
  up: boolean;
  connections: number;
  mbps: number;
  /** Mbps at its latest heartbeats, the oldest first. A heartbeat reports their mean. */
  reportedMbps: number[];
  count: number;
  /** Viewers of each stream. */
  readonly streams: Map<number, number>;
  everOver: boolean;
};

type SimulatedDispatcher = {
  readonly dispatcher: Dispatcher;
  readonly membership: Membership;
  readonly hear: (text: string) => void;
};

/** A heartbeat reports the mean over so many beats (`node/cluster/node-load.ts`). */
const AVERAGED_BEATS = 2;
const BEAT_MS = 1000;
/** Heartbeats of the nodes are spread over so many slots of a second. */
const SLOTS = 10;

export class Fleet {
  readonly nodes: readonly Node[];
  readonly dispatchers: readonly Dispatcher[];
  private readonly byId: ReadonlyMap<string, Node>;
  private readonly simulated: readonly SimulatedDispatcher[];
  private readonly clock: ManualClock;

  constructor({ fleet, dispatchers, costs }: Scenario, clock: ManualClock) {
    this.clock = clock;
    this.nodes = nodesOf(fleet);
    this.byId = new Map(this.nodes.map((node) => [node.beat.id, node]));
    this.simulated = Array.from({ length: dispatchers }, (_, i) =>
      simulatedDispatcher(`dispatch-${i + 1}`, this.nodes, costs, clock),
    );
    this.dispatchers = this.simulated.map(({ dispatcher }) => dispatcher);
  }

  node(id: string): Node | undefined {
    return this.byId.get(id);
  }

  /** To be called at each step. @param now milliseconds, a multiple of 100; 0: all nodes send a heartbeat */
  step(now: number): void {
    const slot = (now % BEAT_MS) / (BEAT_MS / SLOTS);
    for (const node of this.nodes) if (now === 0 || node.index % SLOTS === slot) this.beat(node);
    if (now % BEAT_MS === 0) for (const { dispatcher, membership } of this.simulated) dispatcher.update(this.seenBy(membership));
  }

  /** The origins of a stream. */
  originsOf(key: string): string[] {
    const origins = this.nodes.filter(({ beat }) => hasRole(beat, "origin")).map(memberOf);
    const [ingest] = origins;
    return ingest ? originsFor(key, 2, { ...ingest, roles: ["edge"], id: "ingest" }, origins, []) : [];
  }

  /** How many nodes a node could fetch a stream from. */
  upstreamsOf(key: string, node: Node, origins: readonly string[]): number {
    const others = origins.flatMap((id) => this.byId.get(id) ?? []).filter(({ up }) => up);
    return upstreamsOf(key, memberOf(node), others.map(memberOf), origins).length;
  }

  private beat(node: Node): void {
    if (!node.up) return;
    node.reportedMbps = [...node.reportedMbps, node.mbps].slice(-AVERAGED_BEATS);
    const beat: Beat = {
      ...node.beat,
      at: this.clock.utc(),
      count: node.count++,
      usedMbps: node.reportedMbps.reduce((sum, mbps) => sum + mbps, 0) / node.reportedMbps.length,
      connections: node.connections,
    };
    const text = JSON.stringify(beat);
    for (const { hear } of this.simulated) hear(text);
  }

  /** All nodes as a dispatcher knows them, and the dispatchers themselves, which count each other. */
  private seenBy(membership: Membership): Member[] {
    const [self, ...others] = membership.list();
    const simulated = self ? this.simulated.map((_, i): Member => ({ ...self, id: `dispatch-${i + 1}` })) : [];
    return [...others, ...simulated];
  }
}

function nodesOf(fleet: Scenario["fleet"]): Node[] {
  const nodes: Node[] = [];
  for (const { name, count, min = count, region, carriers, roles: all, capacityMbps, maxConnections } of fleet) {
    // The control role is left to the scenario's dispatchers, which count each other.
    const roles = all.length === 0 ? (["origin", "edge"] as const) : all.filter((role) => role !== "control");
    for (let i = 1; i <= count; i++) {
      const id = `${name}-${i}`;
      nodes.push({
        index: nodes.length,
        up: i <= min,
        connections: 0,
        mbps: 0,
        reportedMbps: [],
        count: 10,
        streams: new Map(),
        everOver: false,
        beat: {
          id,
          instance: id,
          startedAt: 0,
          version: "0",
          roles: [...roles],
          region,
          carriers,
          parents: [],
          host: id,
          linkPort: 1,
          relayPorts: [1],
          http: `http://${id}`,
          rtmp: `rtmp://${id}`,
          draining: false,
          capacityMbps,
          maxConnections,
          usedMbps: 0,
          connections: 0,
          cpu: 0,
          freeCores: 0,
          links: [],
          crowds: [],
        },
      });
    }
  }
  return nodes;
}

function simulatedDispatcher(
  id: string,
  [first]: readonly Node[],
  costs: Scenario["costs"],
  clock: ManualClock,
): SimulatedDispatcher {
  if (!first) throw new RangeError("a fleet has nodes");
  let hear: (text: string) => void = () => {};
  const bus = {
    connected: true,
    onState: () => {},
    // Only its own heartbeats are published: they come back at once.
    publish: (_: string, text: string) => hear(text),
    subscribe: (_: string, listener: (text: string) => void) => {
      hear = listener;
    },
  } as unknown as Bus;
  const self = { ...first.beat, id, roles: ["control" as const] };
  const silent = pino({ level: "silent" });
  const membership = new Membership(bus, () => self, id, clock, silent, {
    changed: () => {},
    nameTaken: () => {},
    silent: () => {},
  });
  membership.start();
  const dispatcher = new Dispatcher(
    () => costs,
    () => clock.monotonic(),
  );
  return { dispatcher, membership, hear };
}

function memberOf({ beat, up, mbps, connections, count }: Node): Member {
  return { ...beat, at: 0, count, usedMbps: mbps, connections, state: up ? "up" : "gone", clockSkewMs: 0, clockErrorMs: 0 };
}
