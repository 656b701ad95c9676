/** Tells the addresses that only this computer has: the loopback ones (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */

/** The host of a link that no other device can open; null: others may reach it. */
export function loopbackHost(link: string): string | null {
  const { hostname, host } = new URL(link);
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? host : null;
}
