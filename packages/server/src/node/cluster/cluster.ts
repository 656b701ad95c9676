/**
 * This node among the others: the bus that they share, who there is, and what they ask each other. A node that is alone is a cluster of one,
 * with the bus in its own process and no port open to others.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import type { InspectedRecording } from "../../library/maintenance/recording-maintenance.ts";
import { PeerGone, type RegistryNodes } from "../../live/relay/registry/registry-peers.ts";
import type { Copy } from "../../live/relay/registry/stream-copies.ts";
import { peerOf, workerFor } from "../../live/relay/registry/stream-table-entry.ts";
import type { ClaimOptions, Occupancy, Yielded } from "../../live/streams/index.ts";
import { Links } from "../../network/links.ts";
import { has, type Member, Membership, type NodeLink, type Self } from "../../network/membership.ts";
import { dialNode, nodeServer } from "../../network/node-tls.ts";
import { signedBus } from "../../network/signed-envelope.ts";
import type { StreamPopularity } from "../../network/stream-popularity.ts";
import { likelyUpstreams, originsFor, upstreamsOf } from "../../network/topology.ts";
import type { WorkerReport } from "../../operations/stream-report.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import { LocalBus } from "../../platform/bus/local.ts";
import { openNats } from "../../platform/bus/nats.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { listen, portOf } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import type { OpenAlarm } from "../../school/school.ts";
import {
  type ClipRequest,
  type NodeTable,
  type RecordRequest,
  type RtmpVisitor,
  type RuleUpdate,
  type StreamName,
  workerName,
} from "../ipc/messages.ts";
import { VERSION } from "../version.ts";
import type { CallbackSessionsUpdate } from "./callback-sessions.ts";

/** What nodes ask each other. */
export type NodeMethods = {
  readonly yield: (
    of: StreamName & { readonly peer: string; readonly to: string; readonly manner: ClaimOptions },
  ) => Promise<Yielded | null>;
  readonly occupied: (of: StreamName & { readonly peer: string; readonly silentMs: number | null }) => Promise<Occupancy>;
  readonly newest: (of: StreamName) => Promise<Copy | null>;
  /** An entry of the registry, while the bus is away. */
  readonly entry: (of: { readonly text: string }) => void;
  /** Of a node that has the control process. */
  readonly streamRule: (of: StreamName) => Promise<StreamPolicy | null>;
  readonly recordingRule: (of: { readonly id: string }) => Promise<RecordingInfo | null>;
  readonly betterRtmp: (of: RtmpVisitor & { readonly at: string }) => Promise<string | null>;
  /** From a node that has it. */
  readonly rule: (news: RuleUpdate) => void;
  readonly recording: (news: { readonly id: string; readonly rule: RecordingInfo | null }) => void;
  readonly refreshRules: (of: null) => void;
  readonly streams: (of: null) => Promise<WorkerReport[]>;
  readonly endStream: (of: StreamName) => Promise<boolean>;
  readonly record: (ask: RecordRequest) => Promise<boolean>;
  readonly prefetchStream: (of: StreamName) => Promise<boolean>;
  /** Has every worker fetch the beginning of a recording; gives how many seconds are there. */
  readonly prefetchRecording: (of: { readonly id: string }) => Promise<number>;
  readonly recordingSeen: (recording: InspectedRecording) => Promise<void>;
  readonly alarmsOf: (of: { readonly node: string; readonly open: readonly OpenAlarm[] }) => void;
  /** Of files that are there. */
  readonly clip: (of: ClipRequest) => Promise<InspectedRecording | null>;
  readonly removeFiles: (of: { readonly files: readonly string[] }) => Promise<void>;
  /** Who is in at the node that asks, which this one is the witness of. */
  readonly attendance: (news: CallbackSessionsUpdate) => void;
  readonly drainNode: (of: { readonly draining: boolean }) => void;
};

/** How busy this node is. */
export type Load = {
  readonly usedMbps: number;
  readonly connections: number;
  readonly cpu: number;
  readonly links: readonly NodeLink[];
  readonly crowds: readonly StreamPopularity[];
};

export type ClusterOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly ports: () => { readonly http: number; readonly rtmp: number; readonly relay: readonly number[] };
  readonly load: () => Load;
  readonly methods: NodeMethods;
  /** A node has come or gone, or is another than before. */
  readonly onChanged: (member: Member) => void;
  /** Another node has this one's name. */
  readonly onUsurped: () => void;
};

export class Cluster {
  /** This node's name. */
  readonly self: string;
  readonly bus: Bus;
  readonly nodes: RegistryNodes;
  private readonly options: ClusterOptions;
  private readonly membership: Membership;
  private readonly links: Links<NodeMethods>;
  private readonly server: ReturnType<typeof nodeServer> | null;
  private linkPort = 0;
  private draining = false;

  constructor(options: ClusterOptions) {
    this.options = options;
    const { config, log } = options;
    const { nats, secret } = config.cluster;
    this.self = nodeId(config);
    this.bus =
      nats.length === 0
        ? new LocalBus()
        : signedBus(openNats({ servers: nats, name: `lectern ${this.self}`, replicas: Math.min(3, nats.length) }, log), secret);
    const instance = randomBytes(9).toString("base64url");
    this.membership = new Membership(this.bus, () => this.describe(), instance, systemClock, log, {
      changed: (member) => this.changed(member),
      usurped: options.onUsurped,
    });
    this.links = new Links<NodeMethods>({
      dial: (node) => {
        const member = this.membership.get(node);
        return member && dialNode({ host: member.host, port: member.linkPort }, secret, this.self, "link");
      },
      methodsFor: () => options.methods,
      gone: (node) => new PeerGone(`the node ${node} is gone`),
    });
    this.server =
      nats.length === 0
        ? null
        : nodeServer(
            secret,
            (protocol, socket, node) => (protocol === "link" ? this.links.accept(socket, node) : socket.destroy()),
            (reason) => log.warn({ reason }, "a node was refused: it does not have this cluster's secret"),
          );
    this.nodes = {
      self: this.self,
      isUp: (node) => this.membership.isUp(node),
      originsFor: (key, before) => {
        const [self, ...others] = this.membership.list();
        return self ? originsFor(key, config.cluster.origins, self, others, before) : [this.self];
      },
      upstreamsOf: (key, origins) => {
        const [self, ...others] = this.membership.list();
        return self ? upstreamsOf(key, self, others, origins) : [];
      },
      peerAt: (node, key) => {
        const workers = this.membership.get(node)?.relayPorts.map((_, i) => peerOf(node, workerName(i))) ?? [];
        return workerFor(key, workers) ?? peerOf(node, workerName(0));
      },
      eldest: () =>
        this.membership
          .list()
          .filter(({ state }) => state !== "gone")
          .map(({ id }) => id)
          .sort()[0] ?? this.self,
    };
  }

  /** Opens the port for other nodes, and says that this one is there. */
  async start(): Promise<void> {
    const { host, port } = this.options.config.cluster;
    if (this.server) {
      await listen(this.server, { host, port });
      this.linkPort = portOf(this.server);
    }
    this.membership.start();
  }

  members(): Member[] {
    return this.membership.list();
  }

  /** The node whose control process this one asks: its own, if it has one. Null when there is none. */
  controlNode(): string | null {
    const [self, ...others] = this.membership.list();
    if (self && has(self, "control")) return self.id;
    return others.find((member) => has(member, "control") && member.state !== "gone")?.id ?? null;
  }

  call<N extends keyof NodeMethods>(
    node: string,
    method: N,
    parameter: Parameters<NodeMethods[N]>[0],
    withinMs?: number,
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>> {
    return this.links.call(node, method, parameter, withinMs);
  }

  tell<N extends keyof NodeMethods>(node: string, method: N, parameter: Parameters<NodeMethods[N]>[0]): void {
    this.links.tell(node, method, parameter);
  }

  tellOthers<N extends keyof NodeMethods>(method: N, parameter: Parameters<NodeMethods[N]>[0]): void {
    for (const { id } of this.others()) this.links.tell(id, method, parameter);
  }

  /** Asks all other nodes, and gives the answers of those that have one. */
  async askOthers<N extends keyof NodeMethods>(
    method: N,
    parameter: Parameters<NodeMethods[N]>[0],
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>[]> {
    const answers = await Promise.allSettled(this.others().map(({ id }) => this.links.call(id, method, parameter)));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }

  /** What this node's processes have to know of the others. */
  table(): NodeTable {
    const [self, ...others] = this.membership.list();
    const there = others.filter(({ state }) => state !== "gone");
    const relays = Object.fromEntries(there.map(({ id, host, relayPorts }) => [id, { host, ports: relayPorts }]));
    const control = this.controlNode();
    const likely = self ? likelyUpstreams(self, others) : [];
    return { relays, control: control === this.self ? null : (control ?? ""), likely };
  }

  /** Whether other nodes are there, to which people can go. */
  get isOneOfMany(): boolean {
    return this.others().some(({ state }) => state === "up");
  }

  get isDraining(): boolean {
    return this.draining;
  }

  setDraining(draining: boolean): void {
    this.draining = draining;
    this.membership.announce();
  }

  async close(): Promise<void> {
    this.membership.stop();
    this.links.close();
    this.server?.close();
    await this.bus.close();
  }

  private others(): Member[] {
    return this.membership.list().filter(({ id, state }) => id !== this.self && state !== "gone");
  }

  private changed(member: Member): void {
    if (member.state === "gone") this.links.forget(member.id);
    // The way to those that are asked in the middle of something stands before it is needed.
    else if (has(member, "origin") || has(member, "control")) this.links.prepare(member.id);
    this.options.onChanged(member);
  }

  private describe(): Self {
    const { config, ports, load } = this.options;
    const { node } = config.cluster;
    const { http, rtmp, relay } = ports();
    const host = node.address || ownAddress(config);
    const { links, crowds, ...busy } = load();
    return {
      id: this.self,
      version: VERSION,
      roles: config.roles,
      region: node.region,
      carriers: node.carriers,
      parents: config.relay.parents,
      host,
      linkPort: this.linkPort,
      relayPorts: [...relay],
      http: node.http || `http://${bracketed(host)}:${http}`,
      rtmp: node.rtmp || `rtmp://${bracketed(host)}:${rtmp}`,
      capacityMbps: node.capacityMbps,
      maxConnections: node.maxConnections,
      draining: this.draining,
      ...busy,
      links: [...links],
      crowds: [...crowds],
    };
  }
}

/** The name that is configured, or one that is made once and kept. */
export function nodeId({ cluster, dataDir }: Config): string {
  if (cluster.node.id !== "auto") return cluster.node.id;
  const path = join(dataDir, "node-id");
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const host = hostname()
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, 40);
  const made = `${host}-${randomBytes(3).toString("hex")}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${made}\n`);
  return made;
}

/** Where others are likely to reach this machine. */
function ownAddress({ cluster, http }: Config): string {
  for (const bound of [cluster.host, http.host]) if (bound !== "0.0.0.0" && bound !== "::") return bound;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal }) => !internal);
  return (outside.find(({ family }) => family === "IPv4") ?? outside[0])?.address ?? "127.0.0.1";
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
