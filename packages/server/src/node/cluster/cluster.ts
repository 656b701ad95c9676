/**
 * Connects this node with the others: the shared bus, the membership, and calls between nodes. A single node is a cluster of one, with the bus
 * in its own process and no port for others.
 */
import { randomBytes } from "node:crypto";
import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";
import { PeerGone, type RegistryNodes } from "../../live/relay/registry/registry-peers.ts";
import { peerOf, workerFor } from "../../live/relay/registry/stream-table-entry.ts";
import { ClockCorrection } from "../../network/clock-offset.ts";
import { hasRole, type Member, Membership, NODES_SUBJECT, type SelfDescription } from "../../network/membership.ts";
import { NodeRpc } from "../../network/node-rpc.ts";
import { dialNode, nodeServer } from "../../network/node-tls.ts";
import { signedBus } from "../../network/signed-envelope.ts";
import { likelyUpstreams, originsFor, upstreamsOf } from "../../network/topology.ts";
import { logHandshakeFailure } from "../../operations/door-events.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import { LocalBus } from "../../platform/bus/local.ts";
import { openNats } from "../../platform/bus/nats.ts";
import { correctClock, machineClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { listen, portOf } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcMethods } from "../../platform/rpc-channel.ts";
import { workerName } from "../process-names.ts";
import { VERSION } from "../version.ts";
import { ClusterEntry, type Impediment } from "./cluster-entry.ts";
import { nodeId, ownAddress, urlHost } from "./node-identity.ts";
import type { NodeLoadReport } from "./node-load.ts";
import type { NodeTable } from "./node-table.ts";

export type ClusterOptions<NodeMethods extends RpcMethods> = {
  readonly config: Config;
  readonly log: Logger;
  readonly ports: () => { readonly http: number; readonly rtmp: number; readonly relay: readonly number[] };
  readonly load: () => NodeLoadReport;
  /** The answers to messages of other nodes. */
  readonly methods: () => NodeMethods;
  /** A node has joined or gone, or has changed. */
  readonly onChanged: (member: Member) => void;
  /** Another node of the cluster has this one's name. */
  readonly onNameTaken: () => void;
  /** Asks a node, whose heartbeats are missing, whether it is there. Fails without an answer. */
  readonly askAlive: (node: string) => Promise<unknown>;
};

export class Cluster<NodeMethods extends RpcMethods> {
  /** This node's name. */
  readonly self: string;
  readonly bus: Bus;
  readonly nodes: RegistryNodes;
  private readonly options: ClusterOptions<NodeMethods>;
  private readonly membership: Membership;
  private readonly rpc: NodeRpc<NodeMethods>;
  private readonly server: ReturnType<typeof nodeServer> | null;
  private linkPort = 0;
  private draining = false;
  private readonly correction = new ClockCorrection();
  private correctionMs = 0;
  private readonly entry: ClusterEntry;
  private database: string | undefined;

  constructor(options: ClusterOptions<NodeMethods>) {
    this.options = options;
    const { config, log } = options;
    const { nats, secret } = config.cluster;
    this.self = nodeId(config);
    this.entry = new ClusterEntry(machineClock.monotonic, (node) => log.warn({ node }, "node has another cluster secret"));
    this.bus =
      nats.length === 0
        ? new LocalBus()
        : signedBus(
            openNats({ servers: nats, name: `lectern ${this.self}`, replicas: Math.min(3, nats.length) }, log),
            secret,
            machineClock.utc,
            (subject, text) => {
              if (subject === NODES_SUBJECT) this.entry.heardForeign(text);
            },
          );
    this.bus.onState((connected) => {
      if (connected) this.entry.connected();
    });
    const instance = randomBytes(9).toString("base64url");
    this.membership = new Membership(this.bus, () => this.describe(), instance, machineClock, log, {
      changed: (member) => this.changed(member),
      nameTaken: options.onNameTaken,
      silent: (node) =>
        void options.askAlive(node).then(
          () => this.membership.alive(node),
          () => {},
        ),
    });
    this.rpc = new NodeRpc<NodeMethods>({
      dial: (node) => {
        const member = this.membership.get(node);
        return member && dialNode({ host: member.host, port: member.linkPort }, secret, this.self, "link");
      },
      methodsFor: () => options.methods(),
      gone: (node) => new PeerGone(`the node ${node} is gone`),
      refused: (node) => this.membership.refused(node),
    });
    this.server =
      nats.length === 0
        ? null
        : nodeServer(
            secret,
            (protocol, socket, node) => (protocol === "link" ? this.rpc.accept(socket, node) : socket.destroy()),
            (failure) => logHandshakeFailure(log, failure),
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

  /** Opens the port for other nodes, and announces this one. */
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

  /** Bytes of a node have arrived on a connection. @param ageMs how long ago */
  heardFrom(node: string, ageMs: number): void {
    if (node !== this.self) this.membership.alive(node, ageMs);
  }

  /** The control process of this node uses this database. */
  setDatabase(identity: string): void {
    this.database = identity;
  }

  /** The node whose control process answers this node: its own, if it has one. Null when no node has one. */
  controlNode(): string | null {
    const [self, ...others] = this.membership.list();
    if (self && hasRole(self, "control")) return self.id;
    return others.find((member) => hasRole(member, "control") && member.state !== "gone")?.id ?? null;
  }

  /** The viewers of a stream at all nodes, as their last beats say. Beats have the streams with the most viewers. */
  audience(app: string, name: string): number {
    const all = this.membership.list().flatMap(({ state, crowds }) => (state === "gone" ? [] : crowds));
    return all.filter((one) => one.app === app && one.name === name).reduce((sum, { watching }) => sum + watching, 0);
  }

  call<N extends keyof NodeMethods & string>(
    node: string,
    method: N,
    parameter: Parameters<NodeMethods[N]>[0],
    withinMs?: number,
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>> {
    return this.rpc.call(node, method, parameter, withinMs);
  }

  tell<N extends keyof NodeMethods & string>(node: string, method: N, parameter: Parameters<NodeMethods[N]>[0]): void {
    this.rpc.tell(node, method, parameter);
  }

  tellOthers<N extends keyof NodeMethods & string>(method: N, parameter: Parameters<NodeMethods[N]>[0]): void {
    for (const { id } of this.others()) this.rpc.tell(id, method, parameter);
  }

  /** Calls all other nodes. Returns the answers of those that gave one. */
  async askOthers<N extends keyof NodeMethods & string>(
    method: N,
    parameter: Parameters<NodeMethods[N]>[0],
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>[]> {
    const answers = await Promise.allSettled(this.others().map(({ id }) => this.rpc.call(id, method, parameter)));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }

  /** The other nodes, for the processes of this one. */
  table(): NodeTable {
    const [self, ...others] = this.membership.list();
    const reachable = others.filter(({ state }) => state !== "gone");
    const relays = Object.fromEntries(reachable.map(({ id, host, relayPorts }) => [id, { host, ports: relayPorts }]));
    const control = this.controlNode();
    const likely = self ? likelyUpstreams(self, others) : [];
    return {
      relays,
      control: control === this.self ? null : (control ?? ""),
      likely,
      clockCorrectionMs: this.correctionMs,
      impediment: this.impediment,
    };
  }

  /** Corrects the clock of this process by the cluster's time. True when the correction has changed. */
  correctClock(): boolean {
    const before = this.correctionMs;
    this.correctionMs = this.correction.next(this.membership.list()[0]?.clockErrorMs ?? 0);
    if (this.correctionMs === before) return false;
    correctClock(this.correctionMs);
    this.options.log.warn({ correctionMs: this.correctionMs }, "clock of this machine corrected by the cluster's time");
    return true;
  }

  /** Why this node has not joined its cluster; null: it has, or is alone. */
  get impediment(): Impediment | null {
    if (!this.server) return null;
    return this.entry.impediment({ hasPeers: this.others().length > 0, hasControl: this.controlNode() === this.self });
  }

  /** Whether all nodes on the bus have this one's secret. */
  secretComponent(): ComponentSample {
    return this.entry.component(this.impediment);
  }

  /** Whether other nodes are up, which clients can go to. */
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
    this.rpc.close();
    this.server?.close();
    await this.bus.close();
  }

  private others(): Member[] {
    return this.membership.list().filter(({ id, state }) => id !== this.self && state !== "gone");
  }

  private changed(member: Member): void {
    if (member.state === "gone") this.rpc.forget(member.id);
    // Connections to nodes that a publisher or viewer may have to wait for are opened ahead of time.
    else if (hasRole(member, "origin") || hasRole(member, "control")) this.rpc.prepare(member.id);
    this.options.onChanged(member);
  }

  private describe(): SelfDescription {
    const { config, ports, load } = this.options;
    const { node } = config.cluster;
    const { http, rtmp, relay } = ports();
    const host = node.address || ownAddress(config);
    const { links, popularity, ...busy } = load();
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
      http: node.http || `http://${urlHost(host)}:${http}`,
      rtmp: node.rtmp || `rtmp://${urlHost(host)}:${rtmp}`,
      capacityMbps: node.capacityMbps,
      maxConnections: node.maxConnections,
      draining: this.draining,
      database: this.database,
      ...busy,
      links: [...links],
      crowds: [...popularity],
    };
  }
}
