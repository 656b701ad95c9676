/**
 * A day in the life of a fleet, in simulated time: the program's own membership, dispatcher and choice of upstreams, with nodes and viewers
 * that are numbers. Viewers do as players do: they take the candidates that they were given, one after the other, ask again when these fail,
 * and wait when they are told that all is full. It is the same each time, by its seed.
 */
import { pino } from "pino";
import type { Bus } from "../../platform/bus/bus.ts";
import { ManualClock } from "../../platform/clock.ts";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import { type Beat, has, type Member, Membership } from "../membership.ts";
import { originsFor, upstreamsOf } from "../topology.ts";
import { mulberry32 } from "./random.ts";
import type { Result, Second } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** Simulated time goes by steps of this. */
const STEP_MS = 100;
const BEAT_MS = 1000;
/** Nodes say what they have sent over so many beats (`node/loads.ts`). */
const SAID_OVER = 2;
/** A player that gets nothing for so long tries the next candidate (`packages/player`), seen at its next look. */
const STALL_MS = 1200;
const LOOK_MS = 200;
/** And so long from one that does not answer. */
const CONNECT_MS = 600;
/** Until a player that was sent away by a full fleet asks again. */
const AGAIN_MS = 5000;
/** From asking to being counted by the node. */
const JOIN_MS = 200;
const NOBODY = 0xffff;

type Node = {
  readonly beat: Omit<Beat, "at" | "count">;
  readonly index: number;
  up: boolean;
  connections: number;
  mbps: number;
  /** What it sent when it spoke last, the oldest first: it says the mean. */
  said: number[];
  count: number;
  /** Viewers of each stream. */
  readonly streams: Map<number, number>;
  everOver: boolean;
};

type Group = Scenario["arrivals"][number];

export class Simulation {
  private readonly scenario: Scenario;
  private readonly clock = new ManualClock(0);
  private readonly random: () => number;
  private readonly nodes: Node[] = [];
  private readonly byId = new Map<string, Node>();
  private readonly dispatchers: {
    readonly dispatcher: Dispatcher;
    readonly membership: Membership;
    hear: (text: string) => void;
  }[] = [];
  private readonly streams: { readonly key: string; readonly mbps: number; origins: readonly string[] }[] = [];
  private readonly streamIndex = new Map<string, number>();
  // Of each viewer, by number: there may be a million.
  private readonly viewerNode: Uint16Array;
  private readonly viewerNext: Uint16Array;
  private readonly viewerThird: Uint16Array;
  private readonly viewerStream: Uint32Array;
  private readonly viewerPlace: Uint8Array;
  private readonly viewerLostAt: Float64Array;
  private readonly places: { readonly region: string; readonly carrier: string }[] = [];
  /** What happens at a step. */
  private readonly agenda = new Map<number, (() => void)[]>();
  private readonly recovered: number[] = [];
  private viewers = 0;
  private decisions = 0;
  private rejected = 0;
  private watching = 0;
  private waiting = 0;
  private sameCarrier = 0;
  private hadRoom = 0;
  private keptCarrier = 0;
  private fullest = 0;
  private copies = 0;
  private pulled = 0;
  private edgesTimesPaths = 0;
  private originMbps = 0;
  private mostOriginMbps = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.random = mulberry32(scenario.seed);
    const total = scenario.arrivals.reduce((sum, { viewers }) => sum + viewers, 0);
    this.viewerNode = new Uint16Array(total).fill(NOBODY);
    this.viewerNext = new Uint16Array(total).fill(NOBODY);
    this.viewerThird = new Uint16Array(total).fill(NOBODY);
    this.viewerStream = new Uint32Array(total);
    this.viewerPlace = new Uint8Array(total);
    this.viewerLostAt = new Float64Array(total).fill(Number.NaN);
    this.build();
  }

  run(): Result {
    const seconds: Second[] = [];
    for (const node of this.nodes) this.beat(node);
    this.updateAll();
    for (const group of this.scenario.arrivals) this.plan(group);
    for (const event of this.scenario.events) this.at(event.at * 1000, () => this.lose(event));
    const end = this.scenario.seconds * 1000;
    for (let now = 0; now <= end; now += STEP_MS) {
      for (const node of this.nodes) if (now % BEAT_MS === beatOffset(node)) this.beat(node);
      for (const act of this.agenda.get(now) ?? []) act();
      this.agenda.delete(now);
      if (now % BEAT_MS === 0) {
        this.updateAll();
        seconds.push(this.look(now / 1000));
      }
      this.clock.advance(STEP_MS);
    }
    this.recovered.sort((a, b) => a - b);
    return {
      title: this.scenario.title,
      nodes: this.nodes.length,
      viewers: this.viewers,
      decisions: this.decisions,
      seconds,
      rejected: this.rejected,
      left: this.waiting,
      fullest: this.fullest,
      overLimit: this.nodes.filter(({ everOver }) => everOver).length,
      carrierHadRoom: this.hadRoom,
      carrierKept: this.keptCarrier,
      copies: this.copies,
      edgesTimesPaths: this.edgesTimesPaths,
      originMbps: this.mostOriginMbps,
      edges: this.nodes.flatMap(({ beat, connections }) => (has(beat, "edge") ? [{ node: beat.id, viewers: connections }] : [])),
      recoveryMs:
        this.recovered.length === 0
          ? null
          : { p99: this.recovered[Math.floor(this.recovered.length * 0.99)] ?? 0, longest: this.recovered.at(-1) ?? 0 },
    };
  }

  private build(): void {
    for (const { name, count, region, carriers, roles: all, capacityMbps, maxConnections } of this.scenario.fleet) {
      // Those who decide are the scenario's dispatchers, which count each other.
      const roles = all.length === 0 ? (["origin", "edge"] as const) : all.filter((role) => role !== "control");
      for (let i = 1; i <= count; i++) {
        const id = `${name}-${i}`;
        const node: Node = {
          index: this.nodes.length,
          ...{ up: true, connections: 0, mbps: 0, said: [], count: 10, streams: new Map(), everOver: false },
          beat: {
            ...{
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
            },
            ...{ relayPorts: [1], http: `http://${id}`, rtmp: `rtmp://${id}`, capacityMbps, maxConnections, draining: false },
            ...{ usedMbps: 0, connections: 0, cpu: 0, links: [], crowds: [] },
          },
        };
        this.nodes.push(node);
        this.byId.set(id, node);
      }
    }
    if (this.nodes.length >= NOBODY) throw new RangeError(`at most ${NOBODY - 1} nodes`);
    const silent = pino({ level: "silent" });
    for (let i = 0; i < this.scenario.dispatchers; i++) {
      let hear: (text: string) => void = () => {};
      const bus = {
        connected: true,
        onState: () => {},
        publish: () => {},
        subscribe: (_: string, listener: (text: string) => void) => {
          hear = listener;
        },
      } as unknown as Bus;
      const self = { ...(this.nodes[0] as Node).beat, id: `dispatch-${i + 1}`, roles: ["control" as const] };
      const membership = new Membership(bus, () => self, self.id, this.clock, silent, { changed: () => {}, usurped: () => {} });
      membership.start();
      const dispatcher = new Dispatcher(
        () => this.scenario.costs,
        () => this.clock.monotonic(),
      );
      this.dispatchers.push({ dispatcher, membership, hear });
    }
  }

  private updateAll(): void {
    for (const { dispatcher, membership } of this.dispatchers) dispatcher.update(this.seenBy(membership));
  }

  /** All nodes as a dispatcher knows them, and the dispatchers themselves, which count each other. */
  private seenBy(membership: Membership): Member[] {
    const self = membership.list()[0];
    const dispatchers = self ? this.dispatchers.map((_, i): Member => ({ ...self, id: `dispatch-${i + 1}` })) : [];
    return [...membership.list().slice(1), ...dispatchers];
  }

  private beat(node: Node): void {
    if (!node.up) return;
    node.said = [...node.said, node.mbps].slice(-SAID_OVER);
    const beat: Beat = {
      ...node.beat,
      at: this.clock.utc(),
      count: node.count++,
      usedMbps: node.said.reduce((sum, mbps) => sum + mbps, 0) / node.said.length,
      connections: node.connections,
    };
    const text = JSON.stringify(beat);
    for (const { hear } of this.dispatchers) hear(text);
  }

  private plan(group: Group): void {
    const whole = group.from.reduce((sum, { share }) => sum + share, 0);
    const bounds: { readonly upTo: number; readonly place: number }[] = [];
    let sum = 0;
    for (const { region, carrier, share } of group.from) {
      sum += share / whole;
      bounds.push({ upTo: sum, place: this.places.length });
      this.places.push({ region, carrier });
    }
    const first = this.streams.length;
    for (let i = 0; i < group.streams; i++) {
      const key = `live/${group.name}${group.streams > 1 ? i : ""}`;
      const known = this.streamIndex.get(key);
      if (known === undefined) this.streamIndex.set(key, this.streams.length);
      this.streams.push({ key, mbps: group.mbps, origins: this.originsOf(key) });
    }
    const steps = Math.max(1, Math.round((group.over * 1000) / STEP_MS));
    for (let step = 0; step < steps; step++) {
      const count = Math.floor(((step + 1) * group.viewers) / steps) - Math.floor((step * group.viewers) / steps);
      if (count === 0) continue;
      const at = group.at * 1000 + step * STEP_MS;
      this.at(at, () => {
        for (let i = 0; i < count; i++) {
          const viewer = this.viewers++;
          const toss = this.random();
          this.viewerPlace[viewer] = (bounds.find(({ upTo }) => toss < upTo) ?? bounds.at(-1))?.place ?? 0;
          this.viewerStream[viewer] = first + (viewer % group.streams);
          this.waiting++;
          this.ask(viewer);
          if (group.staySeconds) this.at(this.clock.monotonic() + group.staySeconds * 1000, () => this.leave(viewer));
        }
      });
    }
  }

  private originsOf(key: string): string[] {
    const origins = this.nodes.filter(({ beat }) => has(beat, "origin")).map((node) => memberOf(node));
    const [ingest] = origins;
    return ingest ? originsFor(key, 2, { ...ingest, roles: ["edge"], id: "ingest" }, origins, []) : [];
  }

  /** A viewer asks a dispatcher where to go. */
  private ask(viewer: number): void {
    if (this.viewerNode[viewer] !== NOBODY) return;
    const { dispatcher } = this.dispatchers[
      Math.floor(this.random() * this.dispatchers.length)
    ] as (typeof this.dispatchers)[number];
    const stream = this.streams[this.viewerStream[viewer] ?? 0] as (typeof this.streams)[number];
    const place = this.places[this.viewerPlace[viewer] ?? 0] as (typeof this.places)[number];
    this.decisions++;
    const [first, second, third] = dispatcher.choose({ stream: stream.key, mbps: stream.mbps, connections: 1, place, to: "play" });
    if (!first) {
      this.rejected++;
      this.at(this.clock.monotonic() + AGAIN_MS, () => this.ask(viewer));
      return;
    }
    this.viewerNext[viewer] = second ? (this.byId.get(second.node)?.index ?? NOBODY) : NOBODY;
    this.viewerThird[viewer] = third ? (this.byId.get(third.node)?.index ?? NOBODY) : NOBODY;
    this.countCarrier(place.carrier, first.carriers, stream.mbps);
    const node = this.byId.get(first.node) as Node;
    this.at(this.clock.monotonic() + JOIN_MS, () => this.come(viewer, node));
  }

  /** Whether a viewer's carrier was kept, of those for whom it could be. */
  private countCarrier(carrier: string, carriers: readonly string[], mbps: number): void {
    if (carrier === "") return;
    const kept = carriers.length === 0 || carriers.includes(carrier);
    if (!kept && !this.hasRoom(carrier, mbps)) return;
    this.hadRoom++;
    if (kept) this.keptCarrier++;
  }

  private hasRoom(carrier: string, mbps: number): boolean {
    return this.nodes.some(
      ({ up, beat, mbps: used, connections }) =>
        up &&
        has(beat, "edge") &&
        (beat.carriers.length === 0 || beat.carriers.includes(carrier)) &&
        used + mbps <= beat.capacityMbps * 0.9 &&
        connections + 1 <= beat.maxConnections * 0.9,
    );
  }

  /** A viewer connects to a node; one that is gone says nothing. */
  private come(viewer: number, node: Node): void {
    if (!node.up) return this.at(this.clock.monotonic() + CONNECT_MS, () => this.next(viewer));
    const index = this.viewerStream[viewer] ?? 0;
    const { mbps } = this.streams[index] as (typeof this.streams)[number];
    this.viewerNode[viewer] = node.index;
    node.connections++;
    node.mbps += mbps;
    if (node.mbps > node.beat.capacityMbps || node.connections > node.beat.maxConnections) node.everOver = true;
    const before = node.streams.get(index) ?? 0;
    node.streams.set(index, before + 1);
    if (before === 0) this.pull(node, index, 1);
    this.watching++;
    this.waiting--;
    if (this.isOnCarrier(viewer, node)) this.sameCarrier++;
    const lostAt = this.viewerLostAt[viewer] ?? Number.NaN;
    if (Number.isNaN(lostAt)) return;
    this.recovered.push(this.clock.monotonic() - lostAt);
    this.viewerLostAt[viewer] = Number.NaN;
  }

  private next(viewer: number): void {
    const index = this.viewerNext[viewer] ?? NOBODY;
    this.viewerNext[viewer] = this.viewerThird[viewer] ?? NOBODY;
    this.viewerThird[viewer] = NOBODY;
    const node = this.nodes[index];
    // A candidate that has no room now sends people away.
    const isFull = node && node.connections >= node.beat.maxConnections;
    if (!node || isFull) this.ask(viewer);
    else this.come(viewer, node);
  }

  private leave(viewer: number): void {
    const node = this.nodes[this.viewerNode[viewer] ?? NOBODY];
    if (!node) return;
    this.gone(viewer, node);
    this.viewerNode[viewer] = NOBODY;
    this.watching--;
  }

  private gone(viewer: number, node: Node): void {
    const index = this.viewerStream[viewer] ?? 0;
    node.connections--;
    node.mbps -= this.streams[index]?.mbps ?? 0;
    const left = (node.streams.get(index) ?? 1) - 1;
    if (left > 0) node.streams.set(index, left);
    else {
      node.streams.delete(index);
      this.pull(node, index, -1);
    }
    if (this.isOnCarrier(viewer, node)) this.sameCarrier--;
  }

  /** An edge fetches a stream, or lets go of it: a copy from each of its upstreams, as many as it has paths. */
  private pull(node: Node, index: number, sign: 1 | -1): void {
    const stream = this.streams[index] as (typeof this.streams)[number];
    if (stream.origins.includes(node.beat.id)) return;
    const others = stream.origins.flatMap((id) => this.byId.get(id) ?? []).filter(({ up }) => up);
    const upstreams = upstreamsOf(stream.key, memberOf(node), others.map(memberOf), stream.origins);
    const copies = Math.min(this.scenario.paths, Math.max(1, upstreams.length));
    this.pulled += sign * copies;
    this.originMbps += sign * copies * stream.mbps;
    this.copies = Math.max(this.copies, this.pulled);
    this.mostOriginMbps = Math.max(this.mostOriginMbps, this.originMbps);
    const having = this.nodes.reduce((sum, one) => sum + (one.up ? one.streams.size : 0), 0);
    if (this.pulled === this.copies) this.edgesTimesPaths = Math.max(this.edgesTimesPaths, having * this.scenario.paths);
  }

  private lose({ lose: { share, region, name }, backAfter }: Scenario["events"][number]): void {
    const able = this.nodes.filter(
      ({ up, beat }) =>
        up &&
        has(beat, "edge") &&
        (region === undefined || beat.region === region) &&
        (name === undefined || beat.id.startsWith(name)),
    );
    const lost = new Set<Node>();
    while (lost.size < Math.round(able.length * share)) lost.add(able[Math.floor(this.random() * able.length)] as Node);
    const now = this.clock.monotonic();
    for (const node of lost) {
      node.up = false;
      for (const [index] of node.streams) this.pull(node, index, -1);
      Object.assign(node, { connections: 0, mbps: 0, said: [] });
      node.streams.clear();
    }
    for (let viewer = 0; viewer < this.viewers; viewer++) {
      const node = this.nodes[this.viewerNode[viewer] ?? NOBODY];
      if (!node || !lost.has(node)) continue;
      if (this.isOnCarrier(viewer, node)) this.sameCarrier--;
      this.viewerNode[viewer] = NOBODY;
      this.viewerLostAt[viewer] = now;
      this.watching--;
      this.waiting++;
      // Its machine has vanished: nothing says so, and each notices in its own time.
      const notices = STALL_MS + LOOK_MS * this.random();
      this.at(now + notices, () => this.next(viewer));
    }
    if (backAfter)
      this.at(now + backAfter * 1000, () => {
        for (const node of lost) node.up = true;
      });
  }

  private isOnCarrier(viewer: number, node: Node): boolean {
    const { carrier = "" } = this.places[this.viewerPlace[viewer] ?? 0] ?? {};
    return carrier === "" || node.beat.carriers.length === 0 || node.beat.carriers.includes(carrier);
  }

  private look(second: number): Second {
    const edges = this.nodes.filter(({ up, beat }) => up && has(beat, "edge"));
    const loads = edges.map(({ mbps, connections, beat }) => Math.max(mbps / beat.capacityMbps, connections / beat.maxConnections));
    const fullest = loads.reduce((most, load) => Math.max(most, load), 0);
    this.fullest = Math.max(this.fullest, fullest);
    return {
      second,
      watching: this.watching,
      waiting: this.waiting,
      rejected: this.rejected,
      fullest,
      mean: loads.length > 0 ? loads.reduce((sum, load) => sum + load, 0) / loads.length : 0,
      sameCarrier: this.watching > 0 ? this.sameCarrier / this.watching : 1,
      originMbps: this.originMbps,
    };
  }

  /** @param time milliseconds; it happens at the next step */
  private at(time: number, act: () => void): void {
    const now = this.clock.monotonic();
    const step = Math.max(Math.ceil(time / STEP_MS) * STEP_MS, time <= now ? now : 0);
    const acts = this.agenda.get(step);
    if (acts) acts.push(act);
    else this.agenda.set(step, [act]);
  }
}

function memberOf({ beat, up, mbps, connections, count }: Node): Member {
  return { ...beat, at: 0, count, usedMbps: mbps, connections, state: up ? "up" : "gone", clockSkewMs: 0 };
}

/** Nodes speak at different moments of the second. */
function beatOffset({ index }: Node): number {
  return (index % (BEAT_MS / STEP_MS)) * STEP_MS;
}
