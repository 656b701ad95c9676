/**
 * Proxies requests and WebSocket handshakes, with the client's address, to the process that answers them: the control process, over a Unix
 * socket or at another node, or a media worker of another node that has a recording.
 */
import { Agent, request as forward, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import type { Door } from "../../live/http/door.ts";
import { type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { type HttpResponse, sendRefusal } from "../../live/http/responses.ts";
import { refuseUpgrade } from "../../live/http/upgrade-refusal.ts";
import { Refusal } from "../../platform/refusal.ts";

/** The client's address in a proxied request. */
export const CLIENT_ADDRESS = "x-lectern-address";
/** RFC 9110 section 7.6.1: these belong to one connection. */
const OF_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);
const ANSWER_WITHIN_MS = 60_000;

export class Forwarder {
  private readonly agents = new Map<string, Agent>();

  /** Proxies a request, and its response back. */
  pass(request: MediaRequest, response: MediaResponse, route: ControlRoute): void {
    const from: Readable = "stream" in request.raw ? request.raw.stream : request.raw;
    const to = writableOf(response);
    const onward = forward({
      agent: this.agentOf(route),
      method: request.method ?? "GET",
      path: request.address.url,
      headers: proxiedHeaders(request),
      timeout: ANSWER_WITHIN_MS,
    });
    let answered = false;
    onward.on("response", (answer) => {
      answered = true;
      writeHead(response, answer.statusCode ?? 502, passed(answer.headers));
      answer.pipe(to);
      answer.on("error", () => to.destroy());
    });
    onward.on("timeout", () => onward.destroy());
    onward.on("error", () => {
      if (answered) to.destroy();
      else sendRefusal(request, response, new Refusal("control-away"));
    });
    response.on("close", () => onward.destroy());
    from.pipe(onward);
  }

  /** Proxies a WebSocket handshake, and then the bytes of both sides. */
  passUpgrade(request: MediaRequest, socket: Socket, head: Buffer, route: ControlRoute): void {
    // A connection of its own: it never comes back to the agent.
    const onward = forward({
      createConnection: route.connect,
      method: request.method ?? "GET",
      path: request.address.url,
      headers: { ...proxiedHeaders(request), connection: "upgrade", upgrade: "websocket" },
      timeout: ANSWER_WITHIN_MS,
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    onward.on("upgrade", (answer, peer, peerHead) => {
      onward.setTimeout(0);
      request.claimConnection();
      socket.setNoDelay(true);
      socket.write(upgradeHead(answer));
      if (peerHead.length > 0) socket.write(peerHead);
      if (head.length > 0) peer.write(head);
      join(socket, peer);
    });
    onward.on("response", (answer) => {
      const headers = Object.entries({ ...passed(answer.headers), connection: "close" });
      socket.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${headerLines(headers)}\r\n`);
      answer.pipe(socket);
    });
    onward.on("timeout", () => onward.destroy());
    onward.on("error", () => {
      if (socket.bytesWritten === 0) refuseUpgrade(request, socket, new Refusal("control-away"));
      else socket.destroy();
    });
    onward.end();
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private agentOf(route: ControlRoute): Agent {
    const known = this.agents.get(route.name);
    if (known) return known;
    const agent = new ControlAgent(route);
    this.agents.set(route.name, agent);
    return agent;
  }
}

/** A route to another process: a name that identifies it, and how to connect. */
export type ControlRoute = { readonly name: string; readonly connect: () => Duplex };

/** Keeps the connections of one route for the next request. */
export class ControlAgent extends Agent {
  private readonly route: ControlRoute;

  constructor(route: ControlRoute) {
    super({ keepAlive: true, maxSockets: 64 });
    this.route = route;
  }

  override createConnection(): Duplex {
    return this.route.connect();
  }
}

/** The last door: proxies everything that is left to the control process. */
export function controlDoor(forwarder: Forwarder, routeFor: (path: string) => ControlRoute): Door<true> {
  return {
    name: "control",
    match: () => true,
    handle: (request, response) => forwarder.pass(request, response, routeFor(request.address.path)),
    upgrade: (request, socket, head) => forwarder.passUpgrade(request, socket, head, routeFor(request.address.path)),
    close: () => forwarder.close(),
  };
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

function proxiedHeaders({ headers, client }: MediaRequest): Record<string, string | string[]> {
  return { ...passed(headers), [CLIENT_ADDRESS]: client.ip, "x-forwarded-proto": client.isSecure ? "https" : "http" };
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

function passed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Of HTTP/2's pseudo headers only the host has a counterpart in HTTP/1.1.
    if (name === ":authority" && typeof value === "string") out["host"] = value;
    if (value === undefined || name.startsWith(":") || OF_CONNECTION.has(name) || name === CLIENT_ADDRESS) continue;
    out[name] = value;
  }
  return out;
}
