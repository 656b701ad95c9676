/**
 * Notices proxies that `trustedProxies` does not name. The server takes everybody behind one for the proxy itself: they share its limits, links are
 * http://, and a proxy on the same machine would open /metrics, which that machine may read, to everybody.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AddressSet } from "../../platform/address.ts";
import type { Logger } from "../../platform/log.ts";
import { isPublicAddress } from "../../platform/public-address.ts";
import { clientAddress, UNKNOWN_PROXY } from "./proxied-headers.ts";

/** Whether an address may read /metrics: a proxy that is not known speaks for nobody. @param allow `metrics.allow` */
export function mayReadMetrics(request: FastifyRequest, allow: AddressSet): boolean {
  return request.headers[UNKNOWN_PROXY] === undefined && allow.has(clientAddress(request));
}

/** Warns at the first request through a proxy of this machine or its network. Others may send X-Forwarded-For as they like. */
export function warnOfUnknownProxies(api: FastifyInstance, log: Logger): void {
  let isWarned = false;
  api.addHook("onRequest", async ({ headers }) => {
    const proxy = headers[UNKNOWN_PROXY];
    if (isWarned || typeof proxy !== "string" || isPublicAddress(proxy)) return;
    isWarned = true;
    log.warn(
      { proxy },
      "proxy not named in trustedProxies, its clients share one address, links are http:// and /metrics needs the token through it",
    );
  });
}
