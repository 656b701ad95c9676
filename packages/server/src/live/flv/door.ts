/**
 * The HTTP door for live media: HTTP-FLV and WebSocket-FLV.
 *
 * A viewer's socket is taken over from the HTTP server: the response head and all media are written to it directly, without
 * chunked coding. From then on the request's connection must carry nothing more; a further request on it closes it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Ask } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import { answerOtherMethod, type HttpRequest, refusalAnswer, sendRefusal } from "../http/answer.ts";
import type { Http2Request, Http2Response } from "../http/http2-exchange.ts";
import { SocketSink } from "../http/socket-sink.ts";
import type { Sink, Stream, Streams, Viewer } from "../streams/index.ts";
import { flvFormat } from "./flv-format.ts";
import { type MediaAddress, parseMediaAddress } from "./media-address.ts";
import { binaryFrame } from "./websocket-frame.ts";

export type HttpDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  readonly batchMs: () => number;
  /** The person's address. */
  readonly ipOf: (request: HttpRequest) => string;
  /** Null when one more viewer can be taken. */
  readonly admitViewer: () => Refusal | null;
  readonly events: HttpDoorEvents;
};

/** What happened, for log and metrics. */
export type HttpDoorEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly joined: (protocol: string, seconds: number) => void;
  /** Somebody is served in a way that costs more than it need. */
  readonly slowPath: (what: string) => void;
};

type Admitted = { readonly stream: Stream; readonly admission: Admission };

/** Milliseconds between two writes to a viewer who asked for low delay. */
const LOW_DELAY_BATCH_MS = 40;
/** A WebSocket whose other end has not answered a ping by the next one is gone. */
const PING_EVERY_MS = 20_000;
/** What a viewer may say: nothing but control frames is of interest. */
const MAX_CLIENT_MESSAGE = 1024;

const FLV_HEAD = {
  "content-type": "video/x-flv",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
  // Without it nginx collects a response before it passes it on.
  "x-accel-buffering": "no",
};
const FLV_HEAD_BYTES = Buffer.from(
  `HTTP/1.1 200 OK\r\nconnection: close\r\n${Object.entries(FLV_HEAD)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`,
);

export class HttpDoor {
  private readonly options: HttpDoorOptions;
  private readonly webSockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE, perMessageDeflate: false });
  private readonly taken = new WeakSet<Duplex>();
  private readonly open = new Map<WebSocket, { answered: boolean }>();
  private readonly pings: NodeJS.Timeout;

  constructor(options: HttpDoorOptions) {
    this.options = options;
    this.pings = setInterval(() => this.ping(), PING_EVERY_MS);
    this.pings.unref();
  }

  /** Closes a connection that carries a stream already, when another request comes on it. False when it is no such connection. */
  refusesSecond(request: IncomingMessage | Http2Request): boolean {
    // A connection of HTTP/2 carries many requests.
    if ("stream" in request || !this.taken.has(request.socket)) return false;
    request.socket.destroy();
    return true;
  }

  /** Takes a request if it is one for live media. False when it is somebody else's. */
  handle(request: IncomingMessage | Http2Request, response: ServerResponse | Http2Response): boolean {
    const address = parseMediaAddress(request.url ?? "");
    if (!address || !this.options.apps().includes(address.app)) return false;
    if (request.method === "GET" || request.method === "HEAD") void this.serveFlv(request, response, address);
    else answerOtherMethod(request, response);
    return true;
  }

  /** Takes an upgrade if it is one for live media. False when it is somebody else's. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): boolean {
    if (this.taken.has(socket)) {
      socket.destroy();
      return true;
    }
    const address = parseMediaAddress(request.url ?? "");
    if (!address || !this.options.apps().includes(address.app)) return false;
    void this.serveUpgrade(request, socket, head, address);
    return true;
  }

  close(): void {
    clearInterval(this.pings);
    for (const webSocket of this.open.keys()) webSocket.terminate();
  }

  private async serveUpgrade(request: IncomingMessage, socket: Socket, head: Buffer, address: MediaAddress): Promise<void> {
    const destroy = () => socket.destroy();
    socket.on("error", destroy);
    const admitted = await this.admit(request, address, "ws");
    socket.off("error", destroy);
    if (admitted instanceof Refusal) return refuseUpgrade(request, socket, admitted);
    if (socket.destroyed) return admitted.admission.close();
    let upgraded = false;
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      upgraded = true;
      this.serveWebSocket(webSocket, socket, admitted, address);
    });
    // A handshake that is wrong, or whose client has gone, ends without a word.
    if (!upgraded) admitted.admission.close();
  }

  private async serveFlv(
    request: IncomingMessage | Http2Request,
    response: ServerResponse | Http2Response,
    address: MediaAddress,
  ): Promise<void> {
    const { socket } = request;
    const headOnly = request.method === "HEAD";
    const byHttp2 = "stream" in response;
    // From now on: what comes on the connection while permission is asked must not be answered into the stream.
    if (!byHttp2) this.taken.add(socket);
    const admitted = await this.admit(request, address, "flv");
    if (admitted instanceof Refusal) {
      this.taken.delete(socket);
      if (!socket.destroyed) sendRefusal(request, response, admitted);
      return;
    }
    if (headOnly || socket.destroyed) {
      this.taken.delete(socket);
      admitted.admission.close();
      if (byHttp2) response.writeHead(200, FLV_HEAD);
      else if (!socket.destroyed) response.writeHead(200, { ...FLV_HEAD, connection: "close" });
      response.end();
      return;
    }
    if (byHttp2) {
      response.writeHead(200, FLV_HEAD);
      this.watchByHttp2(admitted, address, response);
      return;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(0);
    socket.cork();
    socket.write(FLV_HEAD_BYTES);
    this.watch(admitted, address, "flv", socket, new SocketSink(socket));
    socket.uncork();
  }

  /** A slow path: each write is cut into frames by the HTTP/2 library, for each viewer. It is counted, so that it is noticed. */
  private watchByHttp2(admitted: Admitted, address: MediaAddress, { stream: http2 }: Http2Response): void {
    this.options.events.slowPath("flv-over-http2");
    this.watch(admitted, address, "flv", http2, new SocketSink(http2));
  }

  private serveWebSocket(webSocket: WebSocket, socket: Socket, admitted: Admitted, address: MediaAddress): void {
    this.taken.add(socket);
    this.open.set(webSocket, { answered: true });
    webSocket.on("pong", () => this.open.set(webSocket, { answered: true }));
    webSocket.on("error", () => webSocket.terminate());
    webSocket.on("close", () => this.open.delete(webSocket));
    socket.setNoDelay(true);
    const sink = new SocketSink(socket, { wrap: binaryFrame, goodbye: (reason) => webSocket.close(1000, reason) });
    this.watch(admitted, address, "ws", socket, sink);
  }

  private watch({ stream, admission }: Admitted, address: MediaAddress, protocol: "flv" | "ws", socket: Duplex, sink: Sink): void {
    const begun = performance.now();
    const viewer: Viewer = stream.watch(flvFormat(address.tracks), sink, {
      protocol,
      batchMs: address.lowDelay ? LOW_DELAY_BATCH_MS : this.options.batchMs(),
      onJoined: () => this.options.events.joined(protocol, (performance.now() - begun) / 1000),
    });
    const gone = () => {
      stream.leave(viewer);
      admission.close();
    };
    admission.onWithdrawn(({ code }) => stream.dismiss(viewer, code));
    socket.on("drain", () => stream.resume(viewer));
    socket.on("error", () => socket.destroy());
    socket.on("close", gone);
    // A request that was aborted while it was looked at has closed already, and says so no more.
    if (socket.destroyed) gone();
  }

  private async admit(
    request: IncomingMessage | Http2Request,
    address: MediaAddress,
    protocol: "flv" | "ws",
  ): Promise<Admitted | Refusal> {
    const { app, query } = address;
    const ip = this.options.ipOf(request);
    const { streams, admitViewer, events } = this.options;
    const admission = await this.options.ask(
      {
        action: "play",
        protocol,
        app,
        name: address.name,
        ip,
        credentials: credentialsOf(query, request.headers.authorization),
        pageUrl: request.headers.referer ?? request.headers.origin ?? "",
      },
      (name) => (streams.find(app, name) ? admitViewer() : new Refusal("no-such-stream")),
    );
    const refuse = (refusal: Refusal): Refusal => {
      events.refused("play", protocol, `${app}/${address.name}`, ip, refusal);
      return refusal;
    };
    if (admission instanceof Refusal) return refuse(admission);
    const stream = streams.find(app, admission.name);
    if (stream) return { stream, admission };
    admission.close();
    return refuse(new Refusal("no-such-stream"));
  }

  private ping(): void {
    for (const [webSocket, state] of this.open) {
      if (!state.answered) webSocket.terminate();
      else {
        this.open.set(webSocket, { answered: false });
        webSocket.ping();
      }
    }
  }
}

function refuseUpgrade(request: IncomingMessage, socket: Socket, refusal: Refusal): void {
  const { headers, body } = refusalAnswer(request, refusal);
  const lines = Object.entries({ ...headers, connection: "close" })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines}\r\n${body}`);
  socket.on("error", () => socket.destroy());
}
