/** Posts a body to a URL that a person has entered, within a time limit, and not into private networks unless they are allowed. */
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { request as httpRequest } from "../../platform/node-http.ts";
import { allowedLookup, isPublicAddress } from "../../platform/public-address.ts";

const ANSWER_WITHIN_MS = 10_000;
/** Of an answer, this many characters are kept. */
const MAX_TEXT_LENGTH = 500;

export type GuardedPost = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivate: boolean;
};

export type GuardedAnswer = {
  /** Null: no answer came. */
  readonly status: number | null;
  /** Null: the answer is a 2xx. */
  readonly error: string | null;
  /** The beginning of the answer. */
  readonly text: string;
  /** Of the header Retry-After; null: there is none. */
  readonly retryAfterSeconds: number | null;
};

export function postGuarded({ url: address, headers, body, allowPrivate }: GuardedPost): Promise<GuardedAnswer> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host))
    return Promise.resolve(withoutAnswer(`${host} is in a private network`));
  return new Promise((resolve) => {
    const open = url.protocol === "https:" ? httpsRequest : httpRequest;
    // A connection that waits may be closed just when it is used.
    const options = { method: "POST", headers, agent: false, ...(allowPrivate ? {} : { lookup: publicLookup }) };
    const request = open(url, options, (response) => readAnswer(response, resolve));
    limitTime(request);
    request.on("error", (error) => resolve(withoutAnswer(error.message.slice(0, MAX_TEXT_LENGTH))));
    request.end(body);
  });
}

function withoutAnswer(error: string): GuardedAnswer {
  return { status: null, error, text: "", retryAfterSeconds: null };
}

/** Redirects are not followed: they could lead into networks that the URL itself may not reach. */
function readAnswer(response: IncomingMessage, resolve: (answer: GuardedAnswer) => void): void {
  const status = response.statusCode ?? 0;
  const seconds = Number.parseInt(response.headers["retry-after"] ?? "", 10);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (piece: string) => {
    if (text.length < MAX_TEXT_LENGTH) text += piece;
  });
  response.on("error", (error) => resolve({ status, error: error.message, text, retryAfterSeconds }));
  response.on("end", () => {
    const isSuccess = status >= 200 && status < 300;
    text = text.slice(0, MAX_TEXT_LENGTH);
    resolve({ status, error: isSuccess ? null : text || `status ${status}`, text, retryAfterSeconds });
  });
}

function limitTime(request: ClientRequest): void {
  const seconds = ANSWER_WITHIN_MS / 1000;
  const timer = setTimeout(() => request.destroy(new Error(`no answer within ${seconds} s`)), ANSWER_WITHIN_MS);
  request.on("close", () => clearTimeout(timer));
}

/** Resolves names to public addresses only: a name that was public when it was entered may change later. */
const publicLookup = allowedLookup(isPublicAddress, (host) => new Error(`${host} leads into a private network`));
