/** What all doors on the HTTP port say in the same way: refusals, and that pages of any origin may read the answer. */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "../../platform/refusal.ts";

/** A request, by HTTP/1.1 or HTTP/2. */
export type HttpRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** The answer to it. */
export type HttpResponse = {
  writeHead(status: number, headers?: Readonly<Record<string, string | number | string[]>>): unknown;
  end(): unknown;
  end(bytes: Uint8Array): unknown;
  on(event: "close", listener: () => void): unknown;
};

/** Pages of any origin may read the answer. */
export const OPEN_TO_ALL = { "access-control-allow-origin": "*" };

const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "GET, HEAD, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};

/** A refusal as problem details: RFC 9457. */
export function sendRefusal(response: HttpResponse, refusal: Refusal, headOnly = false): void {
  const body = Buffer.from(JSON.stringify(refusal.problem()));
  response.writeHead(refusal.status, { ...refusalHeaders(refusal), "content-length": body.length });
  if (headOnly) response.end();
  else response.end(body);
}

/** RFC 8216 section 4. */
export const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";
/** What has an unguessable name and never changes. */
export const IMMUTABLE = "public, max-age=31536000, immutable";

/** The headers of every refusal. */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const waitSeconds = refusal.code === "not-yet" ? "1" : "5";
  return {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...OPEN_TO_ALL,
    ...(refusal.status === 503 || refusal.status === 429 ? { "retry-after": waitSeconds } : {}),
  };
}

/** Media are only read: what else a browser may ask before it reads, and what is not allowed. */
export function answerOtherMethod(request: HttpRequest, response: HttpResponse): void {
  if (request.method === "OPTIONS") response.writeHead(204, PREFLIGHT);
  else response.writeHead(405, { allow: "GET, HEAD, OPTIONS" });
  response.end();
}
