/**
 * The HTTP ports of a media worker: HTTP/1.1 in the clear, and HTTPS with HTTP/2, and HTTP/1.1 beside it for WebSockets and for players
 * that know nothing newer. All requests go one way, whichever port and version they come by.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { performServerHandshake } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from "node:tls";
import { Http2Request, Http2Response } from "../../live/http/http2-exchange.ts";
import type { Config } from "../../platform/config/schema.ts";
import { listen, sharedPort } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import { readTlsPair, watchTlsPair } from "../../platform/tls-files.ts";

export type AnyRequest = IncomingMessage | Http2Request;
export type AnyResponse = ServerResponse | Http2Response;

export type WebServerEvents = {
  readonly onRequest: (request: AnyRequest, response: AnyResponse, secure: boolean) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** A new connection. False: it is closed at once. */
  readonly onConnection: (socket: Socket) => boolean;
};

/** An address may have this many bytes of headers, and a client this long to send them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HTTP1 = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  noDelay: true,
} as const;
const TLS = { ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: 10_000, noDelay: true };
const HTTP2 = {
  // A browser asks for a playlist, a part and the one after it at the same time; many more at once is no player.
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
  // Streams that a peer may open only to reset them: so many at once, and so many a second.
  streamResetBurst: 200,
  streamResetRate: 33,
  // Headers of a session's requests, and what waits to be sent on it beyond a stream's own bound, in megabytes.
  maxSessionMemory: 10,
};
/** A connection without a request for so long is let go. */
const IDLE_SESSION_MS = 60_000;

export class WebServer {
  private readonly plain: Server;
  private readonly secure: TlsServer | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly config: Config["http"];
  private readonly events: WebServerEvents;
  private readonly unwatch: () => void = () => {};

  constructor(config: Config["http"], log: Logger, events: WebServerEvents) {
    this.config = config;
    this.events = events;
    this.plain = createServer(HTTP1, (request, response) => {
      events.onRequest(request, response, request.socket instanceof TLSSocket);
    });
    this.plain.on("connection", (socket: Socket) => {
      // Connections of HTTPS were attended to before their encryption.
      if (!(socket instanceof TLSSocket)) this.attend(socket);
    });
    this.plain.on("upgrade", events.onUpgrade);
    this.plain.on("clientError", (_error, socket) => socket.destroy());
    if (!config.tls) return;
    const pair = readTlsPair(config.tls);
    const secure = createTlsServer({ ...pair, ...TLS }, (socket) => this.secured(socket));
    secure.on("connection", (socket: Socket) => this.attend(socket));
    secure.on("tlsClientError", (_error, socket) => socket.destroy());
    this.secure = secure;
    this.unwatch = watchTlsPair(config.tls, pair, log, (next) => secure.setSecureContext(next));
  }

  /** A connection that came by another door; what is asked by it goes the same way. */
  take(socket: Duplex): void {
    this.plain.emit("connection", socket);
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

  /** Takes nobody new, and gives what was said to those who are there a moment to reach them. */
  async close(goodbyeMs: number): Promise<void> {
    this.unwatch();
    this.plain.close();
    this.plain.closeIdleConnections();
    this.secure?.close();
    const until = performance.now() + goodbyeMs;
    while (performance.now() < until && this.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of this.sockets) socket.destroy();
  }

  private attend(socket: Socket): void {
    if (!this.events.onConnection(socket)) {
      socket.destroy();
      return;
    }
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
  }

  private secured(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    if (socket.alpnProtocol !== "h2") {
      this.plain.emit("connection", socket);
      return;
    }
    const session = performServerHandshake(socket, HTTP2);
    session.setTimeout(IDLE_SESSION_MS, () => session.close());
    session.on("error", () => session.destroy());
    session.on("stream", (stream, headers) => {
      this.events.onRequest(new Http2Request(stream, headers, socket), new Http2Response(stream), true);
    });
  }
}
