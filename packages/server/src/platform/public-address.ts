/**
 * Decides which addresses this server may connect to on behalf of other people: public ones, and those of networks that the operator has
 * allowed. The decision is made for each resolved address, at the moment of the connection: a name that was public before may change.
 */
import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { AddressSet } from "./address.ts";

/**
 * Networks that are not public: all that are not globally reachable by the registries of IANA (RFC 6890, as of 2026), multicast,
 * and the IPv6 networks whose addresses contain an IPv4 address, which may be a private one.
 */
const PRIVATE_NETWORKS = new AddressSet([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  // Link-local; metadata of most clouds.
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Metadata of Azure, which only looks public.
  "168.63.129.16",
  // Unspecified, loopback and IPv4-compatible addresses. IPv4-mapped ones count as the IPv4 address.
  "::/96",
  // Translation to IPv4: RFC 6052, RFC 8215, RFC 2765.
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "::ffff:0:0:0/96",
  "100::/64",
  // Protocol assignments, among them Teredo, benchmarking and ORCHID; documentation; 6to4.
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  "2002::/16",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]);

/** Whether this server may connect to an address. */
export type AddressRule = (address: string) => boolean;

export const isPublicAddress: AddressRule = (address) => isIP(address) !== 0 && !PRIVATE_NETWORKS.has(address);

/** Public addresses, and those of some networks such as `10.0.0.0/8`. @throws RangeError with an invalid network */
export function publicOr(allowed: readonly string[]): AddressRule {
  const networks = new AddressSet(allowed);
  return (address) => isPublicAddress(address) || networks.has(address);
}

export type Resolved =
  | { readonly kind: "addresses"; readonly addresses: readonly LookupAddress[] }
  /** All its addresses are forbidden. */
  | { readonly kind: "not-allowed" }
  | { readonly kind: "unknown"; readonly cause: Error };

/** The addresses of a host that the rule allows. @param host a name or an address; an IPv6 address may be in brackets */
export function resolveAllowed(host: string, isAllowed: AddressRule): Promise<Resolved> {
  return new Promise((resolve) => {
    lookup(host.replace(/^\[|\]$/g, ""), { all: true }, (cause, found) => {
      const addresses = (found ?? []).filter(({ address }) => isAllowed(address));
      if (cause) resolve({ kind: "unknown", cause });
      else resolve(addresses.length > 0 ? { kind: "addresses", addresses } : { kind: "not-allowed" });
    });
  });
}

/**
 * Resolves the names of a client's connections, to addresses that the rule allows only. Node.js does not resolve what is an address already:
 * that has to be checked before.
 * @param refusal the error for a name without such an address
 */
export function allowedLookup(isAllowed: AddressRule, refusal: (host: string) => Error): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const open = (found ?? []).filter(({ address }) => isAllowed(address));
      const first = open[0];
      if (error) callback(error, "", 4);
      else if (!first) callback(refusal(hostname), "", 4);
      else if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}
