/**
 * Finds the country, province, city and carrier of clients' addresses for access rules and for dispatch: in the operator's networks, then in the
 * operator's files, then in the tables that come with the program. docs/geoip.md has the rules.
 */
import { AddressSet } from "../address.ts";
import type { Logger } from "../log.ts";
import { type AddressLocation, type GeoipTable, type TableAnswer, UNKNOWN_PLACE } from "./address-location.ts";
import { type CarrierNaming, type CarrierWords, carrierNaming } from "./carriers.ts";
import { type LocationNames, locationNames, UNKNOWN_LOCATION } from "./location-names.ts";
import { loadShippedTables } from "./shipped-tables.ts";
import { parseAddress, tunnelEnd } from "./table-address.ts";
import { type TableFile, watchTableFile } from "./table-file.ts";

type Network = { readonly cidr: readonly string[] };
/** Parts of the configuration. */
export type GeoipConfig = {
  readonly geoip: {
    readonly networks: readonly (Network & AddressLocation)[];
    /** Paths of the operator's tables: xdb or mmdb. */
    readonly files: readonly string[];
  };
  readonly dispatch: {
    readonly networks: readonly (Network & { readonly carrier: string })[];
    readonly carriers: CarrierWords;
  };
};

export type TableInfo = {
  /** A path, or where the table comes from. */
  readonly name: string;
  /** Such as `xdb IPv4`; null where there is no usable table. */
  readonly kind: string | null;
  readonly madeAt: Date | null;
  /** Why the file that is there now is not used; null where it is. */
  readonly problem: string | null;
};

export type Geoip = {
  /** Takes microseconds. All parts are empty for an address that is in no table, and for anything that is no address. */
  readonly locationOf: (ip: string) => AddressLocation;
  /** In the order in which they are asked. */
  readonly tables: () => readonly TableInfo[];
  /** Networks and words of carriers hold at once, other files when they are read. @throws RangeError that names what is no network */
  readonly reload: (config: GeoipConfig) => Promise<void>;
  /** Reads files that were replaced. Runs by itself every five seconds. */
  readonly poll: () => Promise<void>;
  readonly close: () => void;
};

const POLL_MS = 5000;
const MAX_CACHED = 50_000;
export const SHIPPED = "the tables of ip2region that come with Lectern";

type Rules = {
  readonly geoipNetworks: readonly { readonly set: AddressSet; readonly names: LocationNames; readonly carrier: string }[];
  readonly dispatchNetworks: readonly { readonly set: AddressSet; readonly carrier: string }[];
  readonly nameCarrier: CarrierNaming;
  /** Tables give the same object for the same answer. */
  readonly known: WeakMap<TableAnswer, AddressLocation>;
};

/**
 * Loads 11 MB of tables, and the operator's files. Files that cannot be used are named in the log and left out.
 * @param onChange is called each time that a poll has read a file: the answers may be others
 * @throws RangeError that names what is no network; Error when the tables that come with the program are missing
 */
export async function loadGeoip(first: GeoipConfig, log: Logger, onChange: () => void = () => {}): Promise<Geoip> {
  let rules = rulesOf(first);
  let files = first.geoip.files.map((path) => watchTableFile(path, log));
  const shipped = await loadShippedTables();
  let tables = shipped;
  const cached = new Map<string, AddressLocation>();
  const renew = (): void => {
    tables = [...files.flatMap((file) => file.table() ?? []), ...shipped];
    cached.clear();
  };
  const changed = (): void => {
    renew();
    onChange();
  };
  let polling: Promise<void> | null = null;
  const poll = (): Promise<void> => {
    polling ??= pollAll(files, changed).finally(() => {
      polling = null;
    });
    return polling;
  };
  await poll();
  const timer = setInterval(() => void poll(), POLL_MS);
  timer.unref();
  return {
    locationOf: (ip) => {
      const known = cached.get(ip);
      if (known) return known;
      const place = find(ip, rules, tables);
      if (cached.size >= MAX_CACHED) cached.clear();
      cached.set(ip, place);
      return place;
    },
    tables: () => [...files.map(infoOf), ...shipped.map(({ kind, madeAt }) => ({ name: SHIPPED, kind, madeAt, problem: null }))],
    reload: async (next) => {
      rules = rulesOf(next);
      const before = new Map(files.map((file) => [file.path, file]));
      files = next.geoip.files.map((path) => before.get(path) ?? watchTableFile(path, log));
      renew();
      // A poll that is under way does not know the new files.
      await polling;
      await poll();
    },
    poll,
    close: () => clearInterval(timer),
  };
}

/** One after the other, so that only one file more is in memory than is used. */
async function pollAll(files: readonly TableFile[], onChange: () => void): Promise<void> {
  for (const file of files) if (await file.poll()) onChange();
}

function infoOf({ path, table, problem }: TableFile): TableInfo {
  const { kind = null, madeAt = null } = table() ?? {};
  return { name: path, kind, madeAt, problem: problem() };
}

function rulesOf({ geoip, dispatch }: GeoipConfig): Rules {
  return {
    geoipNetworks: geoip.networks.map((network) => ({
      set: new AddressSet(network.cidr),
      names: locationNames(network),
      carrier: network.carrier,
    })),
    dispatchNetworks: dispatch.networks.map(({ cidr, carrier }) => ({ set: new AddressSet(cidr), carrier })),
    nameCarrier: carrierNaming(dispatch.carriers),
    known: new WeakMap(),
  };
}

function find(ip: string, rules: Rules, tables: readonly GeoipTable[]): AddressLocation {
  const address = parseAddress(ip);
  if (!address) return UNKNOWN_PLACE;
  const { geoipNetworks, dispatchNetworks } = rules;
  const own = geoipNetworks.find(({ set }) => set.has(address.text));
  const ownCarrier = own?.carrier || dispatchNetworks.find(({ set }) => set.has(address.text))?.carrier || "";
  const end = tunnelEnd(address) ?? address;
  const answers: TableAnswer[] = [];
  for (const table of tables) {
    const answer = table.find(end);
    if (answer) answers.push(answer);
  }
  const [only, ...others] = answers;
  if (only && others.length === 0 && !own && ownCarrier === "") return knownLocation(only, rules);
  const names = own && own.names.country !== "" ? own.names : firstLocation(answers);
  return { ...names, carrier: ownCarrier || rules.nameCarrier(ispOf(answers), names) };
}

/** The place of an answer that stands alone, as nearly all do. */
function knownLocation(answer: TableAnswer, { known, nameCarrier }: Rules): AddressLocation {
  const before = known.get(answer);
  if (before) return before;
  const names = firstLocation([answer]);
  const place = { ...names, carrier: nameCarrier(answer.isp, names) };
  known.set(answer, place);
  return place;
}

function ispOf(answers: readonly TableAnswer[]): string {
  return answers.find(({ isp }) => isp !== "")?.isp ?? "";
}

/** Of the first table that knows the country: parts of several answers might contradict each other. */
function firstLocation(answers: readonly TableAnswer[]): LocationNames {
  for (const answer of answers) {
    const names = locationNames(answer);
    if (names.country !== "") return names;
  }
  return UNKNOWN_LOCATION;
}
