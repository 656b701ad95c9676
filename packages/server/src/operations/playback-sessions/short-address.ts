/** Shortens an address so that it no longer is one person's: its /24 (IPv4), or its /48 (IPv6). */
import { networkOf } from "../../platform/address.ts";

/** Empty for what is no address. */
export function shortAddress(ip: string): string {
  return networkOf(ip.replace(/^::ffff:(?=\d+\.)/i, ""), 48) ?? "";
}
