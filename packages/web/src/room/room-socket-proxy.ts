/** Provides a line to a room that a worker keeps; where the worker cannot be loaded, the page does. */

import type { Action } from "@lectern/room";
import type { FromLine, ToLine } from "./line-messages.ts";
import type { Done } from "./outbox.ts";
import { RoomConnection, type RoomConnectionEvents, type RoomLine } from "./room-connection.ts";
import { RoomError } from "./room-error.ts";
import { UnansweredActions } from "./unanswered-actions.ts";

/** What it uses of a worker. */
export type RoomSocketWorker = {
  readonly postMessage: (message: ToLine, transfer: Transferable[]) => void;
  readonly terminate: () => void;
  onmessage: ((event: MessageEvent<FromLine>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

/** What it needs of the page; tests bring their own. */
export type RoomSocketProxyEnvironment = {
  readonly worker: RoomSocketWorker;
  /** Of the page. */
  readonly language: string;
  /** A line that the page keeps. */
  readonly openHere: (address: string, events: RoomConnectionEvents) => RoomLine;
};

export class RoomSocketProxy implements RoomLine {
  private readonly events: RoomConnectionEvents;
  private readonly worker: RoomSocketWorker;
  private readonly openHere: RoomSocketProxyEnvironment["openHere"];
  private address: string;
  private isReady = false;
  private isClosed = false;
  /** The page's own. */
  private instead: RoomLine | null = null;
  private readonly unanswered = new UnansweredActions();

  /** @param address of the room's socket, as for `RoomConnection` */
  constructor(address: string, events: RoomConnectionEvents, { worker, language, openHere }: RoomSocketProxyEnvironment) {
    this.address = address;
    this.events = events;
    this.worker = worker;
    this.openHere = openHere;
    worker.onmessage = ({ data }) => this.hear(data);
    worker.onerror = () => this.onError();
    this.tell({ kind: "open", address, language });
  }

  setAddress(address: string): void {
    this.address = address;
    if (this.instead) this.instead.setAddress(address);
    else this.tell({ kind: "address", address });
  }

  retryNow(isOtherNetwork = false): void {
    if (this.instead) this.instead.retryNow(isOtherNetwork);
    else this.tell({ kind: "retry", isOtherNetwork });
  }

  send(action: Action): Promise<Done> {
    if (this.isClosed) return Promise.reject(new RoomError("offline"));
    if (this.instead) return this.instead.send(action);
    return this.unanswered.send(action, (numbered) => this.tell({ kind: "send", ...numbered }));
  }

  openPort(): MessagePort | null {
    if (!this.isReady || this.isClosed) return null;
    const { port1, port2 } = new MessageChannel();
    this.tell({ kind: "port", port: port1 }, [port1]);
    return port2;
  }

  close(): void {
    this.isClosed = true;
    if (this.instead) this.instead.close();
    else this.tell({ kind: "close" });
    for (const { reject } of this.unanswered.takeAll()) reject(new RoomError("offline"));
  }

  private tell(message: ToLine, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private hear(message: FromLine): void {
    if (this.isClosed || this.instead) return;
    switch (message.kind) {
      case "ready":
        this.isReady = true;
        return;
      case "frames":
        for (const frame of message.frames) this.events.onFrame(frame);
        return;
      case "status":
        return this.events.onStatus(message.status, message.failure && RoomError.of(message.failure));
      case "pending":
        return this.events.onPending(message.pending);
      default:
        this.unanswered.settle(message);
    }
  }

  /** Its script could not be loaded. */
  private onError(): void {
    if (this.isReady || this.isClosed || this.instead) return;
    this.worker.terminate();
    const instead = this.openHere(this.address, this.events);
    this.instead = instead;
    for (const { action, resolve, reject } of this.unanswered.takeAll()) instead.send(action).then(resolve, reject);
  }
}

/** For a page. */
export function openByWorker(address: string, events: RoomConnectionEvents): RoomLine {
  return new RoomSocketProxy(address, events, {
    worker: new Worker(new URL("./room-socket-worker.ts", import.meta.url), { type: "module" }),
    language: document.documentElement.lang,
    openHere: (here, heard) => new RoomConnection(here, heard),
  });
}
