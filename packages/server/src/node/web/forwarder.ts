/**
 * Proxies requests and WebSocket handshakes, with the client's address, to the process that answers them: the control process, over a Unix
 * socket or at another node, or a media worker of another node that has a recording.
 *
 * Requests take turns by address for a limited number of queues at the control process. A request takes its place when its body is complete,
 * and gives it back when its answer has been read, whatever the speed of the client.
 */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Writable } from "node:stream";
import { DEVICE_COOKIE } from "../../access/credentials/device-cookie.ts";
import { bodyOf, type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { type HttpResponse, sendRefusal } from "../../live/http/responses.ts";
import { closeInWords, refuseOnSocket } from "../../live/http/socket-refusal.ts";
import { addressOwner } from "../../platform/address.ts";
import { cookieValue } from "../../platform/api/cookies.ts";
import { ByteBudget } from "../../platform/byte-budget.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { FairQueue, type FairQueueOptions, type Slot } from "../../platform/fair-queue.ts";
import { Agent, request as forward } from "../../platform/node-http.ts";
import { Refusal } from "../../platform/refusal.ts";
import { deliverAnswer } from "./answer-delivery.ts";
import type { ProtectionGate } from "./protection-gate.ts";
import { passed, proxiedHeaders } from "./proxied-headers.ts";
import { PUBLIC_WITHIN_MS, type PublicAnswer, PublicAnswers, readPublic } from "./public-answers.ts";
import { REQUEST_WITHIN_MS, type RequestBody, readBody } from "./request-body.ts";
import { streamUpload } from "./upload-stream.ts";

const ANSWER_WITHIN_MS = 60_000;
/** Requests at once at the control process, of an address at most 13: its database has few connections. A school joins at once behind one address. */
const REQUESTS: FairQueueOptions = { slots: 64, maxWaitingPerKey: 2048, maxWaiting: 16_384 };
/**
 * The same for requests that check a password. An address has at most 4, because each of them asks the database before it waits for its check; as many
 * wait as have their turn within `PLACE_WITHIN_MS` where each takes half a second. A client that is refused at once comes again at once.
 */
const PASSWORDS = { slots: 16, maxWaitingPerKey: 200, maxWaiting: 1024 } as const;
const PLACE_WITHIN_MS = 30_000;
/** A request on a kept connection that turns out to be closed is sent again this often. */
const RETRIES = 2;
/** Memory of a worker, and of one address: as much for bodies as for answers, so that slow uploads never hold up an answer. */
const BUDGET = { total: 128 * 1024 * 1024, perKey: 48 * 1024 * 1024 };
/** Requests for public answers take turns with those of addresses. */
const PUBLIC_OWNER = "public answers";
/** Other requests of the address do not wait for these. */
const PASSWORD_PATHS = /^\/api\/v1\/(?:sessions|password-resets|me\/password)(?:$|[/?])/;

/**
 * Options of the HTTP server of a process that requests are proxied to. Its clients close kept connections a second before it does, which
 * must be rare: a machine may be busy for longer than that second.
 */
export const PROXIED_SERVER = { noDelay: true, keepAliveTimeout: 75_000, requestTimeout: REQUEST_WITHIN_MS } as const;

/** What is uploaded to these is passed on as it arrives: it may be larger than what is held here. */
const UPLOAD_PATHS = /^\/api\/v1\/(?:address-lists\/[^/?]+\/(?:entries|uploads\/[^/?]+)|materials\/[^/?]+\/content)(?:$|\?)/;
const UPLOAD_METHODS = ["PUT", "PATCH"];
/** An upload keeps its place while it arrives, and half a mebibyte of the process that takes it; those without the right to it are refused before. */
const UPLOADS = { slots: 32, maxWaitingPerKey: 4, maxWaiting: 64 } as const;

type Queues = { readonly requests: FairQueue; readonly passwords: FairQueue; readonly uploads: FairQueue };

/** Whose turn it is, and in which queue. */
type Turn = { readonly queue: FairQueue; readonly key: string };

type Destination = {
  readonly agent: ControlAgent;
  /** Null for streams of media, which last as long as they are watched. */
  readonly queues: Queues | null;
};

export class Forwarder {
  private readonly destinations = new Map<string, Destination>();
  private readonly bodies = new ByteBudget(BUDGET);
  private readonly answers = new ByteBudget(BUDGET);
  private readonly public: PublicAnswers;
  private passedCount = 0;
  private readonly watch: Pick<ProtectionGate, "answered" | "late"> | null;
  private readonly turns: FairQueueOptions;
  private readonly clock: Clock;

  /** @param watch hears what becomes of requests to the control process @param turns of requests beside uploads and password checks */
  constructor(publicAnswers = new PublicAnswers(), watch: Forwarder["watch"] = null, turns = REQUESTS, clock = systemClock) {
    this.clock = clock;
    this.public = publicAnswers;
    this.watch = watch;
    this.turns = turns;
  }

  /** Requests that were passed to a control process, without handshakes. */
  get passed(): number {
    return this.passedCount;
  }

  /** Requests that were answered with what the control process had answered to others. */
  get publicCount(): number {
    return this.public.count;
  }

  /** Proxies a request, and its response back. @param path of media: what to ask for; default: what the request asks for */
  pass(request: MediaRequest, response: MediaResponse, route: ControlRoute, path: string = request.address.url): void {
    const owner = addressOwner(request.ip);
    const { agent, queues } = this.destinationOf(route);
    if (!queues) {
      const onward = ask(request, response, { agent, path }, null, (answer) => stream(answer, writableOf(response)));
      if (onward) bodyOf(request).pipe(onward);
      return;
    }
    const pass = (): void => {
      if (UPLOAD_METHODS.includes(request.method ?? "") && UPLOAD_PATHS.test(request.address.url))
        return this.passQueued(request, response, { agent, turn: { queue: queues.uploads, key: owner }, owner, body: null });
      void readBody(request, owner, { budget: this.bodies, clock: this.clock }).then((body) => {
        if (body === null) return;
        if (body instanceof Refusal) return this.refuseBody(request, response, body);
        this.passQueued(request, response, { agent, turn: turnOf(request, queues, owner), owner, body });
      });
    };
    const fetch = () => this.fetchPublic(request, agent, queues.requests);
    if (!this.public.answer(request, response, { fetch, pass })) pass();
  }

  /** Proxies a WebSocket handshake, and then the bytes of both sides. */
  passUpgrade(request: MediaRequest, socket: Socket, head: Buffer, route: ControlRoute): void {
    const { queues } = this.destinationOf(route);
    const turn = queues && turnOf(request, queues, addressOwner(request.ip));
    const place = turn?.queue.take(turn.key);
    if (turn && !place)
      return refuseOnSocket(request, socket, new Refusal("too-many").after(turn.queue.secondsUntilFree(turn.key)));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => place?.end());
    void (place?.ready ?? Promise.resolve()).then(() => handshake(request, socket, head, route, () => place?.end()));
  }

  close(): void {
    for (const { agent } of this.destinations.values()) agent.destroy();
  }

  private async fetchPublic(request: MediaRequest, agent: ControlAgent, queues: FairQueue): Promise<PublicAnswer | null> {
    const place = queues.take(PUBLIC_OWNER);
    if (!place || !(await isInTime(place))) return null;
    this.passedCount++;
    const onward = headOnward(request, { agent, headers: proxiedHeaders(request) });
    const answer = onward && (await readPublic(onward));
    place.end();
    return answer;
  }

  private passQueued(request: MediaRequest, response: MediaResponse, exchange: Exchange): void {
    const { agent, turn, owner, body } = exchange;
    const place = turn.queue.take(turn.key);
    if (!place) {
      body?.release();
      return sendRefusal(request, response, new Refusal("too-many").after(turn.queue.secondsUntilFree(turn.key)));
    }
    const waiting = setTimeout(() => {
      place.end();
      body?.release();
      sendRefusal(request, response, new Refusal("control-away"));
    }, PLACE_WITHIN_MS);
    response.on("close", () => {
      clearTimeout(waiting);
      place.end();
      body?.release();
    });
    void place.ready.then(() => {
      clearTimeout(waiting);
      const to = writableOf(response);
      this.passedCount++;
      const onward = ask(request, response, { agent, path: request.address.url }, body?.bytes ?? null, (answer) => {
        this.public.passed(request, answer);
        this.watch?.answered(request, answer.statusCode ?? 502);
        body?.release();
        deliverAnswer(answer, to, { owner, budget: this.answers, onSlotFree: place.end });
      });
      if (body) onward?.end(body.bytes);
      else if (onward)
        streamUpload(bodyOf(request), onward, () => this.refuseBody(request, response, new Refusal("too-slow")), this.clock);
    });
  }

  /** Refuses a request whose body was not read. What of it is still to come is not waited for. */
  private refuseBody(request: MediaRequest, response: MediaResponse, refusal: Refusal): void {
    const isSlow = refusal.code === "too-slow";
    if (isSlow) this.watch?.late(request);
    const { raw } = request;
    // An answer that has begun, such as one to the beginning of an upload, is not waited for either.
    if (response.headersSent) return void ("stream" in raw ? raw.stream.close() : raw.socket.destroySoon());
    sendRefusal(request, response, refusal);
    if ("stream" in raw) raw.stream.once("finish", () => raw.stream.close());
    else if (isSlow) writableOf(response).once("finish", () => closeInWords(raw.socket));
  }

  private destinationOf(route: ControlRoute): Destination {
    const known = this.destinations.get(route.name);
    if (known) return known;
    const queues = () => ({
      requests: new FairQueue(this.turns),
      passwords: new FairQueue(PASSWORDS),
      uploads: new FairQueue(UPLOADS),
    });
    const created = { agent: new ControlAgent(route), queues: route.isMedia ? null : queues() };
    this.destinations.set(route.name, created);
    return created;
  }
}

type Exchange = {
  readonly agent: ControlAgent;
  readonly turn: Turn;
  readonly owner: string;
  /** Null: it follows as it comes. */
  readonly body: RequestBody | null;
};

/**
 * Sends the head of a request. Null: it cannot be sent, and was refused.
 * @param body null: it follows as it comes
 */
function ask(
  request: MediaRequest,
  response: MediaResponse,
  to: { readonly agent: ControlAgent; readonly path: string },
  body: Buffer | null,
  onAnswer: (answer: IncomingMessage) => void,
  triesLeft = RETRIES,
): ClientRequest | null {
  const onward = requestOnward(request, to, body);
  if (!onward) {
    sendRefusal(request, response, new Refusal("bad-request"));
    return null;
  }
  let answered = false;
  onward.on("response", (answer) => {
    answered = true;
    writeHead(response, answer.statusCode ?? 502, passed(answer.headers));
    onAnswer(answer);
  });
  onward.on("timeout", () => onward.destroy());
  let isAbandoned = false;
  onward.on("error", () => {
    // The client has left, or was refused for its body.
    if (isAbandoned) return;
    if (answered) return writableOf(response).destroy();
    // RFC 9112 section 9.3.1: a kept connection may have been closed just when the request was sent.
    const mayRepeat = onward.reusedSocket && (request.method === "GET" || request.method === "HEAD");
    if (mayRepeat && triesLeft > 0) ask(request, response, to, body, onAnswer, triesLeft - 1)?.end(body ?? undefined);
    else sendRefusal(request, response, new Refusal("control-away"));
  });
  response.on("close", () => {
    isAbandoned = true;
    onward.destroy();
  });
  return onward;
}

/** Null: the method, the path or a header has characters that HTTP/1.1 does not allow, but HTTP/2 did. */
function requestOnward(
  request: MediaRequest,
  to: { readonly agent: ControlAgent; readonly path: string },
  body: Buffer | null,
): ClientRequest | null {
  const headers = proxiedHeaders(request);
  if (body !== null) delete headers["content-length"];
  if (body !== null && body.length > 0) headers["content-length"] = String(body.length);
  return headOnward(request, { ...to, headers });
}

function headOnward(request: MediaRequest, options: RequestOptions): ClientRequest | null {
  // Its answer would be a tunnel (RFC 9110 section 9.3.6), which there is none of.
  if (request.method === "CONNECT") return null;
  try {
    return forward({ path: request.address.url, ...options, method: request.method ?? "GET", timeout: ANSWER_WITHIN_MS });
  } catch {
    return null;
  }
}

/** Whether a place becomes free soon. Otherwise it is given up. */
function isInTime(place: Slot): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      place.end();
      resolve(false);
    }, PUBLIC_WITHIN_MS);
    void place.ready.then(() => {
      clearTimeout(late);
      resolve(true);
    });
  });
}

/** Passes on a stream of media at the speed of its viewer. */
function stream(answer: IncomingMessage, to: Writable): void {
  answer.pipe(to);
  answer.on("error", () => to.destroy());
}

/** @param onAnswered the process has answered: the place is free */
function handshake(request: MediaRequest, socket: Socket, head: Buffer, route: ControlRoute, onAnswered: () => void): void {
  // A connection of its own: it never comes back to the agent.
  const headers = { ...proxiedHeaders(request), connection: "upgrade", upgrade: "websocket" };
  const onward = headOnward(request, { createConnection: route.connect, headers });
  if (!onward) {
    onAnswered();
    return refuseOnSocket(request, socket, new Refusal("bad-request"));
  }
  socket.on("close", () => onward.destroy());
  onward.on("upgrade", (answer, peer, peerHead) => {
    onAnswered();
    onward.setTimeout(0);
    request.claimConnection();
    socket.setNoDelay(true);
    socket.write(upgradeHead(answer));
    if (peerHead.length > 0) socket.write(peerHead);
    if (head.length > 0) peer.write(head);
    join(socket, peer);
  });
  onward.on("response", (answer) => {
    onAnswered();
    const headers = Object.entries({ ...passed(answer.headers), connection: "close" });
    socket.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${headerLines(headers)}\r\n`);
    answer.pipe(socket);
  });
  onward.on("timeout", () => onward.destroy());
  onward.on("error", () => {
    onAnswered();
    if (socket.bytesWritten === 0) refuseOnSocket(request, socket, new Refusal("control-away"));
    else socket.destroy();
  });
  onward.end();
}

/** Addresses take turns. In the queue for passwords, those of an address that come from a known device do not wait for its strangers. */
function turnOf({ address, headers }: MediaRequest, { requests, passwords }: Queues, owner: string): Turn {
  if (!PASSWORD_PATHS.test(address.url)) return { queue: requests, key: owner };
  const isKnown = cookieValue(headers.cookie, DEVICE_COOKIE) !== null;
  return { queue: passwords, key: isKnown ? `${owner} known` : owner };
}

/** A route to another process: a name that identifies it, and how to connect. */
export type ControlRoute = {
  readonly name: string;
  readonly connect: () => Duplex;
  /** Answers are streams of media: they have no place among the requests to a control process. */
  readonly isMedia?: boolean;
};

/** Keeps the connections of one route for the next request. */
export class ControlAgent extends Agent {
  private readonly route: ControlRoute;

  constructor(route: ControlRoute) {
    super({ keepAlive: true });
    this.route = route;
  }

  override createConnection(): Duplex {
    return this.route.connect();
  }
}

function join(a: Duplex, b: Duplex): void {
  a.pipe(b).pipe(a);
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on("error", () => one.destroy());
    one.on("close", () => other.destroy());
  }
}

/** The head of an accepted handshake, with the headers that belong to the connection. */
function upgradeHead({ headers }: IncomingMessage): string {
  const all = Object.entries({ ...passed(headers), connection: "Upgrade", upgrade: headers.upgrade ?? "websocket" });
  return `HTTP/1.1 101 Switching Protocols\r\n${headerLines(all)}\r\n`;
}

function headerLines(headers: readonly (readonly [string, string | string[]])[]): string {
  return headers.flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`)).join("");
}

function writeHead(response: HttpResponse, status: number, headers: Record<string, string | string[]>): void {
  response.writeHead(status, headers);
}
