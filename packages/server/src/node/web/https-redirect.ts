/** Redirects plain HTTP to HTTPS where `http.tls.redirect` is set. */

import type { Door } from "../../live/http/door.ts";
import type { Config } from "../../platform/config/schema.ts";
import { parseHost } from "../../platform/host.ts";

const HTTPS_PORT = 443;

/** The doors before this one are not redirected. */
export function httpsRedirectDoor({ tls }: Config["http"]): Door<string> {
  const port = tls?.port === HTTPS_PORT ? "" : `:${tls?.port}`;
  return {
    name: "https-redirect",
    match: ({ address, client, headers }) =>
      tls?.redirect && !client.isTls
        ? `https://${parseHost(headers.host ?? "")?.hostname ?? "localhost"}${port}${address.url}`
        : null,
    handle: (_request, response, location) => {
      // 308 keeps the method, unlike 301.
      response.writeHead(308, { location, "content-length": 0, "cache-control": "no-store" });
      response.end();
    },
    close: () => {},
  };
}
