/**
 * Provides the headers of requests that are proxied to another process: those of the client that are not of its connection, and what this process
 * knows of it.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { MediaRequest } from "../../live/http/media-request.ts";
import { PUBLIC_HEADER } from "../../platform/api/public-header.ts";

/** The client's address in a proxied request. */
export const CLIENT_ADDRESS = "x-lectern-address";

/** The client's address, as a media worker has sent it: only media workers reach the control socket. */
export function clientAddress({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  return String(headers[CLIENT_ADDRESS] ?? "");
}
/** The header of a proxied request with the address of a proxy that `trustedProxies` does not name, where one passed it on. */
export const UNKNOWN_PROXY = "x-lectern-unknown-proxy";
/** RFC 9110 section 7.6.1: these belong to one connection. */
const OF_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** The headers of a proxied request, with the client's address. */
export function proxiedHeaders({ headers, client }: MediaRequest): Record<string, string | string[]> {
  return {
    ...passed(headers),
    [CLIENT_ADDRESS]: client.ip,
    "x-forwarded-proto": client.isSecure ? "https" : "http",
    ...(client.unknownProxy === undefined ? {} : { [UNKNOWN_PROXY]: client.unknownProxy }),
  };
}

/** Of either direction. */
export function passed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Of HTTP/2's pseudo headers only the host has a counterpart in HTTP/1.1.
    if (name === ":authority" && typeof value === "string") out["host"] = value;
    if (value === undefined || name.startsWith(":") || OF_CONNECTION.has(name)) continue;
    if (name === CLIENT_ADDRESS || name === UNKNOWN_PROXY || name === PUBLIC_HEADER) continue;
    out[name] = value;
  }
  return out;
}
