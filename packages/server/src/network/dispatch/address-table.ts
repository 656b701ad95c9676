/** Loads the address tables of the npm package ip2region into memory. */
import type { AddressLookup } from "./client-location.ts";

/** The tables are about 11 MB, so only a node that dispatches loads them. */
export async function loadAddressTable(): Promise<AddressLookup> {
  const { default: module } = await import("ip2region");
  const table = new module.default();
  return (ip) => {
    try {
      return table.search(ip);
    } catch {
      // The table does not have the address.
      return null;
    }
  };
}
