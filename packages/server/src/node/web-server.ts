/**
 * The HTTP ports of a media worker: HTTP/1.1 in the clear, and HTTPS with HTTP/2, and HTTP/1.1 beside it for WebSockets and for players
 * that know nothing newer. All requests go one way, whichever port and version they come by.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import type { Config } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { readTlsPair, watchTlsPair } from "../platform/tls-files.ts";

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

export type WebServerEvents = {
  readonly onRequest: (request: AnyRequest, response: AnyResponse, secure: boolean) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** A new connection. False: it is closed at once. */
  readonly onConnection: (socket: Socket) => boolean;
};

/** An address may have this many bytes of headers, and a client this long to send them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HTTP1 = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  noDelay: true,
} as const;
/** A browser asks for a playlist, a part and the one after it at the same time; many more at once is no player. */
const MAX_CONCURRENT_STREAMS = 128;
/** Streams that a peer may open only to reset them: so many at once, and so many a second. */
const STREAM_RESETS = { streamResetBurst: 200, streamResetRate: 33 } as const;
/** A connection without a request for so long is let go. */
const IDLE_SESSION_MS = 60_000;
/** Headers of a session's requests, and what waits to be sent on it beyond a stream's own bound, in megabytes. */
const SESSION_MEMORY_MB = 10;

export class WebServer {
  private readonly plain: Server;
  private readonly secure: Http2SecureServer | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly config: Config["http"];
  private readonly unwatch: () => void = () => {};

  constructor(config: Config["http"], log: Logger, events: WebServerEvents) {
    this.config = config;
    this.plain = createServer({ ...HTTP1, maxHeaderSize: MAX_HEADER_BYTES }, (request, response) =>
      events.onRequest(request, response, false),
    );
    this.attend(this.plain, events);
    if (!config.tls) return;
    const pair = readTlsPair(config.tls);
    const secure = createSecureServer(
      {
        ...pair,
        ...HTTP1,
        ...STREAM_RESETS,
        allowHTTP1: true,
        maxSessionMemory: SESSION_MEMORY_MB,
        settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
      },
      (request, response) => events.onRequest(request, response, true),
    );
    this.attend(secure, events);
    secure.on("session", (session) => {
      session.setTimeout(IDLE_SESSION_MS, () => session.close());
      session.on("error", () => session.destroy());
    });
    secure.on("tlsClientError", (_error, socket) => socket.destroy());
    this.secure = secure;
    this.unwatch = watchTlsPair(config.tls, pair, log, (next) => secure.setSecureContext(next));
  }

  /** Opens the ports, which are shared with the other workers. */
  async listen(port: number): Promise<void> {
    const { host, tls } = this.config;
    await listen(this.plain, host, port);
    if (this.secure && tls) await listen(this.secure, host, tls.port);
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

  private attend(server: Server | Http2SecureServer, events: WebServerEvents): void {
    server.on("connection", (socket: Socket) => {
      if (!events.onConnection(socket)) {
        socket.destroy();
        return;
      }
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    server.on("upgrade", events.onUpgrade);
    server.on("clientError", (_error: Error, socket: Socket) => socket.destroy());
  }
}

function listen(server: Server | Http2SecureServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 4096, reusePort: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
