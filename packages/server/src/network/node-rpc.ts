/**
 * Provides remote procedure calls between the supervisors of nodes. A node opens one connection to each node that it calls: with the first call, and
 * with the first call after the connection broke.
 */
import type { Duplex } from "node:stream";
import { lineMessages } from "../platform/line-messages.ts";
import { RpcChannel, type RpcMethods } from "../platform/rpc-channel.ts";

/** A call without an answer within this fails; the other node may be gone. */
const ANSWER_WITHIN_MS = 3000;
/** Errors that the other machine itself reports: it is up, and the process is gone. */
const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);
/** A connection that was open for so long and breaks is opened again, which shows whether the process is gone. */
const STEADY_MS = 1000;

export type NodeRpcOptions = {
  /** A connection to a node, which may still be opening; null when the node's address is unknown. */
  readonly dial: (node: string) => Duplex | null;
  /** The methods that a node may call here. */
  readonly methodsFor: (node: string) => RpcMethods;
  /** Creates the error of a call whose process is certainly gone. */
  readonly gone: (node: string) => Error;
  /** A node's machine refuses connections: its process is gone. */
  readonly refused: (node: string) => void;
};

type Link<Theirs extends RpcMethods> = { readonly channel: RpcChannel<Theirs>; readonly socket: Duplex; isGone: boolean };

export class NodeRpc<Theirs extends RpcMethods> {
  private readonly options: NodeRpcOptions;
  private readonly links = new Map<string, Link<Theirs>>();
  private readonly accepted = new Set<Duplex>();

  constructor(options: NodeRpcOptions) {
    this.options = options;
  }

  /** Answers the calls of a node on a connection that it opened. */
  accept(socket: Duplex, node: string): void {
    this.accepted.add(socket);
    const channel = new RpcChannel(lineMessages(socket), this.options.methodsFor(node));
    socket.on("close", () => {
      this.accepted.delete(socket);
      channel.close();
    });
  }

  async call<N extends keyof Theirs & string>(
    node: string,
    method: N,
    parameter: Parameters<Theirs[N]>[0],
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<Awaited<ReturnType<Theirs[N]>>> {
    const wasOpen = this.links.has(node);
    const link = this.to(node);
    if (!link) throw new Error(`the address of node ${node} is unknown`);
    try {
      return await link.channel.call(method, parameter, withinMs);
    } catch (error) {
      if (!link.isGone) throw error;
      // A connection that was open before may have broken earlier; only a new one shows whether the process is gone.
      if (wasOpen) return await this.call(node, method, parameter, withinMs);
      throw this.options.gone(node);
    }
  }

  tell<N extends keyof Theirs & string>(node: string, method: N, parameter: Parameters<Theirs[N]>[0]): void {
    this.to(node)?.channel.tell(method, parameter);
  }

  /** Opens the connection before it is needed. */
  prepare(node: string): void {
    this.to(node);
  }

  /** Closes the connection to a node that has moved or is gone. */
  forget(node: string): void {
    const link = this.links.get(node);
    this.links.delete(node);
    link?.socket.destroy();
  }

  close(): void {
    const links = [...this.links.values()];
    this.links.clear();
    for (const { socket } of links) socket.destroy();
    for (const socket of this.accepted) socket.destroy();
  }

  private to(node: string): Link<Theirs> | null {
    const known = this.links.get(node);
    if (known) return known;
    const socket = this.options.dial(node);
    if (!socket) return null;
    const link: Link<Theirs> = { channel: new RpcChannel<Theirs>(lineMessages(socket), {}), socket, isGone: false };
    this.links.set(node, link);
    let failure: string | null = null;
    const openedAt = performance.now();
    socket.on("error", (error: Error & { code?: string }) => {
      failure = error.code ?? "unknown";
      socket.destroy();
    });
    socket.on("close", () => {
      // Without an error, the other side closed the connection.
      link.isGone = failure === null || GONE.has(failure);
      const isCurrent = this.links.get(node) === link;
      if (isCurrent) this.links.delete(node);
      link.channel.close();
      if (failure === "ECONNREFUSED") this.options.refused(node);
      else if (isCurrent && link.isGone && performance.now() - openedAt > STEADY_MS) this.to(node);
    });
    return link;
  }
}
