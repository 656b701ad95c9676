/**
 * Passes requests of people on to who can answer them, with the address of who asked: to the control process, over a Unix socket or to
 * another node where this one has none; or to a node that has what is asked for.
 */
import { Agent, request as forward, type IncomingHttpHeaders } from "node:http";
import type { Duplex, Readable, Writable } from "node:stream";
import { type HttpResponse, sendRefusal } from "../../live/http/answer.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { AnyRequest, AnyResponse } from "./web-server.ts";

/** Who asks, in a request that is passed on. */
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
  private readonly wayFor: (path: string) => ControlRoute;
  private readonly agents = new Map<string, Agent>();

  /** @param wayFor how a request gets to the control process, by its path */
  constructor(wayFor: (path: string) => ControlRoute) {
    this.wayFor = wayFor;
  }

  /** Passes a request on, and its answer back. */
  pass(request: AnyRequest, response: AnyResponse, ip: string, secure: boolean, way = this.wayFor(request.url ?? "/")): void {
    const from: Readable = "stream" in request ? request.stream : request;
    const to: Writable = "stream" in response ? response.stream : response;
    const onward = forward({
      agent: this.agentOf(way),
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: { ...passed(request.headers), [CLIENT_ADDRESS]: ip, "x-forwarded-proto": secure ? "https" : "http" },
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

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private agentOf(way: ControlRoute): Agent {
    const known = this.agents.get(way.name);
    if (known) return known;
    const agent = new ControlAgent(way);
    this.agents.set(way.name, agent);
    return agent;
  }
}

/** A way to another process: connections to it, and a name that tells it from others. */
export type ControlRoute = { readonly name: string; readonly connect: () => Duplex };

/** Connections of one way, kept for the next request. */
export class ControlAgent extends Agent {
  private readonly way: ControlRoute;

  constructor(way: ControlRoute) {
    super({ keepAlive: true, maxSockets: 64 });
    this.way = way;
  }

  override createConnection(): Duplex {
    return this.way.connect();
  }
}

function writeHead(response: HttpResponse, status: number, headers: Record<string, string | string[]>): void {
  response.writeHead(status, headers);
}

function passed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2's pseudo headers begin with a colon; only the host is of use behind it.
    if (name === ":authority" && typeof value === "string") out["host"] = value;
    if (value === undefined || name.startsWith(":") || OF_CONNECTION.has(name) || name === CLIENT_ADDRESS) continue;
    out[name] = value;
  }
  return out;
}
