/** Opens requests to addresses that people have entered: only those connect whose address the rule allows, and redirects are not followed. */
import type { ClientRequest, RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { request as httpRequest } from "./node-http.ts";
import { type AddressRule, allowedLookup, isPublicAddress } from "./public-address.ts";

export type Guard = {
  readonly isAllowed: AddressRule;
  /** The error where a host, as the URL names it, has no allowed address. */
  readonly refusal: (host: string) => Error;
};

/** Public addresses only, or all of them. */
export function publicUnless(allowPrivate: boolean): Guard {
  return {
    isAllowed: allowPrivate ? () => true : isPublicAddress,
    refusal: (host) => new Error(`${host} is in a private network`),
  };
}

/**
 * A request by HTTP or HTTPS that is still to be sent (`end`). It has a connection of its own unless an agent is given: one that is kept may be closed by the other
 * side just when it is used.
 * @throws the refusal where the host is an address that is not allowed; for a name, it comes as the request's error
 */
export function guardedRequest(url: URL, options: RequestOptions, { isAllowed, refusal }: Guard): ClientRequest {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isAllowed(host)) throw refusal(host);
  const open = url.protocol === "https:" ? httpsRequest : httpRequest;
  return open(url, { agent: false, ...options, lookup: allowedLookup(isAllowed, refusal) });
}

/** Destroys a request that has not closed by then, its answer included. */
export function limitTime(request: ClientRequest, withinMs: number): void {
  const timer = setTimeout(() => request.destroy(new Error(`no answer within ${withinMs / 1000} s`)), withinMs);
  request.on("close", () => clearTimeout(timer));
}
