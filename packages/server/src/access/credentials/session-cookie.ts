/**
 * Provides the session of a person at the pages: a cookie that scripts cannot read, and the checks by which it counts only for requests of this
 * server's own pages. Cookies: RFC 6265bis. Checks: Fetch Metadata (`Sec-Fetch-Site`), and a header that pages of other origins cannot send without
 * CORS.
 */
import type { IncomingHttpHeaders } from "node:http";
import { cookieValue } from "../../platform/api/cookies.ts";
import type { RequestCredential } from "../../platform/api/route.ts";

/**
 * The header of requests that a page makes. `active`: the person uses the page; `idle`: the page asks by itself, which does not keep the
 * session alive; `anonymous`: the session does not count for this request.
 */
export const PAGE_HEADER = "lectern-page";
/** Tells the scripts of a page that somebody is signed in. It proves nothing to the server. */
const HINT = "lectern-signed-in";
/** 400 days, the longest that browsers keep a cookie. The server decides when the session ends. */
const MAX_AGE_SECONDS = 400 * 24 * 3600;

/** With the prefix, only this host can have set the cookie, over HTTPS (RFC 6265bis, section 4.1.3.2). */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? "__Host-lectern-session" : "lectern-session";
}

/** Whether the client reached this server by HTTPS. The media workers, which forward requests, set the header. */
export function isSecureRequest(headers: IncomingHttpHeaders): boolean {
  return headers["x-forwarded-proto"] === "https";
}

/** The values of `Set-Cookie` that begin a session. */
export function sessionCookies(token: string, isSecure: boolean): readonly string[] {
  const lasts = `; Max-Age=${MAX_AGE_SECONDS}`;
  return [sessionCookie(token, isSecure) + lasts, `${HINT}=1; Path=/; SameSite=Strict${lasts}`];
}

/** The values of `Set-Cookie` that end a session. */
export function clearedSessionCookies(isSecure: boolean): readonly string[] {
  return [`${sessionCookie("", isSecure)}; Max-Age=0`, `${HINT}=; Path=/; SameSite=Strict; Max-Age=0`];
}

function sessionCookie(token: string, isSecure: boolean): string {
  return `${sessionCookieName(isSecure)}=${token}; Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

/**
 * The session of a request's cookie. Null without one; `cross-site` where the request did not come from a page of this server.
 * @param publicHost the host of the public address, where a proxy replaces the Host header; empty: none
 */
export function cookieCredential(headers: IncomingHttpHeaders, publicHost: string): RequestCredential | "cross-site" | null {
  const page = headers[PAGE_HEADER];
  if (page === "anonymous") return null;
  const token = cookieValue(headers.cookie, sessionCookieName(isSecureRequest(headers)));
  if (token === null || token === "") return null;
  return isOwnPage(headers, publicHost) ? { token, from: "cookie", isActive: page !== "idle" } : "cross-site";
}

/** Browsers send `Sec-Fetch-Site` to HTTPS and localhost only, and no script can set it. Elsewhere the page's header proves a page. */
function isOwnPage(headers: IncomingHttpHeaders, publicHost: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin } = headers;
  if (origin !== undefined && !isOwnOrigin(origin, [headers.host, publicHost])) return false;
  return headers[PAGE_HEADER] !== undefined;
}

function isOwnOrigin(origin: string, hosts: readonly (string | undefined)[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}
