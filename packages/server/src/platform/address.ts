/** Finds the client address of a request. Only trusted proxies may forward another address. */
import { BlockList, isIP } from "node:net";

/** The form of an address in rules and logs: IPv4-mapped IPv6 as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** A set of networks such as `10.0.0.0/8`, and of single addresses. */
export class AddressSet {
  private readonly list = new BlockList();
  private readonly empty: boolean;

  /** @throws RangeError with the invalid entry */
  constructor(networks: readonly string[]) {
    this.empty = networks.length === 0;
    for (const network of networks) {
      const [address = "", prefix] = network.split("/");
      const family = isIP(address);
      const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
      if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) {
        throw new RangeError(`"${network}" is not an address or a network such as 10.0.0.0/8`);
      }
      this.list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
    }
  }

  has(address: string): boolean {
    // Runs for every request, and most servers trust no proxy.
    if (this.empty) return false;
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.list.check(plain, family === 4 ? "ipv4" : "ipv6");
  }
}

/**
 * The client's address.
 * @param forwardedFor the X-Forwarded-For header. Each proxy appends its peer, so the header is read from the end, through trusted proxies to
 *   the first other address
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, trusted: AddressSet): string {
  let address = plainAddress(peer ?? "");
  if (!trusted.has(address)) return address;
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim());
  while (trusted.has(address)) {
    const hop = plainAddress(hops.pop() ?? "");
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}
