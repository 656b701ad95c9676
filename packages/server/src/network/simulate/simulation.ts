/**
 * Simulates a fleet and its viewers in simulated time, with the program's own membership, dispatcher and choice of upstreams. Viewers behave
 * as players do: they try their candidates one after the other, ask again when all have failed, and wait when the fleet is full. A run is
 * determined by its seed.
 */
import { ManualClock } from "../../platform/clock.ts";
import { mulberry32 } from "../../platform/mulberry32.ts";
import { hasRole } from "../membership.ts";
import { Autoscaler } from "./autoscaler.ts";
import { Fleet, type Node } from "./fleet.ts";
import type { Result, Second } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** The step of simulated time. */
const STEP_MS = 100;
/** A player without media for this long tries the next candidate at its next check (`packages/player`). */
const STALL_MS = 1200;
const CHECK_MS = 200;
/** A player gives up a node that does not answer after this. */
const CONNECT_MS = 600;
/** A player that was rejected by a full fleet asks again after this. */
const RETRY_MS = 5000;
/** The time from the request until the node counts the viewer. */
const JOIN_MS = 200;
/** Viewers of a node that drains leave within this, after dispatch knows of the drain (`node/cluster/viewer-drain.ts`). */
const DRAIN_MS = { known: 1500, leave: 5000 } as const;
const NO_NODE = 0xffff;

type Group = Scenario["arrivals"][number];
type Loss = NonNullable<Scenario["events"][number]["lose"]>;
type Cut = NonNullable<Scenario["events"][number]["cut"]>;

export class Simulation {
  private readonly scenario: Scenario;
  private readonly clock = new ManualClock(0);
  private readonly random: () => number;
  private readonly fleet: Fleet;
  private readonly streams: { readonly key: string; readonly mbps: number; origins: readonly string[] }[] = [];
  // Of each viewer, by number: there may be a million.
  private readonly viewerNode: Uint16Array;
  private readonly viewerNext: Uint16Array;
  private readonly viewerThird: Uint16Array;
  private readonly viewerStream: Uint32Array;
  private readonly viewerLocation: Uint8Array;
  private readonly viewerLostAt: Float64Array;
  private readonly locations: { readonly region: string; readonly carrier: string }[] = [];
  /** What happens at a step. */
  private readonly agenda = new Map<number, (() => void)[]>();
  private readonly recovered: number[] = [];
  private readonly cuts = new Set<Cut>();
  private readonly autoscaler: Autoscaler | null;
  /** Viewers of each group who have come so far. */
  private readonly come: number[];
  private moved = 0;
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
    this.viewerNode = new Uint16Array(total).fill(NO_NODE);
    this.viewerNext = new Uint16Array(total).fill(NO_NODE);
    this.viewerThird = new Uint16Array(total).fill(NO_NODE);
    this.viewerStream = new Uint32Array(total);
    this.viewerLocation = new Uint8Array(total);
    this.viewerLostAt = new Float64Array(total).fill(Number.NaN);
    this.fleet = new Fleet(scenario, this.clock);
    this.come = scenario.arrivals.map(() => 0);
    this.autoscaler = this.openAutoscaler();
    if (this.fleet.nodes.length >= NO_NODE) throw new RangeError(`at most ${NO_NODE - 1} nodes`);
  }

  run(): Result {
    const seconds: Second[] = [];
    for (const [i, group] of this.scenario.arrivals.entries()) this.planArrivals(group, i);
    for (const { at, lose, cut, backAfter } of this.scenario.events)
      this.schedule(at * 1000, () => {
        if (lose) this.failNodes(lose, backAfter);
        if (cut) this.cut(cut, backAfter);
      });
    const end = this.scenario.seconds * 1000;
    for (let now = 0; now <= end; now += STEP_MS) {
      this.fleet.step(now);
      this.autoscaler?.step(now, STEP_MS);
      for (const act of this.agenda.get(now) ?? []) act();
      this.agenda.delete(now);
      if (now % 1000 === 0) seconds.push(this.sample(now / 1000));
      this.clock.advance(STEP_MS);
    }
    this.recovered.sort((a, b) => a - b);
    return {
      title: this.scenario.title,
      nodes: this.fleet.nodes.length,
      viewers: this.viewers,
      decisions: this.decisions,
      seconds,
      rejected: this.rejected,
      left: this.waiting,
      fullest: this.fullest,
      overLimit: this.fleet.nodes.filter(({ everOver }) => everOver).length,
      carrierHadRoom: this.hadRoom,
      carrierKept: this.keptCarrier,
      copies: this.copies,
      edgesTimesPaths: this.edgesTimesPaths,
      originMbps: this.mostOriginMbps,
      scaled: this.autoscaler?.usage(end, this.moved) ?? null,
      edges: this.fleet.nodes.flatMap(({ beat, connections }) =>
        hasRole(beat, "edge") ? [{ node: beat.id, viewers: connections }] : [],
      ),
      recoveryMs:
        this.recovered.length === 0
          ? null
          : { p99: this.recovered[Math.floor(this.recovered.length * 0.99)] ?? 0, longest: this.recovered.at(-1) ?? 0 },
    };
  }

  private openAutoscaler(): Autoscaler | null {
    const { scaling } = this.scenario;
    if (!scaling) return null;
    return new Autoscaler(scaling, this.scenario, this.fleet.nodes, this.come, {
      later: (milliseconds, act) => this.later(milliseconds / 1000, act),
      empty: (node) => this.empty(node),
    });
  }

  /** The viewers of a node leave it some at a time, and ask for another one. */
  private empty(node: Node): void {
    const now = this.clock.monotonic();
    for (let viewer = 0; viewer < this.viewers; viewer++) {
      if (this.viewerNode[viewer] !== node.index) continue;
      this.schedule(now + DRAIN_MS.known + DRAIN_MS.leave * this.random(), () => {
        if (this.viewerNode[viewer] !== node.index) return;
        this.disconnect(viewer, node);
        this.viewerNode[viewer] = NO_NODE;
        this.watching--;
        this.waiting++;
        this.moved++;
        this.ask(viewer);
      });
    }
  }

  private planArrivals(group: Group, index: number): void {
    const whole = group.from.reduce((sum, { share }) => sum + share, 0);
    const bounds: { readonly upTo: number; readonly place: number }[] = [];
    let sum = 0;
    for (const { region, carrier, share } of group.from) {
      sum += share / whole;
      bounds.push({ upTo: sum, place: this.locations.length });
      this.locations.push({ region, carrier });
    }
    const first = this.streams.length;
    for (let i = 0; i < group.streams; i++) {
      const key = `live/${group.name}${group.streams > 1 ? i : ""}`;
      this.streams.push({ key, mbps: group.mbps, origins: this.fleet.originsOf(key) });
    }
    const steps = Math.max(1, Math.round((group.over * 1000) / STEP_MS));
    for (let step = 0; step < steps; step++) {
      const count = Math.floor(((step + 1) * group.viewers) / steps) - Math.floor((step * group.viewers) / steps);
      if (count === 0) continue;
      const at = group.at * 1000 + step * STEP_MS;
      this.schedule(at, () => {
        for (let i = 0; i < count; i++) {
          const viewer = this.viewers++;
          this.come[index] = (this.come[index] ?? 0) + 1;
          const draw = this.random();
          this.viewerLocation[viewer] = (bounds.find(({ upTo }) => draw < upTo) ?? bounds.at(-1))?.place ?? 0;
          this.viewerStream[viewer] = first + (viewer % group.streams);
          this.waiting++;
          this.ask(viewer);
          if (group.staySeconds) this.schedule(this.clock.monotonic() + group.staySeconds * 1000, () => this.leave(viewer));
        }
      });
    }
  }

  /** A viewer asks a dispatcher where to go. */
  private ask(viewer: number): void {
    if (this.viewerNode[viewer] !== NO_NODE) return;
    const { dispatchers } = this.fleet;
    const dispatcher = dispatchers[Math.floor(this.random() * dispatchers.length)] as (typeof dispatchers)[number];
    const stream = this.streams[this.viewerStream[viewer] ?? 0] as (typeof this.streams)[number];
    const place = this.locations[this.viewerLocation[viewer] ?? 0] as (typeof this.locations)[number];
    this.decisions++;
    const [first, second, third] = dispatcher.choose({
      stream: stream.key,
      mbps: stream.mbps,
      connections: 1,
      location: place,
      to: "play",
    });
    if (!first) {
      this.rejected++;
      this.schedule(this.clock.monotonic() + RETRY_MS, () => this.ask(viewer));
      return;
    }
    this.viewerNext[viewer] = second ? (this.fleet.node(second.node)?.index ?? NO_NODE) : NO_NODE;
    this.viewerThird[viewer] = third ? (this.fleet.node(third.node)?.index ?? NO_NODE) : NO_NODE;
    this.countCarrier(place.carrier, first.carriers, stream.mbps);
    const node = this.fleet.node(first.node) as Node;
    this.schedule(this.clock.monotonic() + JOIN_MS, () => this.connect(viewer, node));
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
    return this.fleet.nodes.some(
      ({ up, beat, mbps: used, connections }) =>
        up &&
        hasRole(beat, "edge") &&
        (beat.carriers.length === 0 || beat.carriers.includes(carrier)) &&
        used + mbps <= beat.capacityMbps * 0.9 &&
        connections + 1 <= beat.maxConnections * 0.9,
    );
  }

  /** A viewer connects to a node. A node that is gone does not answer. */
  private connect(viewer: number, node: Node): void {
    if (!node.up || !this.reaches(viewer, node)) return this.schedule(this.clock.monotonic() + CONNECT_MS, () => this.next(viewer));
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
    const index = this.viewerNext[viewer] ?? NO_NODE;
    this.viewerNext[viewer] = this.viewerThird[viewer] ?? NO_NODE;
    this.viewerThird[viewer] = NO_NODE;
    const node = this.fleet.nodes[index];
    // A candidate that has no room now sends people away.
    const isFull = node && node.connections >= node.beat.maxConnections;
    if (!node || isFull) this.ask(viewer);
    else this.connect(viewer, node);
  }

  private leave(viewer: number): void {
    const node = this.fleet.nodes[this.viewerNode[viewer] ?? NO_NODE];
    if (!node) return;
    this.disconnect(viewer, node);
    this.viewerNode[viewer] = NO_NODE;
    this.watching--;
  }

  private disconnect(viewer: number, node: Node): void {
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
    const upstreams = this.fleet.upstreamsOf(stream.key, node, stream.origins);
    const copies = Math.min(this.scenario.paths, Math.max(1, upstreams));
    this.pulled += sign * copies;
    this.originMbps += sign * copies * stream.mbps;
    this.copies = Math.max(this.copies, this.pulled);
    this.mostOriginMbps = Math.max(this.mostOriginMbps, this.originMbps);
    const having = this.fleet.nodes.reduce((sum, one) => sum + (one.up ? one.streams.size : 0), 0);
    if (this.pulled === this.copies) this.edgesTimesPaths = Math.max(this.edgesTimesPaths, having * this.scenario.paths);
  }

  private failNodes({ share, region, name }: Loss, backAfter: number | undefined): void {
    const able = this.fleet.nodes.filter(
      ({ up, beat }) =>
        up &&
        hasRole(beat, "edge") &&
        (region === undefined || beat.region === region) &&
        (name === undefined || beat.id.startsWith(name)),
    );
    const lost = new Set<Node>();
    while (lost.size < Math.round(able.length * share)) lost.add(able[Math.floor(this.random() * able.length)] as Node);
    this.cutOff((_, node) => lost.has(node));
    for (const node of lost) Object.assign(node, { up: false, said: [] });
    this.later(backAfter, () => {
      for (const node of lost) node.up = true;
    });
  }

  /** Viewers on one side do not reach nodes on the other any more. Dispatch does not know it. */
  private cut(line: Cut, backAfter: number | undefined): void {
    this.cuts.add(line);
    this.cutOff((viewer, node) => !this.reaches(viewer, node));
    this.later(backAfter, () => this.cuts.delete(line));
  }

  /** These viewers get no more media, without a closed connection: each notices after its own time-out. */
  private cutOff(isCut: (viewer: number, node: Node) => boolean): void {
    const now = this.clock.monotonic();
    for (let viewer = 0; viewer < this.viewers; viewer++) {
      const node = this.fleet.nodes[this.viewerNode[viewer] ?? NO_NODE];
      if (!node || !isCut(viewer, node)) continue;
      this.disconnect(viewer, node);
      this.viewerNode[viewer] = NO_NODE;
      this.viewerLostAt[viewer] = now;
      this.watching--;
      this.waiting++;
      const notices = STALL_MS + CHECK_MS * this.random();
      this.schedule(now + notices, () => this.next(viewer));
    }
  }

  private reaches(viewer: number, { beat: { region, carriers } }: Node): boolean {
    if (this.cuts.size === 0) return true;
    const place = this.locations[this.viewerLocation[viewer] ?? 0];
    const isAt = (end: string) => place?.region === end || place?.carrier === end;
    const stands = (end: string) => region === end || (carriers.length > 0 && carriers.every((carrier) => carrier === end));
    return ![...this.cuts].some(({ from, to }) => (isAt(from) && stands(to)) || (isAt(to) && stands(from)));
  }

  private later(seconds: number | undefined, act: () => void): void {
    if (seconds) this.schedule(this.clock.monotonic() + seconds * 1000, act);
  }

  private isOnCarrier(viewer: number, node: Node): boolean {
    const { carrier = "" } = this.locations[this.viewerLocation[viewer] ?? 0] ?? {};
    return carrier === "" || node.beat.carriers.length === 0 || node.beat.carriers.includes(carrier);
  }

  private sample(second: number): Second {
    const edges = this.fleet.nodes.filter(({ up, beat }) => up && hasRole(beat, "edge"));
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
      nodes: this.fleet.nodes.filter(({ up }) => up).length,
    };
  }

  /** @param time milliseconds; it happens at the next step */
  private schedule(time: number, act: () => void): void {
    const now = this.clock.monotonic();
    const step = Math.max(Math.ceil(time / STEP_MS) * STEP_MS, time <= now ? now : 0);
    const acts = this.agenda.get(step);
    if (acts) acts.push(act);
    else this.agenda.set(step, [act]);
  }
}
