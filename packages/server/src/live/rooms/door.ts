/** Serves the sockets of rooms: `GET /api/v1/rooms/CODE/socket`, subprotocol `lectern.room.v1`. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { Counter, Gauge, type Registry } from "prom-client";
import { type WebSocket, WebSocketServer } from "ws";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { handshakeOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { sendRefusal } from "../http/responses.ts";
import { refuseUpgrade } from "../http/upgrade-refusal.ts";
import { WebSocketPings } from "../http/websocket-pings.ts";
import { Room, type RoomSocket } from "./room.ts";
import { RoomLog } from "./room-log.ts";

/** A client that may enter a room. */
export type RoomAdmission = {
  /** Two codes of the same room have the same key. */
  readonly room: string;
  /** The code of the refusal when the client may not stay; null otherwise. */
  readonly isWithdrawn: () => string | null;
};

export type RoomDoorOptions = {
  readonly enter: (code: string, request: MediaRequest) => Promise<RoomAdmission | Refusal>;
  /** Calls the listener with each state of a room, at once and at every change. Returns the function that ends it. */
  readonly follow: (room: string, listener: (state: Readonly<Record<string, unknown>>) => void) => () => void;
  /** This process, `NODE/WORKER`. */
  readonly owner: string;
  readonly onRefused: (code: string, ip: string, refusal: Refusal) => void;
};

type Open = { readonly room: Room; readonly unfollow: () => void };

const SUBPROTOCOL = "lectern.room.v1";
/** At most five writes a second to a client. */
const FLUSH_MS = 200;
const REVIEW_MS = 1000;
/** Clients send nothing but control frames yet. */
const MAX_CLIENT_MESSAGE = 1024;

export class RoomDoor implements Door<string> {
  readonly name = "rooms";
  private readonly options: RoomDoorOptions;
  private readonly rooms = new Map<string, Open>();
  private readonly pings = new WebSocketPings();
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  /** They run only while there is a room. */
  private timers: readonly NodeJS.Timeout[] = [];
  private readonly entries = new Counter({
    name: "lectern_room_entries_total",
    help: "Entries of rooms",
    labelNames: ["kind"],
    registers: [],
  });

  constructor(options: RoomDoorOptions) {
    this.options = options;
  }

  match({ address }: MediaRequest): string | null {
    const [api, version, rooms, code, socket, ...rest] = address.segments;
    const isRoom = api === "api" && version === "v1" && rooms === "rooms" && socket === "socket" && rest.length === 0;
    return isRoom && code ? code : null;
  }

  /** A plain request is refused: the address is for WebSockets only. */
  handle(request: MediaRequest, response: MediaResponse): void {
    sendRefusal(request, response, new Refusal("bad-request"));
  }

  upgrade(request: MediaRequest, socket: Socket, head: Buffer, code: string): void {
    void this.serve(request, socket, head, code);
  }

  metrics(registry: Registry): void {
    registry.registerMetric(this.entries);
    const count = () => [...this.rooms.values()].reduce((sum, { room }) => sum + room.size, 0);
    new Gauge({
      name: "lectern_room_members",
      help: "Sockets in rooms",
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }

  close(): void {
    this.stopTimers();
    for (const { room, unfollow } of this.rooms.values()) {
      unfollow();
      room.close();
    }
    this.rooms.clear();
    this.pings.close();
  }

  private async serve(request: MediaRequest, socket: Socket, head: Buffer, code: string): Promise<void> {
    const handshake = handshakeOf(request);
    if (!handshake) return;
    const destroy = () => socket.destroy();
    socket.on("error", destroy);
    const admission = await this.options.enter(code, request);
    socket.off("error", destroy);
    if (admission instanceof Refusal) {
      this.options.onRefused(code, request.ip, admission);
      return refuseUpgrade(request, socket, admission);
    }
    if (socket.destroyed) return;
    this.webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
      request.claimConnection();
      this.join(webSocket, admission);
    });
  }

  private join(webSocket: WebSocket, { room: key, isWithdrawn }: RoomAdmission): void {
    this.pings.watch(webSocket);
    const { room } = this.rooms.get(key) ?? this.open(key);
    const member: RoomSocket = {
      get bufferedAmount() {
        return webSocket.bufferedAmount;
      },
      send: (bytes) => webSocket.send(bytes, { binary: false }),
      close: (code, reason) => webSocket.close(code, reason),
    };
    room.join(member, isWithdrawn);
    webSocket.on("close", () => {
      room.leave(member);
      if (room.size === 0) this.drop(key, room);
    });
  }

  private open(key: string): Open {
    const epoch = randomBytes(9).toString("base64url");
    const room = new Room(new RoomLog({ epoch, term: 1, owner: this.options.owner }));
    const unfollow = this.options.follow(key, (state) => {
      const id = `state-${room.log.head + 1}`;
      room.log.append({ id, from: null, kind: "state", mediaTime: null, body: state });
      this.entries.inc({ kind: "state" });
    });
    const open = { room, unfollow };
    this.rooms.set(key, open);
    if (this.rooms.size === 1) this.startTimers();
    return open;
  }

  private drop(key: string, room: Room): void {
    const open = this.rooms.get(key);
    if (open?.room !== room) return;
    open.unfollow();
    this.rooms.delete(key);
    if (this.rooms.size === 0) this.stopTimers();
  }

  private startTimers(): void {
    this.timers = [
      setInterval(() => this.each((room) => room.flush()), FLUSH_MS).unref(),
      setInterval(() => this.each((room) => room.review()), REVIEW_MS).unref(),
    ];
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }

  private each(action: (room: Room) => void): void {
    for (const { room } of this.rooms.values()) action(room);
  }
}
