/** Finds the client address of a request. Only trusted proxies may forward another address. */
import { BlockList, isIP } from "node:net";

/** The form of an address in rules and logs: IPv4-mapped IPv6 as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** Of an IPv6 address, so many bits are those that a provider gives to one customer: RFC 6177. */
const CUSTOMER_BITS = 64;

/**
 * Whose address it is, for counts and limits: an IPv4 address itself, and the first 64 bits of an IPv6 address, of which one customer has 2⁶⁴.
 * What is no address stays as it is.
 */
export function addressOwner(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? ipv6Network(plain, CUSTOMER_BITS) : plain;
}

/** Of an IPv6 address, so many bits are those that one site gets: RFC 6177. */
const SITE_BITS = 48;

/** The site that an address is of: an IPv4 address itself, and the first 48 bits of an IPv6 address, in which are 65536 customers' networks. */
export function addressSite(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? ipv6Network(plain, SITE_BITS) : plain;
}

/** The network that an address is in: its first 24 bits (IPv4), or so many of an IPv6 address. Null for what is no address. */
export function networkOf(address: string, ipv6Bits: 48 | 64): string | null {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family === 4) return plain.replace(/\d+$/, "0/24");
  return family === 6 ? ipv6Network(plain, ipv6Bits) : null;
}

function ipv6Network(address: string, bits: 48 | 64): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  const network = groups.slice(0, bits / 16).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/${bits}`;
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
