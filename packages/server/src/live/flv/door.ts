/**
 * Serves live streams as HTTP-FLV and WebSocket-FLV.
 *
 * A viewer's socket is taken over from the HTTP server: the response head and all media are written to it directly, without chunked
 * coding. The connection then carries no further request.
 */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { Ask } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import type { Http2Response } from "../http/http2-exchange.ts";
import { clientFactsOf, handshakeOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { answerOtherMethod, sendRefusal } from "../http/responses.ts";
import { refuseOnSocket } from "../http/socket-refusal.ts";
import { SocketSink } from "../http/socket-sink.ts";
import { binaryFrame } from "../http/websocket-frame.ts";
import { WebSocketPings } from "../http/websocket-pings.ts";
import type { Serve, Served } from "../served-rendition.ts";
import type { Sink, Viewer } from "../streams/index.ts";
import { type FlvAddress, parseFlvAddress } from "./flv-address.ts";
import { flvFormat } from "./flv-format.ts";

export type FlvDoorOptions = {
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  readonly batchMs: () => number;
  /** Null when a viewer can have a stream now, which is made where it is made on demand. */
  readonly present: (app: string, name: string) => Promise<Refusal | null>;
  /** The stream in the rendition that a client takes; null when it is not live. */
  readonly served: Serve;
  readonly events: FlvDoorEvents;
};

/** Events for log and metrics. */
export type FlvDoorEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly joined: (protocol: string, seconds: number) => void;
  /** A viewer is served in a way that costs more CPU than usual. */
  readonly slowPath: (what: string) => void;
};

type Admitted = Served & { readonly admission: Admission };

/** Milliseconds between two writes to a viewer that asked for low delay. */
const LOW_DELAY_BATCH_MS = 40;
/** Viewers send control frames, and one short message before they go to another rung. */
const MAX_CLIENT_MESSAGE = 1024;

const FLV_HEAD = {
  "content-type": "video/x-flv",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
  // Without it nginx buffers the response.
  "x-accel-buffering": "no",
};
const FLV_HEAD_BYTES = Buffer.from(
  `HTTP/1.1 200 OK\r\nconnection: close\r\n${Object.entries(FLV_HEAD)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`,
);

export class FlvDoor implements Door<FlvAddress> {
  readonly name = "flv";
  private readonly options: FlvDoorOptions;
  private readonly webSockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE, perMessageDeflate: false });
  private readonly pings = new WebSocketPings();

  constructor(options: FlvDoorOptions) {
    this.options = options;
  }

  match(request: MediaRequest): FlvAddress | null {
    const address = parseFlvAddress(request.address);
    return address && this.options.apps().includes(address.app) ? address : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: FlvAddress): void {
    if (request.method === "GET" || request.method === "HEAD") void this.serveFlv(request, response, address);
    else answerOtherMethod(request, response);
  }

  upgrade(request: MediaRequest, socket: Socket, head: Buffer, address: FlvAddress): void {
    void this.serveUpgrade(request, socket, head, address);
  }

  close(): void {
    this.pings.close();
  }

  private async serveUpgrade(request: MediaRequest, socket: Socket, head: Buffer, address: FlvAddress): Promise<void> {
    const handshake = handshakeOf(request);
    if (!handshake) return;
    const destroy = () => socket.destroy();
    socket.on("error", destroy);
    const admitted = await this.admit(request, address, "ws");
    socket.off("error", destroy);
    if (admitted instanceof Refusal) return refuseOnSocket(request, socket, admitted);
    if (socket.destroyed) return admitted.admission.close();
    let upgraded = false;
    this.webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
      upgraded = true;
      request.claimConnection();
      this.serveWebSocket(webSocket, socket, admitted, address);
    });
    // `ws` answers an invalid handshake itself and calls nothing.
    if (!upgraded) admitted.admission.close();
  }

  private async serveFlv(request: MediaRequest, response: MediaResponse, address: FlvAddress): Promise<void> {
    const { socket } = request;
    const headOnly = request.method === "HEAD";
    const byHttp2 = "stream" in response;
    // Before the permission is asked: a request that arrives meanwhile must not be answered into the stream.
    if (!byHttp2) request.claimConnection();
    const admitted = await this.admit(request, address, "flv");
    if (admitted instanceof Refusal) {
      request.releaseConnection();
      if (!socket.destroyed) sendRefusal(request, response, admitted);
      return;
    }
    if (headOnly || socket.destroyed) {
      request.releaseConnection();
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

  /** The HTTP/2 library cuts each write into frames for each viewer: a slow path, which is counted. */
  private watchByHttp2(admitted: Admitted, address: FlvAddress, { stream: http2 }: Http2Response): void {
    this.options.events.slowPath("flv-over-http2");
    this.watch(admitted, address, "flv", http2, new SocketSink(http2));
  }

  private serveWebSocket(webSocket: WebSocket, socket: Socket, admitted: Admitted, address: FlvAddress): void {
    this.pings.watch(webSocket);
    socket.setNoDelay(true);
    // A message says that the viewer goes to another rung: what was sent and has not arrived would only hold that one up on a slow connection.
    webSocket.on("message", () => discard(socket));
    const sink = new SocketSink(socket, { wrap: binaryFrame, goodbye: (reason) => webSocket.close(1000, reason) });
    this.watch(admitted, address, "ws", socket, sink);
  }

  private watch(
    { stream, withdrawable, admission }: Admitted,
    address: FlvAddress,
    protocol: "flv" | "ws",
    socket: Duplex,
    sink: Sink,
  ): void {
    const begun = performance.now();
    admission.trace?.event("response begun");
    const viewer: Viewer = stream.watch(flvFormat(address.tracks), sink, {
      protocol,
      batchMs: address.lowDelay ? LOW_DELAY_BATCH_MS : this.options.batchMs(),
      isWithdrawable: withdrawable,
      onJoined: () => {
        admission.trace?.joined(stream.trace.publisher);
        this.options.events.joined(protocol, (performance.now() - begun) / 1000);
      },
    });
    const gone = () => {
      stream.leave(viewer);
      admission.close();
    };
    admission.onWithdrawn(({ code }) => stream.dismiss(viewer, code));
    socket.on("drain", () => stream.resume(viewer));
    socket.on("error", () => socket.destroy());
    socket.on("close", gone);
    // A request that was aborted while permission was asked emits no further close event.
    if (socket.destroyed) gone();
  }

  private async admit(request: MediaRequest, address: FlvAddress, protocol: "flv" | "ws"): Promise<Admitted | Refusal> {
    const { app, query } = address;
    const { ip, headers } = request;
    const { served, present, events } = this.options;
    const admission = await this.options.ask(
      {
        action: "play",
        protocol,
        app,
        name: address.name,
        client: clientFactsOf(request),
        credentials: credentialsOf(query, headers.authorization, request.address.signedPrefix),
        ...(request.method === "HEAD" ? { seat: "probe" } : {}),
      },
      (name) => present(app, name),
    );
    const refuse = (refusal: Refusal): Refusal => {
      events.refused("play", protocol, `${app}/${address.name}`, ip, refusal);
      return refusal;
    };
    if (admission instanceof Refusal) return refuse(admission);
    const found = await served(app, admission.name, { opus: address.takesOpus, sound: address.tracks.audio });
    if (found) return { ...found, admission };
    admission.close();
    return refuse(new Refusal("no-such-stream"));
  }
}

/**
 * Ends a connection without what was not sent yet. Only one without TLS can take back what the system has taken, and only before its own end was
 * announced: libuv refuses to reset a connection that is being shut down, and Node.js then never closes it.
 */
function discard(socket: Socket): void {
  if (socket instanceof TLSSocket || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
