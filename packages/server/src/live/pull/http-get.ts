/**
 * Fetches by HTTP and HTTPS, and connects only to addresses that the rule allows: the name's addresses are checked when the connection is
 * made, and each redirect is checked like the address itself.
 */
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { guardedRequest } from "../../platform/guarded-request.ts";
import { Agent as HttpAgent } from "../../platform/node-http.ts";
import type { AddressRule } from "../../platform/public-address.ts";
import { messageOf } from "./source.ts";
import { notAllowed } from "./source-address.ts";

export type GetOptions = {
  readonly isAllowed: AddressRule;
  /** Until the head of the answer. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
  /** Connections that are used again; without them each request has its own. */
  readonly connections?: HttpConnections;
  /** Bytes of the resource: the first, and how many. */
  readonly range?: { readonly from: number; readonly length: number } | null;
};

/** Connections of one source, which were all allowed under its rule. */
export type HttpConnections = {
  readonly http: InstanceType<typeof HttpAgent>;
  readonly https: HttpsAgent;
  readonly close: () => void;
};

export type HttpAnswer = {
  /** After redirects. */
  readonly url: URL;
  readonly body: IncomingMessage;
};

/** A request that failed, as a problem of its source. */
export class GetError extends Error {
  readonly problem: JobProblem;

  constructor(problem: JobProblem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
  }
}

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
const AGENT = "Lectern";

/** @throws GetError unless the answer is a success. Its body has to be read or destroyed. */
export async function httpGet(url: URL, options: GetOptions): Promise<HttpAnswer> {
  let from = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const body = await ask(from, options);
    const status = body.statusCode ?? 0;
    const { location } = body.headers;
    if (REDIRECTS.includes(status) && location !== undefined) {
      body.destroy();
      from = redirected(from, location);
      continue;
    }
    if (status >= 200 && status < 300) return { url: from, body };
    body.destroy();
    throw new GetError(problemOfStatus(status));
  }
  throw new GetError({ code: "unreachable", detail: `More than ${MAX_REDIRECTS} redirects.` });
}

/** Reads a whole answer. @throws GetError when it is larger or takes longer, or the request fails */
export async function httpGetWhole(
  url: URL,
  options: GetOptions,
  maxBytes: number,
  withinMs: number,
): Promise<{ url: URL; bytes: Buffer }> {
  const answer = await httpGet(url, options);
  const timer = setTimeout(() => answer.body.destroy(new Error(`No complete answer within ${withinMs / 1000} s.`)), withinMs);
  try {
    return { url: answer.url, bytes: await readWhole(answer.body, maxBytes) };
  } catch (error) {
    throw error instanceof GetError ? error : new GetError({ code: "unreachable", detail: messageOf(error) }, { cause: error });
  } finally {
    clearTimeout(timer);
    answer.body.destroy();
  }
}

async function readWhole(body: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxBytes) throw new GetError({ code: "not-media", detail: `An answer of more than ${maxBytes} bytes.` });
  }
  return Buffer.concat(pieces);
}

export function keptConnections(): HttpConnections {
  const [http, https] = [new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true })];
  const close = (): void => {
    http.destroy();
    https.destroy();
  };
  return { http, https, close };
}

function ask(url: URL, { isAllowed, withinMs, signal, range, connections }: GetOptions): Promise<IncomingMessage> {
  const { username, password } = url;
  const options: RequestOptions = {
    signal,
    headers: {
      "user-agent": AGENT,
      accept: "*/*",
      ...(range ? { range: `bytes=${range.from}-${range.from + range.length - 1}` } : {}),
    },
    ...(connections ? { agent: url.protocol === "https:" ? connections.https : connections.http } : {}),
    ...(username === "" ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
  };
  return new Promise((resolve, reject) => {
    const request = guardedRequest(url, options, { isAllowed, refusal: (host) => new GetError(notAllowed(host)) });
    const timer = setTimeout(() => request.destroy(new Error(`No answer within ${withinMs / 1000} s.`)), withinMs);
    request.on("response", (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error instanceof GetError ? error : new GetError({ code: "unreachable", detail: messageOf(error) }, { cause: error }));
    });
    request.end();
  });
}

/** Credentials go to their own server only. */
function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new GetError({ code: "unreachable", detail: "A redirect to what is no address." });
  const to = new URL(location, from.href);
  if (to.protocol !== "http:" && to.protocol !== "https:")
    throw new GetError({ code: "not-allowed", detail: `A redirect to an address of ${to.protocol}` });
  if (to.origin === from.origin && to.username === "") {
    to.username = from.username;
    to.password = from.password;
  }
  return to;
}

function problemOfStatus(status: number): JobProblem {
  const detail = `The origin answered with status ${status}.`;
  if (status === 401 || status === 403) return { code: "bad-credential", detail };
  if (status === 404 || status === 410) return { code: "no-such-stream", detail };
  return { code: "unreachable", detail };
}
