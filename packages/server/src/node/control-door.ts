/**
 * The way from a media worker to the control process: what is neither media nor health is passed on over a Unix socket, with the
 * address of who asked.
 */
import { Agent, request as forward, type IncomingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";
import { type HttpResponse, sendRefusal } from "../live/http-answer.ts";
import { Refusal } from "../platform/refusal.ts";
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

export class ControlDoor {
  private readonly socketPath: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Passes a request on, and its answer back. */
  pass(request: AnyRequest, response: AnyResponse, ip: string, secure: boolean): void {
    const from: Readable = "stream" in request ? request.stream : request;
    const to: Writable = "stream" in response ? response.stream : response;
    const onward = forward({
      socketPath: this.socketPath,
      agent: this.agent,
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
      else sendRefusal(response, new Refusal("control-away"), request.method === "HEAD");
    });
    response.on("close", () => onward.destroy());
    from.pipe(onward);
  }

  close(): void {
    this.agent.destroy();
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
