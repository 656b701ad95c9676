/** Gives each request of the HTTP port to the first door that matches it. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Registry } from "prom-client";
import type { Door } from "../../live/http/door.ts";
import type { Http1Request, Http1Response } from "../../live/http/http1-exchange.ts";
import { type Client, MediaRequest, type MediaResponse, type RawRequest } from "../../live/http/media-request.ts";
import { sendRefusal } from "../../live/http/responses.ts";
import { refuseOnSocket } from "../../live/http/socket-refusal.ts";
import { parseHost } from "../../platform/host.ts";
import { platformText } from "../../platform/messages/platform-texts.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { UnheardSign } from "./clients.ts";

export type DoorListOptions = {
  readonly identify: (request: RawRequest, isTls: boolean) => Client;
  /** False: the client has sent too many requests. */
  readonly admitRequest: (client: Client) => boolean;
  readonly admitConnection: (socket: Socket) => boolean;
  /** Counts a TLS handshake. False when it is refused. */
  readonly admitHandshake: (socket: Socket) => boolean;
  /** A connection ended without a complete request. @param address of its peer, which the closed socket does not know any more */
  readonly unheard: (socket: Socket, address: string, sign: UnheardSign, about: string) => void;
};

/** The allowance of an address has room for the next request within a second. */
const TOO_MANY = new Refusal("too-many").after(1);
const BAD_TARGET = new Refusal("bad-request");
const BAD_HOST = new Refusal("bad-request", platformText("bad-host"));

export class DoorList {
  private readonly doors: readonly Door[];
  private readonly options: DoorListOptions;
  private readonly claimed = new WeakSet<Duplex>();
  /** Nearly all requests name the same one. */
  private lastHost = "";

  /** @param doors in the order in which they are asked */
  constructor(doors: readonly Door[], options: DoorListOptions) {
    this.doors = doors;
    this.options = options;
  }

  handle(raw: RawRequest, response: MediaResponse, isTls: boolean): void {
    // A connection of HTTP/2 carries many requests, and is never claimed.
    if (!("stream" in raw) && this.claimed.has(raw.socket)) {
      raw.socket.destroy();
      return;
    }
    const request = new MediaRequest(raw, this.options.identify(raw, isTls), this.claimed);
    if (!this.admits(request, response)) return;
    for (const door of this.doors) {
      const match = door.match(request);
      if (match !== null) return door.handle(request, response, match);
    }
    sendRefusal(request, response, new Refusal("not-found"));
  }

  /** Whether a request can be answered without `node:http`, once its body has come. */
  isWhole(raw: Http1Request, isTls: boolean): boolean {
    return this.wholeDoor(new MediaRequest(raw, this.options.identify(raw, isTls), this.claimed)) !== null;
  }

  /** Answers a request that was read without `node:http`. False: it needs `node:http`, and nothing of it has been counted or answered. */
  handleWhole(raw: Http1Request, response: Http1Response, isTls: boolean): boolean {
    const request = new MediaRequest(raw, this.options.identify(raw, isTls), this.claimed);
    const found = this.wholeDoor(request);
    if (!found) return false;
    if (this.admits(request, response)) found.door.handle(request, response, found.match);
    return true;
  }

  /** Whether a connection was taken over for a stream. */
  isClaimed(socket: Socket): boolean {
    return this.claimed.has(socket);
  }

  upgrade(raw: IncomingMessage, socket: Socket, head: Buffer, isTls: boolean): void {
    if (this.claimed.has(socket)) {
      socket.destroy();
      return;
    }
    const request = new MediaRequest(raw, this.options.identify(raw, isTls), this.claimed);
    const refusal = this.refusalOf(request);
    if (refusal) return refuseOnSocket(request, socket, refusal);
    for (const door of this.doors) {
      const match = door.upgrade ? door.match(request) : null;
      if (match !== null) return door.upgrade?.(request, socket, head, match);
    }
    refuseOnSocket(request, socket, new Refusal("not-found"));
  }

  /** False: the connection is closed. */
  admitConnection(socket: Socket): boolean {
    return this.options.admitConnection(socket);
  }

  admitHandshake(socket: Socket): boolean {
    return this.options.admitHandshake(socket);
  }

  /** A connection ended without a complete request. */
  unheard(socket: Socket, address: string, sign: UnheardSign, about: string): void {
    this.options.unheard(socket, address, sign, about);
  }

  metrics(registry: Registry): void {
    for (const door of this.doors) door.metrics?.(registry);
  }

  close(): void {
    for (const door of this.doors) door.close();
  }

  private wholeDoor(request: MediaRequest): { readonly door: Door; readonly match: unknown } | null {
    for (const door of this.doors) {
      const match = door.match(request);
      if (match !== null) return door.isWhole?.(match) ? { door, match } : null;
    }
    return null;
  }

  /** False: the request was refused. */
  private admits(request: MediaRequest, response: MediaResponse): boolean {
    const refusal = this.refusalOf(request);
    if (refusal) sendRefusal(request, response, refusal);
    return refusal === null;
  }

  private refusalOf(request: MediaRequest): Refusal | null {
    if (!this.options.admitRequest(request.client)) return TOO_MANY;
    if (!isTarget(request)) return BAD_TARGET;
    return this.hasValidHost(request) ? null : BAD_HOST;
  }

  /** RFC 9112 section 3.2. HTTP/1.0 sends none, and a request without a host sends an empty one. */
  private hasValidHost({ headers }: MediaRequest): boolean {
    const host = headers[":authority"] ?? headers.host;
    if (typeof host !== "string" || host === "" || host === this.lastHost) return true;
    if (!parseHost(host)) return false;
    this.lastHost = host;
    return true;
  }
}

/** RFC 9112 section 3.2: a path, an address with its scheme, or an asterisk, which OPTIONS alone may have. */
function isTarget({ method, address: { url } }: MediaRequest): boolean {
  return url.startsWith("/") || /^https?:\/\//i.test(url) || (method === "OPTIONS" && url === "*");
}
