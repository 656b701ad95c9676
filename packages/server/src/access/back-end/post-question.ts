/** Sends one question to a back end: within a time, to addresses that are allowed, without following redirects, and reading little of the answer. */
import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { limitTime } from "../../platform/guarded-request.ts";
import { Agent as HttpAgent, request as httpRequest } from "../../platform/node-http.ts";
import { isPublicAddress } from "../../platform/public-address.ts";
import type { EncodedQuestion } from "./back-end-question.ts";
import { sharedLookups } from "./shared-lookup.ts";

export type PostOptions = {
  readonly timeoutMs: number;
  /** Whether the address may be in a private network. */
  readonly allowPrivate: boolean;
};

export type Posted = {
  /** The status of the answer; null: there is none, and why. */
  readonly status: number | null;
  readonly reason: string;
  /** Resolves when the connection is free. */
  readonly closed: Promise<void>;
};

/** The status alone counts; an answer with more than this is cut off. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** Less than back ends keep idle connections: those of Node.js and PHP for five seconds. */
const IDLE_MS = 4000;
const MAX_IDLE = 16;
const PRIVATE = "its address is in a private network";

/** A connection that was allowed for an operator's rule must not be used for that of a school. */
const agents = { public: newAgents(), any: newAgents() };
const lookups = sharedLookups();
const [publicLookup, anyLookup] = [lookups(isPublicAddress, PRIVATE), lookups(() => true, PRIVATE)];

/** Never fails. */
export function postQuestion(question: EncodedQuestion, options: PostOptions): Promise<Posted> {
  const host = question.url.hostname.replace(/^\[|\]$/g, "");
  if (!options.allowPrivate && isIP(host) !== 0 && !isPublicAddress(host))
    return Promise.resolve({ status: null, reason: PRIVATE, closed: Promise.resolve() });
  return post(question, options, true);
}

function post(question: EncodedQuestion, options: PostOptions, mayRepeat: boolean): Promise<Posted> {
  const { url, method, headers, body } = question;
  const isSecure = url.protocol === "https:";
  const { http, https } = options.allowPrivate ? agents.any : agents.public;
  const closed = Promise.withResolvers<void>();
  return new Promise((resolve) => {
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      method,
      headers,
      agent: isSecure ? https : http,
      lookup: options.allowPrivate ? anyLookup : publicLookup,
    });
    limitTime(request, options.timeoutMs);
    request.on("response", (answer) => {
      readLittle(answer);
      resolve({ status: answer.statusCode ?? 0, reason: `status ${answer.statusCode}`, closed: closed.promise });
    });
    request.on("error", (error) => {
      // The back end closed an idle connection in this moment.
      const isStale = request.reusedSocket && Reflect.get(error, "code") === "ECONNRESET";
      if (isStale && mayRepeat) return resolve(post(question, options, false));
      resolve({ status: null, reason: reasonOf(error), closed: closed.promise });
    });
    request.on("close", () => closed.resolve());
    request.end(body);
  });
}

/** Read to its end, so that the connection can be used again. */
function readLittle(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on("error", () => {});
  answer.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) answer.destroy();
  });
}

/** Errors of the system name the address; the path may tell more than reports should. */
function reasonOf(error: Error): string {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : error.message;
}

function newAgents() {
  const options = { keepAlive: true, maxFreeSockets: MAX_IDLE, timeout: IDLE_MS };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}
