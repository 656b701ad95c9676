/** Checks for `lectern doctor` which tables of addresses are in use, and how old they are. */

import { type GeoipConfig, loadGeoip, SHIPPED, type TableInfo } from "../../platform/geoip/geoip.ts";
import type { Logger } from "../../platform/log.ts";
import type { Finding } from "./doctor-operators.ts";

const YEAR_DAYS = 365;

/** @param log receives the reasons of files that cannot be used, which are in the finding too */
export async function checkGeoip(config: GeoipConfig, log: Logger, now = Date.now()): Promise<Finding> {
  const places = await loadGeoip(config, log);
  places.close();
  const tables = places.tables();
  const what = `places of addresses: ${tables.map((table) => describe(table, now)).join(", ")}`;
  const unusable = tables.filter(({ problem }) => problem !== null);
  if (unusable.length > 0) {
    const fix = "put usable xdb or mmdb files there, or remove them from geoip.files (docs/geoip.md)";
    return { state: "bad", what, fix };
  }
  const own = tables.filter(({ name }) => name !== SHIPPED);
  if (own.length === 0 || own.every((table) => daysOf(table, now) <= YEAR_DAYS)) return { state: "good", what };
  return {
    state: "advice",
    what,
    fix: "addresses move between places and carriers: replace the files by newer ones (docs/geoip.md)",
  };
}

function describe(table: TableInfo, now: number): string {
  const { name, kind, madeAt, problem } = table;
  if (problem !== null) return `${name} cannot be used (${problem})`;
  const age = madeAt ? `of ${madeAt.toISOString().slice(0, 10)}, ${daysOf(table, now)} days old` : "of unknown age";
  return name === SHIPPED ? `${kind} ${age} (comes with Lectern)` : `${name} (${kind}) ${age}`;
}

/** 0 where the age is unknown. */
function daysOf({ madeAt }: TableInfo, now: number): number {
  return madeAt ? Math.max(0, Math.floor((now - madeAt.getTime()) / 86_400_000)) : 0;
}
