/**
 * Takes the credentials from a request once, wherever they travel: in the query of an address, in a header, in the parameters of RTMP's
 * `connect` and `publish`, or in the path as an HLS session. Everything behind the doors reads only this type.
 */
import { type ForeignToken, foreignTokenOf, type SignedPrefix } from "../links/schemes/foreign-token.ts";
import type { LinkToken } from "../links/signed-link.ts";
import type { ViewerSet } from "./viewer-set.ts";

export type Credentials = {
  /** The publish key; null when none was given. */
  readonly publishKey: string | null;
  /** The parameters of a signed link; null when the signature or the expiry is missing. */
  readonly link: LinkToken | null;
  /** A link that another system has signed; null when there is none. */
  readonly foreign: ForeignToken | null;
  /** The viewer id that the address names. Only a valid link proves it. */
  readonly viewer: string | null;
  /** Whether the credentials belong to one of these viewers. */
  readonly isAmong: (viewers: ViewerSet) => boolean;
  /** The query as it was sent, with its `?`, for callbacks and back ends; empty without one. */
  readonly query: string;
  /** The number of the HLS session that stands for the client; null for a client that asks for itself. */
  readonly session: number | null;
  /** The parameter by which a player names its trace (W3C Trace Context). It proves nothing. */
  readonly traceparent?: string | null;
};

const BEARER = /^Bearer ([^\s]+)$/i;

/**
 * @param authorization the request's `Authorization` header: a publish key as a bearer token (RFC 6750, section 2.1)
 * @param prefix the signature before the path, where `splitSignedPath` took one off
 */
export function credentialsOf(query: URLSearchParams, authorization?: string, prefix: SignedPrefix | null = null): Credentials {
  const [sign, expires, viewer] = [query.get("sign"), query.get("expires"), query.get("viewer")];
  const key = query.get("key") || BEARER.exec(authorization ?? "")?.[1];
  return {
    publishKey: key ?? null,
    link: sign === null || expires === null ? null : { sign, expires, ip: query.get("ip") ?? "", viewer: viewer ?? "" },
    foreign: foreignTokenOf(query, prefix),
    viewer,
    isAmong: ({ ids }) => viewer !== null && ids.has(viewer),
    // Few callers want it, and writing it takes as long as all the rest.
    get query() {
      return query.size > 0 ? `?${query}` : "";
    },
    session: null,
    traceparent: query.get("traceparent"),
  };
}

/**
 * The parameters of an RTMP client. Some encoders append the key to the app (`rtmp://host/live?key=…`) and send the bare stream name.
 * @param nameQuery the query after the stream's name; wins over the same parameter after the app
 * @param connectQuery the query after the app
 */
export function rtmpParameters(nameQuery: string, connectQuery: string): URLSearchParams {
  const query = new URLSearchParams(nameQuery);
  for (const [key, value] of new URLSearchParams(connectQuery)) if (!query.has(key)) query.set(key, value);
  return query;
}

/** The credentials of a viewer session. @param tag of the viewer to whom it was issued; @param session its number */
export function sessionCredentials(tag: string, session: number | null = null): Credentials {
  return { publishKey: null, link: null, foreign: null, viewer: null, isAmong: ({ tags }) => tags.has(tag), query: "", session };
}

/** The credentials that a client was admitted with, when its open connection is reviewed. */
export function admittedCredentials(viewer: string | null, publishKey: string | null, query: string): Credentials {
  const isAmong: Credentials["isAmong"] = ({ ids }) => viewer !== null && ids.has(viewer);
  return { publishKey, link: null, foreign: null, viewer, isAmong, query, session: null };
}
