/**
 * Connects the media workers of a node with its control process, over a Unix socket: what rooms' followers and owners say to each other, and
 * questions to the school. The supervisor has no part in it. On a node without a control process there is none.
 */
import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { lineMessages } from "../../platform/line-messages.ts";
import { listen } from "../../platform/listen.ts";
import { RpcChannel } from "../../platform/rpc-channel.ts";
import type { ControlQuestionMessages } from "./control-questions.ts";
import type { RoomMessages, RoomUpdateMessages } from "./room-messages.ts";

/** Answered by the control process. */
export type ControlLinkMessages = ControlQuestionMessages & RoomMessages;

/** How soon a worker tries again to reach a control process that has died, or has not started yet. */
const RETRY_MS = 50;

/** The control process's end. */
export class WorkerLinks {
  private readonly server = createServer();
  private readonly workers = new Map<Socket, RpcChannel<RoomUpdateMessages>>();

  /** From now on, workers are answered. @param path of the socket */
  async open(path: string, answers: ControlLinkMessages): Promise<void> {
    rmSync(path, { force: true });
    this.server.on("connection", (socket) => {
      const channel = new RpcChannel<RoomUpdateMessages>(lineMessages(socket), answers);
      this.workers.set(socket, channel);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.workers.delete(socket);
        channel.close();
      });
    });
    await listen(this.server, { path });
  }

  /** Tells all workers of this node. */
  readonly tell = <N extends keyof RoomUpdateMessages>(name: N, of: Parameters<RoomUpdateMessages[N]>[0]): void => {
    for (const channel of this.workers.values()) channel.tell(name, of);
  };

  close(): void {
    this.server.close();
    for (const socket of this.workers.keys()) socket.destroy();
  }
}

/** A worker's end: connects, and again whenever the control process has died. */
export class ControlLink {
  private readonly path: string;
  private ours: RoomUpdateMessages | null = null;
  private channel: RpcChannel<ControlLinkMessages> | null = null;

  constructor(path: string) {
    this.path = path;
    this.connect();
  }

  /** @param ours what is done with what the control process tells; before, it is not heard */
  serve(ours: RoomUpdateMessages): void {
    this.ours = ours;
    this.channel?.serve(ours);
  }

  /** Fails at once while there is no control process. */
  call<N extends keyof ControlLinkMessages>(
    name: N,
    of: Parameters<ControlLinkMessages[N]>[0],
    withinMs?: number,
  ): Promise<Awaited<ReturnType<ControlLinkMessages[N]>>> {
    return this.channel?.call(name, of, withinMs) ?? Promise.reject(new Error("the control process cannot be reached"));
  }

  private connect(): void {
    const socket = connect(this.path);
    const channel = new RpcChannel<ControlLinkMessages>(lineMessages(socket), this.ours ?? {});
    // Calls wait for the connection, which opens at once or fails.
    this.channel = channel;
    socket.unref();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.channel = null;
      channel.close();
      setTimeout(() => this.connect(), RETRY_MS).unref();
    });
  }
}
