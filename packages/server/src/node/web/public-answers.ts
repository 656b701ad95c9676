/**
 * Answers requests that ask for the same thing without a credential. The control process marks an answer that everybody without a credential gets
 * (`publicMs` of a route), with the time for which others may get it too. Every class page polls its lesson: with this, 2000 pages cost the control
 * process two requests a second.
 *
 * An answer is as old as the request for it, so that nobody gets one that is older than its mark says. A request of this process that may change
 * something ends all answers, so that the client that made the change reads it at once.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { PAGE_HEADER } from "../../access/credentials/session-cookie.ts";
import { type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { PUBLIC_HEADER } from "../../platform/api/public-header.ts";
import { hasTag } from "../../platform/entity-tag.ts";

/** Addresses with public answers. A school has a few hundred lessons a day; the one that was requested longest ago goes first. */
const MAX_KEPT = 1000;
const MAX_PATH = 256;
const MAX_BYTES = 16 * 1024;
/** Requests that wait for one answer. Further ones pass by themselves, and the queue of their address decides. */
const MAX_WAITING = 4096;
/** Requests whose answer takes longer pass by themselves. */
export const PUBLIC_WITHIN_MS = 5000;
/** Headers of one answer, and of its body, which a 304 does not have (RFC 9110 section 15.4.5). */
const OF_ONE_ANSWER = ["date", "connection", "keep-alive", "transfer-encoding", PUBLIC_HEADER];
const OF_BODY = /^content-(?!security-policy)/;

export type PublicAnswer = {
  readonly forMs: number;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly headersUnchanged: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
};

type Waiting = { readonly request: MediaRequest; readonly response: MediaResponse; readonly pass: () => void };

type Entry = {
  readonly changes: number;
  answer: PublicAnswer | null;
  /** Milliseconds of `performance.now()`. */
  until: number;
  /** Null while nobody asks the control process. */
  waiting: Waiting[] | null;
};

export type PublicAnswerCalls = {
  /** Asks the control process. Null: it gave no public answer. */
  readonly fetch: () => Promise<PublicAnswer | null>;
  /** Passes the request on as one of its own. */
  readonly pass: () => void;
};

export class PublicAnswers {
  private readonly entries = new Map<string, Entry>();
  private readonly now: () => number;
  /** Counts requests that may have changed something. */
  private changes = 0;
  /** Requests that were answered without one to the control process. */
  count = 0;

  private readonly onSent: (request: MediaRequest) => void;

  /**
   * @param now monotonic milliseconds
   * @param onSent hears of each answer that was given
   */
  constructor(now: () => number = () => performance.now(), onSent: (request: MediaRequest) => void = () => {}) {
    this.now = now;
    this.onSent = onSent;
  }

  /** Answers a request, at once or when the control process has answered an equal one. False: its answer is not known to be public. */
  answer(request: MediaRequest, response: MediaResponse, { fetch, pass }: PublicAnswerCalls): boolean {
    const key = keyOf(request);
    const entry = key === null ? undefined : this.find(key);
    if (key === null || !entry) return false;
    if (entry.answer && this.now() < entry.until) {
      this.count++;
      this.send(request, response, entry.answer);
    } else if (!entry.waiting) {
      entry.waiting = [{ request, response, pass }];
      void this.refresh(key, entry, fetch);
    } else if (entry.waiting.length < MAX_WAITING) entry.waiting.push({ request, response, pass });
    else return false;
    return true;
  }

  private send(request: MediaRequest, response: MediaResponse, answer: PublicAnswer): void {
    send(request, response, answer);
    this.onSent(request);
  }

  /** Notes from the answer to a passed request whether the next one is public, and what a change ends. */
  passed(request: MediaRequest, { headers }: IncomingMessage): void {
    if (request.method !== "GET" && request.method !== "HEAD") this.changes++;
    const key = headers[PUBLIC_HEADER] === undefined ? null : keyOf(request);
    if (key !== null && !this.entries.has(key)) this.note(key);
  }

  /** The entry of a key; a new one where something may have changed since, because a later reader must not wait for an earlier answer. */
  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    return entry === undefined || entry.changes === this.changes ? entry : this.note(key);
  }

  private note(key: string): Entry {
    const entry: Entry = { changes: this.changes, answer: null, until: 0, waiting: null };
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > MAX_KEPT)
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    return entry;
  }

  private async refresh(key: string, entry: Entry, fetch: () => Promise<PublicAnswer | null>): Promise<void> {
    const asked = this.now();
    const answer = await fetch();
    const waiting = (entry.waiting ?? []).filter(({ response }) => !writableOf(response).destroyed);
    entry.waiting = null;
    entry.answer = answer;
    entry.until = asked + (answer?.forMs ?? 0);
    if (!answer) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      for (const { pass } of waiting) pass();
      return;
    }
    this.count += Math.max(0, waiting.length - 1);
    for (const { request, response } of waiting) this.send(request, response, answer);
    // The addresses that are asked for stay.
    if (this.entries.get(key) !== entry) return;
    this.entries.delete(key);
    this.entries.set(key, entry);
  }
}

/** Reads the answer to a request that was not sent yet. Null: it failed, it is not public, or it is too large to be kept. */
export function readPublic(onward: ClientRequest): Promise<PublicAnswer | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => onward.destroy(), PUBLIC_WITHIN_MS);
    onward.on("response", (answer) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > MAX_BYTES) onward.destroy();
      });
      answer.on("end", () => resolve(publicAnswer(answer, Buffer.concat(pieces))));
      answer.on("error", () => {});
    });
    onward.on("error", () => {});
    onward.on("close", () => {
      clearTimeout(late);
      resolve(null);
    });
    onward.end();
  });
}

function publicAnswer(answer: IncomingMessage, body: Buffer): PublicAnswer | null {
  const forMs = Number(answer.headers[PUBLIC_HEADER]);
  const { etag } = answer.headers;
  if (answer.statusCode !== 200 || !(forMs > 0) || etag === undefined) return null;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined && !OF_ONE_ANSWER.includes(name)) headers[name] = value;
  headers["content-length"] = String(body.length);
  const headersUnchanged = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_BODY.test(name)));
  return { forMs, etag, headers, headersUnchanged, body };
}

function send({ headers }: MediaRequest, response: MediaResponse, answer: PublicAnswer): void {
  const condition = headers["if-none-match"];
  if (condition !== undefined && hasTag(condition, answer.etag)) {
    response.writeHead(304, answer.headersUnchanged);
    response.end();
  } else {
    response.writeHead(200, answer.headers);
    response.end(answer.body);
  }
}

/** What an answer without a credential may depend on; null: the request has a credential, may have one, or has a body. */
function keyOf({ raw, method, headers, address, client }: MediaRequest): string | null {
  if (method !== "GET" || address.search !== "" || address.url.length > MAX_PATH) return null;
  if (headers.authorization !== undefined) return null;
  if (headers.cookie !== undefined && headers[PAGE_HEADER] !== "anonymous") return null;
  if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined) return null;
  if ("stream" in raw && !raw.stream.endAfterHeaders) return null;
  const host = headers[":authority"] ?? headers.host;
  return typeof host === "string" ? `${client.isSecure ? "https" : "http"}://${host}${address.url}` : null;
}
