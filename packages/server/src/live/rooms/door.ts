/**
 * Serves the rooms of lessons: `GET /api/v1/rooms/CODE/socket` (WebSocket, subprotocol `lectern.room.v1`), and where WebSockets do not pass,
 * `GET …/events` (server-sent events) with `POST …/entries`; pages of the board for newcomers at `GET …/pages/PAGE`. docs/room-protocol.md.
 */
export type { AskOwner } from "./owner-calls.ts";

import type { Socket } from "node:net";
import { MAX_MESSAGE, type RoomPosition } from "@lectern/room";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { type WebSocket, WebSocketServer } from "ws";
import type { RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { handshakeOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import { refuseOnSocket } from "../http/socket-refusal.ts";
import { WebSocketPings } from "../http/websocket-pings.ts";
import { openEvents } from "./event-stream.ts";
import { FlushQueue } from "./flush-queue.ts";
import { socketLine } from "./lines.ts";
import { Member, type MemberLine } from "./member.ts";
import { OpenRoom } from "./open-room.ts";
import type { AskOwner } from "./owner-calls.ts";
import { answerPage } from "./page-request.ts";
import { answerAction } from "./posted-action.ts";
import { type FoundPerson, NOBODY } from "./room-people.ts";
import { roomMessage } from "./room-texts.ts";

/** A client that may enter a room. */
export type RoomAdmission = {
  /** Two codes of the same room have the same. */
  readonly room: string;
  /** The participant whom the client's link proves; null: a viewer without a name, who only watches. */
  readonly participant: string | null;
  /** The code of the refusal when the client may not stay; null otherwise. */
  readonly isWithdrawn: () => string | null;
  /** Calls the listener with the lesson's state, at once and at every change. Returns the function that ends it. */
  readonly follow: (listener: (state: Readonly<Record<string, unknown>>) => void) => () => void;
};

export type RoomDoorOptions = {
  readonly enter: (code: string, request: MediaRequest) => Promise<RoomAdmission | Refusal>;
  readonly ask: AskOwner;
  /** This process, `NODE/WORKER`. */
  readonly worker: string;
  readonly onRefused: (code: string, ip: string, refusal: Refusal) => void;
  /** Default: the system's. */
  readonly clock?: Clock;
};

type Way = "socket" | "events" | "entries" | "pages";
/** `page`: of the way `pages`. */
export type RoomAddress = { readonly code: string; readonly way: Way; readonly page: string };
type Open = { readonly room: OpenRoom; readonly unfollow: () => void };
type Admitted = { readonly room: OpenRoom; readonly admission: RoomAdmission; readonly found: FoundPerson };

const SUBPROTOCOL = "lectern.room.v1";
const WAYS: readonly string[] = ["socket", "events", "entries", "pages"] satisfies Way[];
const REVIEW_MS = 1000;
/** A person has a few tabs and devices. */
const MAX_SOCKETS = 10;
/** RFC 6455 section 7.4.1: a type of data that the endpoint does not take. */
const UNSUPPORTED = 1003;
const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};
const METHODS = { socket: "GET", events: "GET", entries: "POST", pages: "GET" } as const;
const OBSERVER: FoundPerson = { person: NOBODY, isSure: true, isKnown: false };

export class RoomDoor implements Door<RoomAddress> {
  readonly name = "rooms";
  private readonly options: RoomDoorOptions;
  private readonly clock: Clock;
  private readonly rooms = new Map<string, Open>();
  private readonly pings = new WebSocketPings();
  private readonly queue = new FlushQueue();
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  private readonly entries = new Counter({
    name: "lectern_room_entries_total",
    help: "Entries of rooms that arrived for members of this server",
    labelNames: ["kind"],
    registers: [],
  });
  private readonly delivery = new Histogram({
    name: "lectern_room_delivery_seconds",
    help: "From an entry's time to the write to a member, of one of 16 members",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [],
  });
  /** It runs only while there is a room. */
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(options: RoomDoorOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
  }

  match({ address }: MediaRequest): RoomAddress | null {
    const [api, version, rooms, code, way, page, ...rest] = address.segments;
    if (api !== "api" || version !== "v1" || rooms !== "rooms" || rest.length > 0 || !code) return null;
    return isWay(way) && (way === "pages") === (page !== undefined) ? { code, way, page: page ?? "" } : null;
  }

  handle(request: MediaRequest, response: MediaResponse, address: RoomAddress): void {
    const { way } = address;
    if (request.method === "OPTIONS") {
      response.writeHead(204, PREFLIGHT);
      response.end();
    } else if (request.method !== METHODS[way]) {
      response.writeHead(405, { allow: `${METHODS[way]}, OPTIONS` });
      response.end();
    } else if (way === "socket") {
      // A plain request: the address is for WebSockets only.
      sendRefusal(request, response, new Refusal("bad-request"));
    } else if (way === "events") void this.serveEvents(request, response, address);
    else if (way === "pages") void this.servePage(request, response, address);
    else void this.serveAction(request, response, address);
  }

  upgrade(request: MediaRequest, socket: Socket, head: Buffer, address: RoomAddress): void {
    if (address.way === "socket") void this.serveSocket(request, socket, head, address);
    else refuseOnSocket(request, socket, new Refusal("not-found"));
  }

  /** The owner of a room has told something. */
  take(update: RoomUpdate): void {
    this.rooms.get(update.room)?.room.take(update);
  }

  metrics(registry: Registry): void {
    registry.registerMetric(this.entries);
    registry.registerMetric(this.delivery);
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
    this.isClosed = true;
    this.stopTimer();
    for (const [id, open] of this.rooms) this.drop(id, open);
    this.pings.close();
  }

  private async serveSocket(request: MediaRequest, socket: Socket, head: Buffer, { code }: RoomAddress): Promise<void> {
    const handshake = handshakeOf(request);
    if (!handshake) return;
    const destroy = () => socket.destroy();
    socket.on("error", destroy);
    const admitted = this.unlessFull(request, code, await this.admit(request, code));
    socket.off("error", destroy);
    if (admitted instanceof Refusal) return refuseOnSocket(request, socket, admitted);
    if (socket.destroyed) return;
    this.webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
      request.claimConnection();
      socket.setNoDelay(true);
      this.pings.watch(webSocket);
      const member = this.join(request, admitted, socketLine(webSocket, socket));
      webSocket.on("message", (data, isBinary) => receive(admitted.room, member, webSocket, data, isBinary));
      webSocket.on("close", () => admitted.room.leave(member));
    });
  }

  private async serveEvents(request: MediaRequest, response: MediaResponse, { code }: RoomAddress): Promise<void> {
    // Before the permission is asked: a request that arrives meanwhile must not be answered into the stream.
    if (!("stream" in response)) request.claimConnection();
    const admitted = this.unlessFull(request, code, await this.admit(request, code));
    if (admitted instanceof Refusal) {
      request.releaseConnection();
      if (!request.socket.destroyed) sendRefusal(request, response, admitted);
      return;
    }
    const opened = openEvents(request, response, this.clock);
    if (!opened) return;
    const member = this.join(request, admitted, opened.line);
    opened.onClosed(() => admitted.room.leave(member));
  }

  private async serveAction(request: MediaRequest, response: MediaResponse, { code }: RoomAddress): Promise<void> {
    const admitted = await this.admit(request, code);
    if (admitted instanceof Refusal) return sendRefusal(request, response, admitted);
    const { admission, room, found } = admitted;
    const { participant } = admission;
    if (participant === null) return sendRefusal(request, response, new Refusal("not-signed-in"));
    if (!found.isKnown) return sendRefusal(request, response, new Refusal("control-away"));
    await answerAction(request, response, (text) => room.post(participant, text));
  }

  private async servePage(request: MediaRequest, response: MediaResponse, { code, page }: RoomAddress): Promise<void> {
    const admitted = await this.admit(request, code);
    if (admitted instanceof Refusal) return sendRefusal(request, response, admitted);
    await answerPage(request, response, page, admitted.room.pages);
  }

  private async admit(request: MediaRequest, code: string): Promise<Admitted | Refusal> {
    const admitted = await this.enter(request, code).catch(() => new Refusal("internal-error"));
    if (admitted instanceof Refusal) this.options.onRefused(code, request.ip, admitted);
    return admitted;
  }

  private async enter(request: MediaRequest, code: string): Promise<Admitted | Refusal> {
    const admission = await this.options.enter(code, request);
    if (admission instanceof Refusal) return admission;
    if (this.isClosed) return new Refusal("draining");
    const { participant } = admission;
    const { room } = this.rooms.get(admission.room) ?? this.open(admission);
    const found = await room.ready(participant === null ? Promise.resolve(OBSERVER) : room.people.find(participant));
    if (found instanceof Refusal) return found;
    return this.isClosed ? new Refusal("draining") : { room, admission, found };
  }

  /** Called in the turn in which the member joins: many sockets of a person may have asked at once. */
  private unlessFull(request: MediaRequest, code: string, admitted: Admitted | Refusal): Admitted | Refusal {
    if (admitted instanceof Refusal) return admitted;
    const { room, admission } = admitted;
    const { participant } = admission;
    if (participant === null || room.socketsOf(participant) < MAX_SOCKETS) return admitted;
    const refusal = new Refusal("too-many", roomMessage("own-connections"));
    this.options.onRefused(code, request.ip, refusal);
    return refusal;
  }

  private join(request: MediaRequest, { room, admission, found }: Admitted, line: MemberLine): Member {
    const { participant, isWithdrawn } = admission;
    const { person, isSure, isKnown } = found;
    const member = new Member({ line, participant, person, isSure, mayWrite: isKnown, isWithdrawn });
    room.join(member, positionOf(request), request.headers["user-agent"] ?? "");
    return member;
  }

  private open(admission: RoomAdmission): Open {
    const { ask, worker } = this.options;
    const { clock, queue } = this;
    const room = new OpenRoom({
      id: admission.room,
      ask,
      worker,
      clock,
      queue,
      onEntry: ({ kind }) => this.entries.inc({ kind }),
      onWritten: (at) => this.delivery.observe(Math.max(0, clock.utc() - at) / 1000),
    });
    const unfollow = admission.follow((state) => room.setSignal({ kind: "state", key: "", to: "all", body: state }));
    const open = { room, unfollow };
    this.rooms.set(room.id, open);
    this.timer ??= setInterval(() => this.review(), REVIEW_MS).unref();
    return open;
  }

  private review(): void {
    for (const [id, open] of this.rooms) {
      open.room.review();
      if (open.room.isOver) this.drop(id, open);
    }
    if (this.rooms.size === 0) this.stopTimer();
  }

  private drop(id: string, { room, unfollow }: Open): void {
    this.rooms.delete(id);
    unfollow();
    room.close();
  }

  private stopTimer(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}

function receive(room: OpenRoom, member: Member, webSocket: WebSocket, data: unknown, isBinary: boolean): void {
  // The library gives messages as buffers.
  if (webSocket.readyState !== webSocket.OPEN || !Buffer.isBuffer(data)) return;
  if (isBinary) room.dismiss(member, UNSUPPORTED, "bad-request");
  else room.receive(member, data.toString());
}

/** Where a client was that returns: `EPOCH.SEQ` in its query, or as the last id of its events. */
function positionOf({ address, headers }: MediaRequest): RoomPosition | null {
  const last = address.query.get("after") ?? headers["last-event-id"];
  const [, epoch, seq] = /^([\w-]{1,64})\.(\d{1,15})$/.exec(String(last ?? "")) ?? [];
  return epoch === undefined || seq === undefined ? null : { epoch, seq: Number(seq) };
}

function isWay(way: string | undefined): way is Way {
  return way !== undefined && WAYS.includes(way);
}
