/** Provides clients with addresses of their own (127.0.0.2 and on) that abuse a server, and what the server says of them. */
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { COUNTERMEASURES, type Countermeasure } from "../packages/server/src/access/protection/protection-messages.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The code of the refusal; empty for other answers. */
  readonly code: string;
  readonly ms: number;
};

export type Asking = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** One request on a connection of its own; on another one where that is not accepted, because the address has few new connections. */
export async function askFrom(lectern: Pick<Lectern, "httpPort">, ip: string, path: string, asking: Asking = {}): Promise<Answer> {
  return await until(() => askOnce(lectern, ip, path, asking).catch(() => null), `an answer to ${ip} at ${path}`);
}

export function askOnce(
  { httpPort }: Pick<Lectern, "httpPort">,
  ip: string,
  path: string,
  { method = "GET", headers = {}, body }: Asking = {},
): Promise<Answer> {
  const begun = performance.now();
  const json = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const asking = request({
      host: "127.0.0.1",
      port: httpPort,
      localAddress: ip,
      path,
      method,
      agent: false,
      headers: { ...json, ...headers },
    });
    asking.on("error", reject);
    asking.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => {
        const isProblem = response.headers["content-type"] === "application/problem+json";
        const { statusCode: status = 0, headers: answered } = response;
        const ms = performance.now() - begun;
        resolve({ status, headers: answered, body: text, code: isProblem ? JSON.parse(text).code : "", ms });
      });
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A connection from an address. */
export async function connectionFrom(ip: string, port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: ip });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

export type BlockedAddress = {
  readonly ip: string;
  readonly measure: Countermeasure;
  readonly signs: string;
  readonly about: string | null;
};

/** The measures that a server's log has told of, in their order. */
export function countermeasuresOf({ said }: Pick<Lectern, "said">, ip: string): readonly BlockedAddress[] {
  return said()
    .split("\n")
    .filter((line) => line.includes("address held for abuse") && line.includes(`"ip":"${ip}"`))
    .map((line) => JSON.parse(line) as BlockedAddress);
}

/**
 * Does something bad again and again until an address is under a measure or a stronger one: many signs in one report skip the weaker ones. Returns the
 * seconds that it took.
 */
export async function abuse(
  lectern: Pick<Lectern, "said">,
  ip: string,
  measure: Countermeasure,
  act: (turn: number) => unknown,
  { pauseMs = 50 } = {},
): Promise<number> {
  const begun = performance.now();
  const enough = COUNTERMEASURES.slice(COUNTERMEASURES.indexOf(measure));
  for (let turn = 0; !countermeasuresOf(lectern, ip).some((held) => enough.includes(held.measure)); turn++) {
    if (performance.now() - begun > 60_000) throw new Error(`${ip} is not under ${measure} after a minute`);
    await act(turn);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return (performance.now() - begun) / 1000;
}

let scans = 0;
/** Brings an address under a measure by looking for streams that are not there, which neither `slow` nor `challenge` hold up. */
export function scan(lectern: Lectern, ip: string, measure: Countermeasure, { names = 20 } = {}): Promise<number> {
  scans++;
  return abuse(lectern, ip, measure, (turn) => {
    const all = Array.from({ length: names }, (_, i) => `/live/scan-${scans}-${turn}-${i}.m3u8`);
    return Promise.all(all.map((path) => askOnce(lectern, ip, path).catch(() => null)));
  });
}

/** Waits until every worker answers an address in this way. */
export async function untilAnswered(lectern: Lectern, ip: string, path: string, status: number): Promise<void> {
  await until(async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => askFrom(lectern, ip, path)));
    return answers.every((answer) => answer.status === status);
  }, `${status} for ${ip} at ${path}`);
}

/** Requests of an operator from another address than the attacker's. */
export const asOperator = { headers: { authorization: `Bearer ${TOKEN}` } } as const;
