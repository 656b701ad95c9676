/**
 * Resolves the names of back ends. Connections to one host share a lookup, and its answer for a while: a lookup takes one of the few threads of the
 * process, and a name server that does not answer holds it for many seconds.
 */
import { type LookupAddress, promises } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressRule } from "../../platform/public-address.ts";

export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

const KEPT_MS = 5000;
const MAX_HOSTS = 1000;

/** @param resolve default: as all programs of this machine do */
export function sharedLookups(
  resolve: ResolveHost = (host) => promises.lookup(host, { all: true }),
  now: () => number = () => performance.now(),
): (isAllowed: AddressRule, refusal: string) => LookupFunction {
  const lookups = new Map<string, { readonly found: Promise<readonly LookupAddress[]>; until: number }>();
  const find = (host: string): Promise<readonly LookupAddress[]> => {
    const known = lookups.get(host);
    if (known && now() < known.until) return known.found;
    lookups.delete(host);
    const lookup = { found: resolve(host), until: Number.POSITIVE_INFINITY };
    const kept = (): void => {
      lookup.until = now() + KEPT_MS;
    };
    lookup.found.then(kept, kept);
    lookups.set(host, lookup);
    const oldest = lookups.size > MAX_HOSTS ? lookups.keys().next().value : undefined;
    if (oldest !== undefined) lookups.delete(oldest);
    return lookup.found;
  };
  return (isAllowed, refusal) => (host, options, callback) => {
    find(host).then(
      (found) => {
        const open = found.filter(({ address }) => isAllowed(address));
        const [first] = open;
        if (!first) callback(new Error(refusal), "", 4);
        else if (options.all) callback(null, open);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 4),
    );
  };
}
