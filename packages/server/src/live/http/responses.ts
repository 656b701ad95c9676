/** Writes the responses that all doors of the HTTP port share: refusals, CORS preflights, cache headers. */

import type { IncomingHttpHeaders } from "node:http";
import { languageOf } from "../../platform/messages/language.ts";
import type { Refusal } from "../../platform/refusal.ts";
import { refusedProblemHeaders } from "./problem-headers.ts";
import { waitingPage, wantsWaitingPage } from "./waiting-page.ts";

/** The part of a request that refusals and redirects read; HTTP/1.1 or HTTP/2. */
export type HttpRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** The part of a response that every answer uses. */
export type HttpResponse = {
  writeHead(status: number, headers?: Readonly<Record<string, string | number | string[]>>): unknown;
  end(): unknown;
  end(bytes: Uint8Array): unknown;
  on(event: "close", listener: () => void): unknown;
};

export type RefusedRequest = Pick<HttpRequest, "method" | "headers">;
type RefusalAnswer = { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** Pages of any origin may read the answer. */
export const OPEN_TO_ALL = { "access-control-allow-origin": "*" };
/** And its `date`: players of pages of other origins set their clock by it. */
export const TELLS_TIME = { "access-control-expose-headers": "date" };

const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "GET, HEAD, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};

/** Answers with a refusal as problem details (RFC 9457), in the language that the request prefers. */
export function sendRefusal(request: RefusedRequest, response: HttpResponse, refusal: Refusal): void {
  const { headers, body } = refusalAnswer(request, refusal);
  response.writeHead(refusal.status, headers);
  if (request.method === "HEAD") response.end();
  else response.end(body);
}

/** Answers with what is true at this moment, also for pages of other origins. */
export function sendJson(response: HttpResponse, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": String(body.length),
    "cache-control": "no-store",
    ...OPEN_TO_ALL,
  });
  response.end(body);
}

/** RFC 8216 section 4. */
export const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";
/** For files with an unguessable name, which never change. */
export const IMMUTABLE = "public, max-age=31536000, immutable";

/** Whether a response may be compressed: RFC 9110 section 12.5.3. */
export function acceptsGzip({ headers }: Pick<HttpRequest, "headers">): boolean {
  return /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
}

/** Headers and body of a refusal. */
export function refusalAnswer(request: RefusedRequest, refusal: Refusal): RefusalAnswer {
  const language = languageOf(request.headers["accept-language"]);
  const problem = refusal.problem(language);
  const isPage = wantsWaitingPage(request.headers, refusal);
  const body = isPage ? waitingPage(problem.title, language) : Buffer.from(JSON.stringify(problem));
  const headers = {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/problem+json",
    "content-length": String(body.length),
    "cache-control": "no-store",
    vary: "accept, accept-language",
    "content-language": language,
    ...OPEN_TO_ALL,
    ...refusedProblemHeaders(refusal),
    ...(refusal.retryAfter === null ? {} : { "retry-after": String(refusal.retryAfter) }),
  };
  return { headers, body };
}

/** Tells a cache that a session may watch. A cache may use the answer again for two seconds (docs/cdn.md). */
export function sendPermission(response: HttpResponse): void {
  response.writeHead(204, { "cache-control": "public, max-age=2" });
  response.end();
}

/** Answers a CORS preflight, and refuses methods that media do not have. */
export function answerOtherMethod(request: HttpRequest, response: HttpResponse): void {
  if (request.method === "OPTIONS") response.writeHead(204, PREFLIGHT);
  else response.writeHead(405, { allow: "GET, HEAD, OPTIONS" });
  response.end();
}
