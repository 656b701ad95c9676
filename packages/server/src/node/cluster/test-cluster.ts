/**
 * For tests: a cluster in one process and on a manual clock, of the program's own membership, registry, streams and relay. Nodes die and come back,
 * their bus hangs or is lost to them alone, and publishers go to another node whenever theirs closes them.
 */
import type { Duplex } from "node:stream";
import { pino } from "pino";
import { PeerGone, type RegistryNodes } from "../../live/relay/registry/registry-peers.ts";
import { nodeOf, peerOf, workerFor } from "../../live/relay/registry/stream-table-entry.ts";
import { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import { RelayServer } from "../../live/relay/transport/relay-server.ts";
import { relayUpstreams } from "../../live/relay/transport/upstream.ts";
import { type PublishSession, type StreamLocator, Streams } from "../../live/streams/index.ts";
import { avcConfiguration, STREAM_OPTIONS, videoFrame } from "../../live/streams/synthetic-source.ts";
import { type Member, Membership, type SelfDescription } from "../../network/membership.ts";
import { originsFor, upstreamsOf } from "../../network/topology.ts";
import { LocalBus } from "../../platform/bus/local.ts";
import { ManualClock } from "../../platform/clock.ts";
import type { Role } from "../../platform/config/schema.ts";
import { Refusal } from "../../platform/refusal.ts";
import { BusLine } from "./test-bus.ts";
import { RelayLine } from "./test-relay-line.ts";

const STEP_MS = 200;
const FRAME_MS = 200;
const GOP_MS = 2000;
const POLL_MS = 1000;
const LOG = pino({ enabled: false });
const OBSERVER = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
const WORKER = "media-1";

export type SimulatedNode = {
  readonly id: string;
  readonly line: BusLine;
  readonly membership: Membership;
  readonly registry: WriterRegistry;
  readonly streams: Streams;
  readonly accept: (socket: Duplex) => void;
  readonly upSince: number;
  readonly kill: () => void;
};

export type SimulatedPublisher = {
  readonly name: string;
  /** Where it publishes; null while it looks for a node. */
  readonly at: () => string | null;
  /** How often a node that was up closed it. */
  readonly closures: () => number;
  readonly stop: () => void;
};

export class SimulatedCluster {
  readonly clock = new ManualClock();
  readonly nodes = new Map<string, SimulatedNode>();
  /** Verdicts on nodes that were up: `a: b gone`. */
  readonly wrongVerdicts: string[] = [];
  private readonly bus = new LocalBus();
  private readonly random: () => number;
  private readonly roles: ReadonlyMap<string, readonly Role[]>;
  private readonly steps = new Set<() => void>();
  private readonly answers: boolean;
  /** Pairs of nodes between which all packets are dropped, without a word. */
  private readonly silent = new Set<string>();
  private readonly lines = new Set<RelayLine>();
  private lives = 0;

  /** @param answers false: nodes do not answer when they are asked directly, as where only the bus connects them */
  constructor(roles: Readonly<Record<string, readonly Role[]>>, random: () => number, answers = true) {
    this.random = random;
    this.answers = answers;
    this.roles = new Map(Object.entries(roles));
    for (const id of this.roles.keys()) this.start(id);
  }

  /** @param seconds of simulated time */
  async pass(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) {
      this.clock.advance(STEP_MS);
      for (const step of this.steps) step();
      // What one connection brings is answered on another.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  kill(id: string): void {
    this.nodes.get(id)?.kill();
    this.nodes.delete(id);
  }

  start(id: string): void {
    if (!this.nodes.has(id)) this.nodes.set(id, this.open(id, this.roles.get(id) ?? []));
  }

  /** From now on all packets between two nodes are dropped. The bus reaches both. */
  silence(one: string, other: string): void {
    this.silent.add(pairOf(one, other));
  }

  isSilent(one: string, other: string): boolean {
    return this.silent.has(pairOf(one, other));
  }

  /** The nodes from which a node follows a stream, the best first. */
  sourcesOf(id: string, name: string): readonly string[] {
    return this.nodes.get(id)?.registry.locate(peerOf(id, WORKER), "live", name)?.sources.map(nodeOf) ?? [];
  }

  /** Packets reach every node again, and what was dropped is sent again. */
  speak(): void {
    this.silent.clear();
    for (const line of this.lines) {
      line.carry();
      if (line.isGone) this.lines.delete(line);
    }
  }

  close(): void {
    for (const id of [...this.nodes.keys()]) this.kill(id);
  }

  /** Publishes to one of the nodes, and to another one when it is closed. */
  publish(name: string, ids: readonly string[]): SimulatedPublisher {
    let session: PublishSession | null = null;
    let node: SimulatedNode | null = null;
    let [turn, closures, time, nextAt, opening] = [0, 0, 0, 0, false];
    const open = async (): Promise<void> => {
      const to = this.nodes.get(ids[turn++ % ids.length] ?? "");
      if (!to) return;
      const source = { protocol: "rtmp", ip: "127.0.0.1", agent: "simulation" };
      const onRevoked = () => {
        if (this.nodes.get(to.id) === to) closures++;
        session = null;
      };
      const granted = await to.streams.publications.open({ app: "live", name, source, backup: false, onRevoked });
      if (granted instanceof Refusal) return;
      if (this.nodes.get(to.id) !== to) return granted.close();
      [session, node, time] = [granted, to, 0];
      granted.push(avcConfiguration());
    };
    const step = () => {
      const now = this.clock.monotonic();
      if (session && (!node || this.nodes.get(node.id) !== node)) session = null;
      if (session) {
        session.heard(now);
        if (now < nextAt) return;
        session.push(videoFrame(time, time % GOP_MS === 0));
        time += FRAME_MS;
        nextAt = now + FRAME_MS;
      } else if (!opening && now >= nextAt) {
        opening = true;
        nextAt = now + FRAME_MS;
        void open().finally(() => {
          opening = false;
        });
      }
    };
    this.steps.add(step);
    const stop = () => {
      this.steps.delete(step);
      session?.close();
      session = null;
    };
    return { name, at: () => (session ? (node?.id ?? null) : null), closures: () => closures, stop };
  }

  private open(id: string, roles: readonly Role[]): SimulatedNode {
    const { clock } = this;
    const line = new BusLine(this.bus, clock, this.random);
    const worker = peerOf(id, WORKER);
    const upSince = clock.monotonic();
    let isOver = false;
    const membership = new Membership(line, () => describe(id, roles), `${id}-${++this.lives}`, clock, LOG, {
      changed: (member) => changed(member),
      nameTaken: () => {},
      silent: (other) => {
        if (this.answers && this.nodes.has(other) && !this.isSilent(id, other))
          clock.after(FRAME_MS, () => membership.alive(other));
      },
    });
    const reach = (other: string): SimulatedNode => {
      if (this.isSilent(id, other)) throw new Error("no answer");
      const node = this.nodes.get(other);
      if (node) return node;
      membership.refused(other);
      throw new PeerGone("gone");
    };
    const others = () => membership.list().slice(1);
    const self = (): Member => membership.list()[0] as Member;
    const nodes: RegistryNodes = {
      self: id,
      isUp: (other) => membership.isUp(other),
      originsFor: (key, before) => originsFor(key, 2, self(), others(), before),
      upstreamsOf: (key, origins) => upstreamsOf(key, self(), others(), origins),
      peerAt: (other, key) => workerFor(key, [peerOf(other, WORKER)]) ?? peerOf(other, WORKER),
      eldest: () =>
        membership
          .list()
          .filter(({ state }) => state !== "gone")
          .map((one) => one.id)
          .sort()[0] ?? id,
    };
    const registry: WriterRegistry = new WriterRegistry(
      line,
      {
        yield: async (peer, app, name, to, options) => reach(nodeOf(peer)).streams.yield(app, name, to, options),
        occupied: async (peer, app, name, silentMs) => reach(nodeOf(peer)).streams.publications.occupancy(app, name, silentMs),
        newest: async (_peer, app, name) => streams.newest(app, name),
        newestAt: async (node, app, name) => reach(node).registry.newestHere(app, name),
        changed: (app, name) => announce(app, name),
        jobsOf: () => [],
        gossip: (text) => {
          for (const other of others())
            if (other.state !== "gone" && !this.isSilent(id, other.id)) this.nodes.get(other.id)?.registry.takeGossip(text);
        },
      },
      nodes,
      () => ({ streams: 100, graceMs: 15_000 }),
      clock,
    );
    const upstreams = relayUpstreams(
      {
        dial: (peer) => {
          const node = nodeOf(peer);
          if (!others().some((other) => other.id === node && other.state !== "gone")) return null;
          const target = this.nodes.get(node);
          const isSilent = () => this.isSilent(id, node);
          if (!target && !isSilent()) membership.refused(node);
          const line = new RelayLine((far) => (target ? target.accept(far) : far.destroy()), isSilent);
          this.lines.add(line);
          return line;
        },
        paths: () => 1,
        isOriginCopy: ({ app, name }) => registry.locate(worker, app, name)?.isOriginCopy ?? false,
        clock,
      },
      { broken: () => {}, received: () => {} },
    );
    const locator: StreamLocator = {
      self: worker,
      occupied: (app, name, silentMs) => registry.occupied(app, name, silentMs),
      claim: (app, name, fresh, options) => registry.claim(worker, app, name, fresh, options),
      locate: (app, name) => registry.locate(worker, app, name),
      keeps: (app, name, epoch) => registry.copyAdded(worker, app, name, epoch),
      drops: (app, name, epoch) => registry.copyRemoved(worker, app, name, epoch),
      ended: (app, name, epoch) => registry.ended(worker, app, name, epoch),
    };
    const streams = new Streams({ ...STREAM_OPTIONS, fanOut: { evictAfterMs: 15_000 } }, clock, OBSERVER, locator, upstreams);
    const relay = new RelayServer(streams, { broken: () => {}, sent: () => {} }, { clock });
    const sockets = new Set<Duplex>();
    const announce = (app: string, name: string) => {
      if (!isOver) streams.relocated(app, name, registry.locate(worker, app, name));
    };
    const changed = (member: Member) => {
      if (isOver) return;
      const other = this.nodes.get(member.id);
      if (member.state === "gone" && other && other.upSince < clock.monotonic() - POLL_MS)
        this.wrongVerdicts.push(`${id}: ${member.id} gone`);
      for (const { app, name } of registry.keys()) announce(app, name);
      void registry.sweep(true);
    };
    registry.joined(worker);
    membership.start();
    const poll = () => {
      if (isOver) return;
      void registry.sweep();
      clock.after(POLL_MS, poll);
    };
    poll();
    const accept = (socket: Duplex) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      relay.accept(socket);
    };
    const kill = () => {
      isOver = true;
      membership.stop();
      void line.close();
      streams.close("killed");
      relay.close();
      for (const socket of sockets) socket.destroy();
    };
    return { id, line, membership, registry, streams, accept, upSince, kill };
  }
}

function pairOf(one: string, other: string): string {
  return [one, other].sort().join();
}

function describe(id: string, roles: readonly Role[]): SelfDescription {
  return {
    id,
    version: "1",
    roles: [...roles],
    region: "",
    carriers: [],
    parents: [],
    host: id,
    linkPort: 1,
    relayPorts: [2],
    http: "",
    rtmp: "",
    capacityMbps: 1000,
    maxConnections: 1000,
    draining: false,
    usedMbps: 0,
    connections: 0,
    cpu: 0,
    freeCores: 0,
    links: [],
    crowds: [],
  };
}
