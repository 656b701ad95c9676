/**
 * The door of a media worker to the other processes: streams are fetched from workers of this node by Unix sockets, from those of others
 * by TLS; other nodes fetch streams here, and reach the control process if it is on this node.
 */
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Server, TLSSocket } from "node:tls";
import { nodeOf, peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { dialNode, nodeServer } from "../../network/node-tls.ts";
import { WarmConnections } from "../../network/warm-connections.ts";
import { systemClock } from "../../platform/clock.ts";
import { listen, portOf } from "../../platform/listen.ts";
import { controlSocket, type NodeTable, relaySocket, type WorkerStart, workerIndex, workerName } from "../ipc/messages.ts";
import type { ControlRoute } from "../web/forwarder.ts";

export type NodeDoorEvents = {
  /** Another node wants streams. */
  readonly relay: (socket: Duplex) => void;
  /** Another node passes requests of people on. */
  readonly media: (socket: TLSSocket) => void;
  readonly refused: (reason: string) => void;
};

/** What is this node's own, whichever node has the control process. */
const OWN_PATHS = /^\/metrics(?:$|\?)/;

/** Relay connections that stand, at most. */
const MOST_STANDING = 16;

export class NodeDoor {
  private readonly options: WorkerStart;
  private readonly server: Server | null;
  private readonly guests = new Set<Duplex>();
  private readonly standing: WarmConnections;
  private table: NodeTable;

  constructor(options: WorkerStart, events: NodeDoorEvents) {
    this.options = options;
    this.table = options.nodes;
    this.standing = new WarmConnections((peer) => this.open(peer), systemClock);
    const { relay, config } = options;
    this.server =
      relay && nodeServer(config.cluster.secret, (protocol, socket) => this.accept(protocol, socket, events), events.refused);
  }

  /** Opens to other nodes, where there are any. Gives the port; 0: none. */
  async listen(): Promise<number> {
    const { relay } = this.options;
    if (!this.server || !relay) return 0;
    await listen(this.server, relay);
    this.standing.keep(this.likelyPeers());
    return portOf(this.server);
  }

  /** The other nodes are these now. */
  take(table: NodeTable): void {
    this.table = table;
    this.standing.keep(this.likelyPeers());
  }

  /** A connection to a process that has streams, `NODE/WORKER`; null when nobody knows where it is. */
  dial(peer: string): Duplex | null {
    return this.standing.take(peer) ?? this.open(peer);
  }

  /** The way of a request that is not for this process. */
  toControl(path: string): ControlRoute {
    const { control } = this.table;
    const own = { name: "own", connect: () => connect(controlSocket(this.options.directory)) };
    if (control === null || OWN_PATHS.test(path)) return own;
    return {
      name: `control ${control}`,
      connect: () => this.dialWorker(control, this.indexAt(control), "control") ?? this.nowhere(),
    };
  }

  /** The way to a worker of another node, for what that one has. */
  toMedia(node: string): ControlRoute {
    return { name: `media ${node}`, connect: () => this.dialWorker(node, this.indexAt(node), "media") ?? this.nowhere() };
  }

  /** True where there are no other nodes. */
  get isAlone(): boolean {
    return this.server === null;
  }

  /** Whether a node is there, as far as is known. */
  knows(node: string): boolean {
    return this.table.relays[node] !== undefined;
  }

  /** The node that has the control process; null: this one. */
  get control(): string | null {
    return this.table.control;
  }

  /** Whether it was a node that opened a connection. */
  isNode(socket: object): boolean {
    return this.guests.has(socket as Duplex);
  }

  close(): void {
    this.standing.keep([]);
    this.server?.close();
    for (const socket of this.guests) socket.destroy();
  }

  private open(peer: string): Duplex | null {
    const [node, worker] = [nodeOf(peer), peer.slice(peer.indexOf("/") + 1)];
    if (node === this.options.node) return connect(relaySocket(this.options.directory, worker));
    return this.dialWorker(node, workerIndex(worker), "relay");
  }

  private likelyPeers(): string[] {
    const { likely, relays } = this.table;
    return likely.flatMap((node) => (relays[node]?.ports ?? []).map((_, i) => peerOf(node, workerName(i)))).slice(0, MOST_STANDING);
  }

  /** The workers of one node share those of another. */
  private indexAt(node: string): number {
    const workers = this.table.relays[node]?.ports.length ?? 0;
    return workers > 0 ? workerIndex(this.options.name) % workers : 0;
  }

  /** A connection that fails, so that the request is refused for that. */
  private nowhere(): Duplex {
    return connect(relaySocket(this.options.directory, "none"));
  }

  private dialWorker(node: string, index: number, protocol: "relay" | "control" | "media"): TLSSocket | null {
    const known = this.table.relays[node];
    const port = known?.ports[index];
    const { secret } = this.options.config.cluster;
    return known && port ? dialNode({ host: known.host, port }, secret, this.options.node, protocol) : null;
  }

  private accept(protocol: string, socket: TLSSocket, events: NodeDoorEvents): void {
    this.guests.add(socket);
    socket.on("close", () => this.guests.delete(socket));
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
