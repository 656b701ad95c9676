/** The tables of addresses that come with the npm package ip2region, in memory. */
import type { LookUp } from "./place.ts";

/** Reads the tables, about 11 MB; so it is done only where somebody asks. */
export async function lookUpAddress(): Promise<LookUp> {
  const { default: module } = await import("ip2region");
  const table = new module.default();
  return (ip) => {
    try {
      return table.search(ip);
    } catch {
      // It knows no such address.
      return null;
    }
  };
}
