/**
 * Connects a media worker with its peers: with workers of this node by Unix sockets, with those of other nodes by TLS. Accepts relay followers
 * and proxied requests of other nodes.
 */
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Server, TLSSocket } from "node:tls";
import { nodeOf, peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { dialNode, type HandshakeFailure, nodeServer } from "../../network/node-tls.ts";
import { WarmConnections } from "../../network/warm-connections.ts";
import { systemClock } from "../../platform/clock.ts";
import { listen, portOf } from "../../platform/listen.ts";
import { controlSocket, relaySocket, workerIndex, workerName } from "../process-names.ts";
import type { ControlRoute } from "../web/forwarder.ts";
import type { NodeTable } from "./node-table.ts";

export type PeerConnectionsOptions = {
  /** The worker's name, and its node's. */
  readonly name: string;
  readonly node: string;
  readonly nodes: NodeTable;
  /** The address for other nodes; null without a cluster. */
  readonly relay: { readonly host: string; readonly port: number } | null;
  /** The cluster's secret. */
  readonly secret: string;
  /** The folder of Unix sockets. */
  readonly directory: string;
};

export type PeerConnectionsEvents = {
  /** Another node follows streams. */
  readonly relay: (socket: Duplex) => void;
  /** Another node proxies requests of clients. */
  readonly media: (socket: TLSSocket) => void;
  readonly refused: (failure: HandshakeFailure) => void;
};

/** Paths that each node answers for itself. */
const OWN_PATHS = /^\/metrics(?:$|\?)/;

/** The limit of warm connections. */
const MAX_WARM = 16;

export class PeerConnections {
  private readonly options: PeerConnectionsOptions;
  private readonly server: Server | null;
  private readonly accepted = new Set<Duplex>();
  private readonly warm: WarmConnections;
  private table: NodeTable;

  constructor(options: PeerConnectionsOptions, events: PeerConnectionsEvents) {
    this.options = options;
    this.table = options.nodes;
    this.warm = new WarmConnections((peer) => this.open(peer), systemClock);
    const { relay, secret } = options;
    this.server = relay && nodeServer(secret, (protocol, socket) => this.accept(protocol, socket, events), events.refused);
  }

  /** Opens the port for other nodes. Returns it; 0 without a cluster. */
  async listen(): Promise<number> {
    const { relay } = this.options;
    if (!this.server || !relay) return 0;
    await listen(this.server, relay);
    this.warm.hold(this.likelyPeers());
    return portOf(this.server);
  }

  /** Stores the current nodes. */
  take(table: NodeTable): void {
    this.table = table;
    this.warm.hold(this.likelyPeers());
  }

  /** Connects to the streams of a worker, `NODE/WORKER`; null when its node is unknown. */
  dial(peer: string): Duplex | null {
    return this.warm.take(peer) ?? this.open(peer);
  }

  /** The route of a request to the control process. */
  toControl(path: string): ControlRoute {
    const { control } = this.table;
    const own = { name: "own", connect: () => connect(controlSocket(this.options.directory)) };
    if (control === null || OWN_PATHS.test(path)) return own;
    return {
      name: `control ${control}`,
      connect: () => this.dialWorker(control, this.indexAt(control), "control") ?? this.failing(),
    };
  }

  /** The route of a request to a worker of another node. */
  toMedia(node: string): ControlRoute {
    const connect = () => this.dialWorker(node, this.indexAt(node), "media") ?? this.failing();
    return { name: `media ${node}`, connect, isMedia: true };
  }

  /** True without a cluster. */
  get isAlone(): boolean {
    return this.server === null;
  }

  /** Whether a node is known and not gone. */
  knows(node: string): boolean {
    return this.table.relays[node] !== undefined;
  }

  /** The node that has the control process; null: this one. */
  get control(): string | null {
    return this.table.control;
  }

  /** Why this node has not joined its cluster; null: it has, or is alone. */
  get impediment(): NodeTable["impediment"] {
    return this.table.impediment;
  }

  /** Whether another node opened a connection. */
  isNode(socket: object): boolean {
    return this.accepted.has(socket as Duplex);
  }

  close(): void {
    this.warm.hold([]);
    this.server?.close();
    for (const socket of this.accepted) socket.destroy();
  }

  private open(peer: string): Duplex | null {
    const [node, worker] = [nodeOf(peer), peer.slice(peer.indexOf("/") + 1)];
    if (node === this.options.node) return connect(relaySocket(this.options.directory, worker));
    return this.dialWorker(node, workerIndex(worker), "relay");
  }

  private likelyPeers(): string[] {
    const { likely, relays } = this.table;
    return likely.flatMap((node) => (relays[node]?.ports ?? []).map((_, i) => peerOf(node, workerName(i)))).slice(0, MAX_WARM);
  }

  /** Spreads the workers of this node over those of the other. */
  private indexAt(node: string): number {
    const workers = this.table.relays[node]?.ports.length ?? 0;
    return workers > 0 ? workerIndex(this.options.name) % workers : 0;
  }

  /** A connection that fails, so that the request is refused. */
  private failing(): Duplex {
    return connect(relaySocket(this.options.directory, "none"));
  }

  private dialWorker(node: string, index: number, protocol: "relay" | "control" | "media"): TLSSocket | null {
    const known = this.table.relays[node];
    const port = known?.ports[index];
    const { secret } = this.options;
    return known && port ? dialNode({ host: known.host, port }, secret, this.options.node, protocol) : null;
  }

  private accept(protocol: string, socket: TLSSocket, events: PeerConnectionsEvents): void {
    this.accepted.add(socket);
    socket.on("close", () => this.accepted.delete(socket));
    if (protocol === "relay") events.relay(socket);
    else if (protocol === "media") events.media(socket);
    else if (protocol === "control") {
      const onward = connect(controlSocket(this.options.directory));
      onward.on("error", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      onward.on("close", () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    } else socket.destroy();
  }
}
