/** Posts a body to a URL that a person has entered, within a time limit, and not into private networks unless they are allowed. */
import type { IncomingMessage } from "node:http";
import { guardedRequest, limitTime, publicUnless } from "../../../platform/guarded-request.ts";

const ANSWER_WITHIN_MS = 10_000;
/** Of an answer, this many characters are kept. */
const MAX_TEXT_LENGTH = 500;
/** An answer that has more is cut off: its status has been read, and a receiver may send without an end. */
const MAX_ANSWER_LENGTH = 64 * 1024;

export type GuardedPost = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivate: boolean;
  /** Default: 10 s. */
  readonly withinMs?: number;
  /** Of the answer, this many characters are kept. Default: 500. */
  readonly maxTextLength?: number;
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

/** Never fails. */
export async function postGuarded(post: GuardedPost): Promise<GuardedAnswer> {
  const { url, headers, body, allowPrivate, withinMs = ANSWER_WITHIN_MS, maxTextLength = MAX_TEXT_LENGTH } = post;
  try {
    const request = guardedRequest(new URL(url), { method: "POST", headers }, publicUnless(allowPrivate));
    limitTime(request, withinMs);
    return await new Promise((resolve, reject) => {
      request.on("response", (response) => readAnswer(response, maxTextLength, resolve));
      request.on("error", reject);
      request.end(body);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return withoutAnswer(message.slice(0, MAX_TEXT_LENGTH));
  }
}

function withoutAnswer(error: string): GuardedAnswer {
  return { status: null, error, text: "", retryAfterSeconds: null };
}

/** In one line. No database takes a NUL, and a failure that cannot be stored would never count as one. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

/** Redirects are not followed: they could lead into networks that the URL itself may not reach. */
function readAnswer(response: IncomingMessage, maxTextLength: number, resolve: (answer: GuardedAnswer) => void): void {
  const status = response.statusCode ?? 0;
  const seconds = Number.parseInt(response.headers["retry-after"] ?? "", 10);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
  let [text, length] = ["", 0];
  const end = (): void => {
    const isSuccess = status >= 200 && status < 300;
    text = text.slice(0, maxTextLength).toWellFormed();
    const error = isSuccess ? null : plain(text.slice(0, MAX_TEXT_LENGTH)) || `status ${status}`;
    resolve({ status, error, text, retryAfterSeconds });
  };
  response.setEncoding("utf8");
  response.on("data", (piece: string) => {
    if (text.length < maxTextLength) text += piece;
    length += piece.length;
    if (length <= MAX_ANSWER_LENGTH) return;
    end();
    response.destroy();
  });
  response.on("error", (error) => resolve({ status, error: error.message, text, retryAfterSeconds }));
  response.on("end", end);
}
