/**
 * Provides the HTTP ports of a media worker: HTTP/1.1 without TLS, and HTTPS with HTTP/2, with HTTP/1.1 beside it for WebSockets and older players.
 * All requests go to the same doors, whichever port and version they use. Connections of HTTP/1.1 begin without `node:http`, and go to it with the
 * first request that needs it.
 */
import type { IncomingMessage, Server } from "node:http";
import { performServerHandshake } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from "node:tls";
import { Http1Connections, type Http1Limits } from "../../live/http/http1-connections.ts";
import { handleInBatches } from "../../live/http/http2-batches.ts";
import { Http2Request, Http2Response } from "../../live/http/http2-exchange.ts";
import type { RefusedRequest } from "../../live/http/responses.ts";
import { refuseOnSocket } from "../../live/http/socket-refusal.ts";
import type { Config } from "../../platform/config/schema.ts";
import { listen, sharedPort } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import { platformText } from "../../platform/messages/platform-texts.ts";
import { createServer } from "../../platform/node-http.ts";
import { Refusal } from "../../platform/refusal.ts";
import { readTlsPair, watchTlsPair } from "../../platform/tls-files.ts";
import type { UnheardSign } from "./clients.ts";
import type { DoorList } from "./door-list.ts";
import { HandshakeTurns } from "./handshake-turns.ts";
import { REQUEST_WITHIN_MS } from "./request-body.ts";
import { framingRefusal } from "./request-framing.ts";

/** The limit of a request's headers; the timeouts below limit how long a client may take to send them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HTTP1 = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: 10_000,
  requestTimeout: REQUEST_WITHIN_MS,
  connectionsCheckingInterval: 5000,
  noDelay: true,
  // A client that offers HTTP/2 by upgrade (h2c) gets its answer by HTTP/1.1: RFC 9110 section 7.8.
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
} as const;
const TLS = { ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: 10_000, noDelay: true };
const HTTP2 = {
  // A player requests a playlist, a part and the next part at the same time, never more than a few.
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
  // Bounds rapid resets (CVE-2023-44487): streams at once, and streams a second.
  streamResetBurst: 200,
  streamResetRate: 33,
  // For request headers and unsent data of a session, in megabytes.
  maxSessionMemory: 10,
};
/** An HTTP/2 connection without a request for this long is closed. */
const IDLE_SESSION_MS = 60_000;

/** A body that nobody waits for any more, because its request has been answered, ends within this time. */
const REST_WITHIN_MS = 30_000;

/** The limits of `node:http`, which hold on either way. */
function limitsOf({ headersTimeout, keepAliveTimeout, keepAliveTimeoutBuffer }: Server): Http1Limits {
  return { headMs: headersTimeout, idleMs: keepAliveTimeout + keepAliveTimeoutBuffer, announcedIdleMs: keepAliveTimeout };
}

type HttpError = Error & { readonly code?: string; readonly rawPacket?: Buffer };
/** RFC 8446 section 5.1: the type of the first record that a client of TLS sends. */
const TLS_HANDSHAKE = 0x16;

/** What an error of `node:http` says of a client; null: nothing bad. */
function signOf({ code = "", rawPacket }: HttpError): UnheardSign | null {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "slow";
  if (code === "HPE_INVALID_EOF_STATE") return "empty-connection";
  if (!code.startsWith("HPE_")) return null;
  // Browsers try HTTPS at a port of HTTP by themselves.
  return rawPacket?.[0] === TLS_HANDSHAKE ? "empty-connection" : "malformed";
}

/** Closes the connection of an answered request whose body does not end. */
function endRestOf(request: IncomingMessage, withinMs: number): void {
  const timer = setTimeout(() => request.socket.destroy(), withinMs);
  request.once("close", () => clearTimeout(timer));
}

export class WebServer {
  private readonly plain: Server;
  private readonly secure: TlsServer | null = null;
  private readonly handshakes: HandshakeTurns | null = null;
  private readonly sockets = new Set<Socket>();
  /** A closed socket does not know its peer's address any more. */
  private readonly addresses = new WeakMap<Socket, string>();
  private readonly config: Config["http"];
  private readonly doors: DoorList;
  /** Serves a connection by `node:http`. */
  private readonly byNode: (socket: Duplex) => void;
  /** The connections that need no `node:http` yet. */
  private readonly http1: Http1Connections;
  /** How many answers `node:http` has to send by a connection. */
  private readonly answering = new WeakMap<Socket, number>();
  private readonly unwatch: () => void = () => {};

  /** @param restMs after an answer, for the rest of its request's body */
  constructor(config: Config["http"], log: Logger, doors: DoorList, restMs = REST_WITHIN_MS) {
    this.config = config;
    this.doors = doors;
    this.plain = createServer(HTTP1, (request, response) => {
      const { socket } = request;
      const refusal = framingRefusal(request);
      if (refusal) return this.refuse(request, refusal);
      this.answering.set(socket, (this.answering.get(socket) ?? 0) + 1);
      response.once("close", () => {
        this.answering.set(socket, (this.answering.get(socket) ?? 1) - 1);
        if (!request.complete) endRestOf(request, restMs);
      });
      doors.handle(request, response, socket instanceof TLSSocket);
    });
    const serveByNode = this.plain.listeners("connection");
    this.byNode = (socket) => {
      for (const listener of serveByNode) Reflect.apply(listener, this.plain, [socket]);
    };
    this.http1 = new Http1Connections({
      answer: (request, response) => doors.handleWhole(request, response, request.socket instanceof TLSSocket),
      waitsFor: (request) => doors.isWhole(request, request.socket instanceof TLSSocket),
      isClaimed: (socket) => doors.isClaimed(socket),
      handOver: this.byNode,
      limits: limitsOf(this.plain),
      onHalf: (socket, isLate) => this.unheard(socket, isLate ? "slow" : "empty-connection", "half a request"),
    });
    this.plain.removeAllListeners("connection").on("connection", (socket: Socket) => {
      if (!this.count(socket)) return;
      this.followUnused(socket);
      this.http1.accept(socket);
    });
    this.plain.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const refusal = framingRefusal(request);
      if (refusal) return this.refuse(request, refusal);
      doors.upgrade(request, socket, head, socket instanceof TLSSocket);
    });
    this.plain.on("clientError", (error: HttpError, socket: Socket) => {
      const sign = signOf(error);
      if (sign) this.unheard(socket, sign, `HTTP: ${error.code}`);
      if (sign === "malformed") this.answerMalformed(socket, error);
      else socket.destroy();
    });
    if (!config.tls) return;
    const pair = readTlsPair(config.tls);
    const secure = createTlsServer({ ...pair, ...TLS }, (socket) => this.secured(socket));
    const serveTls = secure.listeners("connection");
    this.handshakes = new HandshakeTurns({
      admits: (socket) => doors.admitHandshake(socket),
      begin: (socket) => {
        for (const listener of serveTls) Reflect.apply(listener, secure, [socket]);
      },
      onEnd: (socket, why) => {
        if (why !== "refused") this.unheard(socket, why === "late" ? "slow" : "empty-connection", "TLS handshake");
      },
    });
    secure.removeAllListeners("connection").on("connection", (socket: Socket) => {
      if (this.count(socket)) this.handshakes?.take(socket);
    });
    secure.on("tlsClientError", (error, socket) => {
      // Browsers that do not accept a certificate, and people who type the wrong protocol, come here as well.
      const isLate = "code" in error && error.code === "ERR_TLS_HANDSHAKE_TIMEOUT";
      this.unheard(socket, isLate ? "slow" : "empty-connection", "TLS handshake");
      socket.destroy();
    });
    this.secure = secure;
    this.unwatch = watchTlsPair(config.tls, pair, log, (next) => secure.setSecureContext(next));
  }

  /** Serves requests of a connection that another port accepted. */
  take(socket: Duplex): void {
    this.byNode(socket);
  }

  get connections(): number {
    return this.sockets.size;
  }

  /** Opens the ports, which are shared with the other workers. */
  async listen(port: number): Promise<void> {
    const { host, tls } = this.config;
    await listen(this.plain, sharedPort(host, port));
    if (this.secure && tls) await listen(this.secure, sharedPort(host, tls.port));
  }

  /** Accepts no new connections, and gives closing messages a moment to reach the clients. */
  async close(goodbyeMs: number): Promise<void> {
    this.unwatch();
    this.plain.close();
    this.plain.closeIdleConnections();
    this.http1.closeIdle();
    this.secure?.close();
    const until = performance.now() + goodbyeMs;
    while (performance.now() < until && this.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of this.sockets) socket.destroy();
  }

  /** False: the address has too many connections, and this one is closed. */
  private count(socket: Socket): boolean {
    if (!this.doors.admitConnection(socket)) {
      socket.destroy();
      return false;
    }
    this.sockets.add(socket);
    this.addresses.set(socket, socket.remoteAddress ?? "");
    socket.once("close", () => this.sockets.delete(socket));
    return true;
  }

  /** Notices when a connection is closed on which nothing was ever sent. */
  private followUnused(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    this.addresses.set(socket, address);
    socket.once("close", () => {
      if (socket.bytesRead === 0) this.unheard(socket, "empty-connection", "a connection without a request");
    });
  }

  private refuse(request: IncomingMessage, refusal: Refusal): void {
    this.unheard(request.socket, "malformed", "HTTP: framing");
    this.refuseOnSocket(request, request.socket, refusal);
  }

  private answerMalformed(socket: Socket, { code }: HttpError): void {
    const refusal =
      code === "HPE_HEADER_OVERFLOW" ? new Refusal("header-too-large") : new Refusal("bad-request", platformText("not-http"));
    this.refuseOnSocket({ headers: {} }, socket, refusal);
  }

  /** Within an answer, another one would be read as part of it. */
  private refuseOnSocket(request: RefusedRequest, socket: Socket, refusal: Refusal): void {
    if ((this.answering.get(socket) ?? 0) > 0) socket.destroy();
    else refuseOnSocket(request, socket, refusal);
  }

  private unheard(socket: Socket, sign: UnheardSign, about: string): void {
    this.doors.unheard(socket, this.addresses.get(socket) ?? socket.remoteAddress ?? "", sign, about);
  }

  private secured(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    this.followUnused(socket);
    if (socket.alpnProtocol !== "h2") {
      this.http1.accept(socket);
      return;
    }
    const session = performServerHandshake(socket, HTTP2);
    session.setTimeout(IDLE_SESSION_MS, () => session.close());
    session.on("error", () => session.destroy());
    handleInBatches(session, {
      handle: (stream, headers) => this.doors.handle(new Http2Request(stream, headers, socket), new Http2Response(stream), true),
      onFlood: () => this.unheard(socket, "malformed", "HTTP/2: resets"),
    });
  }
}
