/** Provides the addresses at which this side can be reached, as candidates of ICE (RFC 8839 section 5.1). */
import { isIPv6 } from "node:net";

/** RFC 8445 section 5.1.2.2: above those of the machine itself, which a client outside cannot reach where there are public ones. */
const HOST_PREFERENCE = 126;
const COMPONENT = 1;

/**
 * Adds public addresses, which lead to this machine by network address translation, to those that the machine knows itself.
 * @param candidates values of `a=candidate`
 */
export function withPublicAddresses(
  candidates: readonly string[],
  publicAddresses: readonly string[],
  port: number,
): readonly string[] {
  const known = new Set(candidates.map((candidate) => candidate.split(" ")[4]));
  const added = publicAddresses
    .filter((address) => !known.has(address))
    .map((address, i) => {
      const preference = 65_535 - i - (isIPv6(address) ? 0 : 256);
      const priority = HOST_PREFERENCE * 2 ** 24 + preference * 2 ** 8 + (256 - COMPONENT);
      return `public${i} ${COMPONENT} UDP ${priority} ${address} ${port} typ host`;
    });
  return [...added, ...candidates];
}
