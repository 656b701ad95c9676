/** Sends whoever comes by `http:` on to `https:`, where the configuration says so. */
import type { HttpRequest, HttpResponse } from "../../live/http/answer.ts";
import type { Config } from "../../platform/config/schema.ts";
import { CHALLENGES } from "./acme.ts";

const HTTPS_PORT = 443;

/** Redirects a request that came in the clear. False when it may be answered as it came. */
export function redirectsToHttps({ tls }: Config["http"], request: HttpRequest, response: HttpResponse): boolean {
  const path = request.url ?? "/";
  if (!tls?.redirect || path.startsWith(CHALLENGES)) return false;
  const host = (request.headers.host ?? "localhost").replace(/:\d+$/, "");
  const port = tls.port === HTTPS_PORT ? "" : `:${tls.port}`;
  // 308 keeps the method, unlike 301.
  response.writeHead(308, { location: `https://${host}${port}${path}`, "content-length": 0, "cache-control": "no-store" });
  response.end();
  return true;
}
