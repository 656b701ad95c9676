/**
 * Fetches an address list over HTTP, within limits of time, and not into private networks, at the address itself and at those that it redirects
 * to. Asks for what has changed only (RFC 9110, section 13.1).
 */
import type { IncomingMessage, RequestOptions } from "node:http";
import { guardedRequest, publicUnless } from "../../../platform/guarded-request.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { ListValidators } from "../../foundation/store/policy-tables.ts";

const MAX_REDIRECTS = 5;
/** Without a byte for so long, a fetch has failed. */
const IDLE_MS = 30_000;
const REDIRECTS = [301, 302, 303, 307, 308];

export type FetchListOptions = {
  readonly url: string;
  readonly validators: ListValidators;
  /** Whether it may lead into private networks. */
  readonly allowPrivate: boolean;
  /** Ends the fetch, also while its content is being read. */
  readonly signal: AbortSignal;
};

export type FetchedList =
  | { readonly kind: "content"; readonly chunks: AsyncIterable<Uint8Array>; readonly validators: ListValidators }
  | { readonly kind: "unchanged" };

/** A fetch has failed; the text has no part of the address but its host's answer. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
  readonly text: Message;

  constructor(text: Message, options?: ErrorOptions) {
    super(text.key, options);
    this.text = text;
  }
}

/** @throws FetchFailed, also while the content is being read */
export async function fetchList(options: FetchListOptions): Promise<FetchedList> {
  let url = new URL(options.url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await ask(url, options);
    const { statusCode: status = 0, headers } = answer;
    const next = REDIRECTS.includes(status) && headers.location !== undefined ? redirected(url, headers.location) : null;
    if (next === null) return contentOf(answer, options);
    answer.destroy();
    url = next;
  }
  throw new FetchFailed(policyText("fetch-redirects"));
}

/** A name and a password in the first address go nowhere else. */
function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  const isWeb = to !== null && (to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:"));
  if (!isWeb) throw new FetchFailed(policyText("fetch-redirects"));
  return to;
}

function ask(url: URL, { validators, allowPrivate, signal }: FetchListOptions): Promise<IncomingMessage> {
  const options: RequestOptions = {
    headers: {
      "user-agent": "Lectern-AddressLists/1",
      accept: "text/plain, text/csv, */*",
      "accept-encoding": "identity",
      ...(validators.etag ? { "if-none-match": validators.etag } : {}),
      ...(validators.lastModified ? { "if-modified-since": validators.lastModified } : {}),
    },
    signal,
    timeout: IDLE_MS,
  };
  return new Promise((resolve, reject) => {
    const guard = { ...publicUnless(allowPrivate), refusal: () => new FetchFailed(policyText("fetch-private")) };
    const request = guardedRequest(url, options, guard);
    request.on("response", resolve);
    request.on("timeout", () => request.destroy(new FetchFailed(policyText("fetch-late"))));
    request.on("error", (error) => reject(failureOf(error, signal)));
    request.end();
  });
}

function contentOf(answer: IncomingMessage, { validators, signal }: FetchListOptions): FetchedList {
  const { statusCode: status = 0, headers } = answer;
  if (status === 304 && (validators.etag || validators.lastModified)) {
    answer.resume();
    return { kind: "unchanged" };
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (status !== 200 || encoding !== "identity") {
    answer.destroy();
    throw new FetchFailed(
      status === 200 ? policyText("fetch-failed", { reason: encoding }) : policyText("fetch-status", { status }),
    );
  }
  const { etag, "last-modified": lastModified } = headers;
  return {
    kind: "content",
    chunks: read(answer, signal),
    validators: { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) },
  };
}

async function* read(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      isEmpty = false;
      yield chunk;
    }
  } catch (error) {
    throw failureOf(error, signal);
  }
  // A server in trouble often answers so.
  if (isEmpty) throw new FetchFailed(policyText("fetch-empty"));
}

/** Errors of the system name the host or its address, and not the path. */
function failureOf(error: unknown, signal: AbortSignal): FetchFailed {
  if (error instanceof FetchFailed) return error;
  if (signal.aborted) return new FetchFailed(policyText("fetch-late"), { cause: error });
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
  const reason = typeof code === "string" ? code : "error";
  return new FetchFailed(policyText("fetch-failed", { reason }), { cause: error });
}
