/**
 * Takes streams of browsers where WebRTC does not pass: `ws(s)://HOST/APP/NAME/publish`, subprotocol `lectern.flv.v1`, FLV tags in binary messages.
 * `…/publish/probe` measures the uplink before, with the permission that publishing needs.
 *
 * A browser does not tell a page with which status its handshake was refused. So a client that speaks the subprotocol is let in, told why it is refused
 * in a message, and closed.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Ask, Check } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { type Language, languageOf } from "../../platform/messages/language.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { clientFactsOf, handshakeOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { sendRefusal } from "../http/responses.ts";
import { refuseOnSocket } from "../http/socket-refusal.ts";
import { liveText } from "../live-texts.ts";
import type { PublishRequest, Streams } from "../streams/index.ts";
import { refuse } from "./answers.ts";
import { type PublishAddress, parsePublishAddress } from "./publish-address.ts";
import { PublisherConnection, type PublisherEvents } from "./publisher-connection.ts";
import { probeUplink } from "./uplink-probe.ts";

export type WebSocketPublishDoorOptions = {
  readonly streams: Pick<Streams, "publications">;
  readonly ask: Ask;
  /** For probes, which publish nothing. */
  readonly check: Check;
  readonly apps: () => readonly string[];
  readonly events: PublisherEvents;
  /** Default: the system's. */
  readonly clock?: Clock;
};

const SUBPROTOCOL = "lectern.flv.v1";
/** A key frame of the largest picture has a megabyte. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Browsers send a large message in a few frames. */
const MAX_FRAGMENTS = 1024;
const REPORT_MS = 250;
/** Of an address at a stream: a check before class is repeated a few times. */
const PROBES = { burst: 6, perSecond: 0.1 } as const;
/** Of a worker, at the same time. */
const MAX_PROBES = 50;
const USER_AGENT_LENGTH = 128;

type Upgraded = (webSocket: WebSocket) => void;

export class WebSocketPublishDoor implements Door<PublishAddress> {
  readonly name = "websocket-publish";
  private readonly options: WebSocketPublishDoorOptions;
  private readonly clock: Clock;
  private readonly publishers = new Set<PublisherConnection>();
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  private readonly open = new Set<WebSocket>();
  private readonly probeRates: RateLimit;
  private probes = 0;
  /** It runs only while there is a publisher. */
  private timer: NodeJS.Timeout | null = null;

  constructor(options: WebSocketPublishDoorOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.probeRates = new RateLimit(PROBES, this.clock.monotonic);
  }

  match({ address }: MediaRequest): PublishAddress | null {
    const found = parsePublishAddress(address);
    return found && this.options.apps().includes(found.app) ? found : null;
  }

  /** A plain request: the address is for WebSockets only. */
  handle(request: MediaRequest, response: MediaResponse): void {
    sendRefusal(request, response, noSubprotocol());
  }

  upgrade(request: MediaRequest, socket: Socket, head: Buffer, address: PublishAddress): void {
    const handshake = handshakeOf(request);
    if (!handshake) return;
    const offered = String(request.headers["sec-websocket-protocol"] ?? "").split(",");
    if (!offered.some((name) => name.trim() === SUBPROTOCOL)) return refuseOnSocket(request, socket, noSubprotocol());
    const serve = address.purpose === "probe" ? this.serveProbe : this.servePublisher;
    const destroy = () => socket.destroy();
    socket.on("error", destroy);
    serve
      .call(this, request, address, (upgraded) => {
        socket.off("error", destroy);
        if (!socket.destroyed) this.accept(request, handshake, socket, head, upgraded);
      })
      .catch(destroy);
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    for (const webSocket of this.open) webSocket.terminate();
  }

  private accept(request: MediaRequest, handshake: IncomingMessage, socket: Socket, head: Buffer, upgraded: Upgraded): void {
    this.webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
      request.claimConnection();
      socket.setNoDelay(true);
      this.open.add(webSocket);
      webSocket.on("close", () => this.open.delete(webSocket));
      webSocket.on("error", () => webSocket.terminate());
      upgraded(webSocket);
    });
  }

  private async servePublisher(
    request: MediaRequest,
    address: PublishAddress,
    accept: (upgraded: Upgraded) => void,
  ): Promise<void> {
    const { app, name, query } = address;
    const { streams, ask, events } = this.options;
    const backup = query.get("backup") === "1";
    const takeOver = query.get("takeover") === "1";
    const language = languageOf(request.headers["accept-language"]);
    const admission = await ask({ action: "publish", ...accessOf(request, address) }, (granted) =>
      streams.publications.check({ app, name: granted, backup, takeOver }),
    );
    if (admission instanceof Refusal) {
      events.refused("publish", "ws", `${app}/${name}`, request.ip, admission, request.headers["user-agent"]);
      return accept((webSocket) => refuse(webSocket, admission, language));
    }
    let isAccepted = false;
    accept((webSocket) => {
      isAccepted = true;
      this.publish(request, webSocket, admission, { app, backup, takeOver, language });
    });
    // The client has gone, or `ws` has answered an invalid handshake itself.
    if (!isAccepted) admission.close();
  }

  private publish(
    { socket, ip, headers }: MediaRequest,
    webSocket: WebSocket,
    admission: Admission,
    { language, ...role }: Pick<PublishRequest, "app" | "backup" | "takeOver"> & { readonly language: Language },
  ): void {
    const agent = (headers["user-agent"] ?? "").slice(0, USER_AGENT_LENGTH);
    const publisher = new PublisherConnection({
      webSocket,
      socket,
      admission,
      language,
      publications: this.options.streams.publications,
      request: { ...role, source: { protocol: "ws", ip, agent } },
      events: this.options.events,
      now: this.clock.monotonic,
    });
    this.publishers.add(publisher);
    webSocket.on("close", () => this.publishers.delete(publisher));
    this.timer ??= setInterval(() => this.report(), REPORT_MS).unref();
    publisher.start().catch(() => webSocket.terminate());
  }

  private async serveProbe(request: MediaRequest, address: PublishAddress, accept: (upgraded: Upgraded) => void): Promise<void> {
    const { app, name } = address;
    const language = languageOf(request.headers["accept-language"]);
    const refusal =
      (await this.options.check({ action: "publish", ...accessOf(request, address) })) ??
      this.limitProbes(`${request.ip} ${app}/${name}`);
    if (!refusal) return accept((webSocket) => this.probe(request, webSocket));
    this.options.events.refused("publish", "ws", `${app}/${name}`, request.ip, refusal);
    accept((webSocket) => refuse(webSocket, refusal, language));
  }

  private probe({ socket }: MediaRequest, webSocket: WebSocket): void {
    this.probes++;
    webSocket.on("close", () => this.probes--);
    probeUplink(webSocket, socket, this.clock.monotonic);
  }

  private limitProbes(key: string): Refusal | null {
    const seconds = this.probes >= MAX_PROBES ? 5 : this.probeRates.take([key]);
    return seconds > 0 ? new Refusal("too-many").after(seconds) : null;
  }

  private report(): void {
    for (const publisher of this.publishers) publisher.report();
    if (this.publishers.size > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

function noSubprotocol(): Refusal {
  return new Refusal("bad-request", liveText("subprotocol-needed", { subprotocol: SUBPROTOCOL }));
}

function accessOf(request: MediaRequest, { app, name, query }: PublishAddress) {
  const credentials = credentialsOf(query, request.headers.authorization, request.address.signedPrefix);
  return { protocol: "ws", app, name, client: clientFactsOf(request), credentials };
}
