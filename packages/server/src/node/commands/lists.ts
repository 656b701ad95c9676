/** Runs `lectern people`, `lessons`, `streams` and `keys`: what the running server has, by its admin socket. */
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import type { AdminList, AdminListPage } from "../ipc/admin-lists.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { writeTable } from "./table.ts";

type Item = AdminListPage["items"][number];

export type ListOptions = {
  readonly what: AdminList;
  /** Words that the items have; null: all of them. */
  readonly search: string | null;
  readonly json: boolean;
};

/** The fields that the table shows, with paths into an item. */
const COLUMNS: Readonly<Record<AdminList, Readonly<Record<string, string>>>> = {
  people: { ID: "id", LOGIN: "login", NAME: "name", ROLE: "role", SCHOOL: "schoolId", "DISABLED AT": "disabledAt" },
  lessons: {
    ID: "id",
    CODE: "code",
    TITLE: "title",
    STATE: "state",
    STARTS: "startsAt",
    STREAM: "stream.name",
    SCHOOL: "schoolId",
  },
  streams: {
    STREAM: "name",
    NODE: "node",
    SINCE: "startedAt",
    BY: "publisher.protocol",
    VIEWERS: "viewers.total",
    UPLINK: "uplink.health",
  },
  keys: { ID: "id", NAME: "name", SCHOOL: "schoolId", SCOPES: "scopes", "LAST USED": "lastUsedAt" },
};

export async function list(sources: ConfigSources, { what, search, json }: ListOptions): Promise<number> {
  const { dataDir } = loadConfig(sources);
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: AdminListPage | null = await callServer(dataDir, "list", { what, cursor, search });
    if (!page) {
      process.stderr.write(`lectern: no server runs with ${dataDir}\n`);
      return 1;
    }
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (json) process.stdout.write(`${JSON.stringify(items, null, 2)}\n`);
  else {
    const columns = COLUMNS[what];
    writeTable([Object.keys(columns), ...items.map((item) => Object.values(columns).map((path) => textOf(item, path)))]);
  }
  return 0;
}

function textOf(item: Item, path: string): string {
  const value = path.split(".").reduce<unknown>((at, key) => Reflect.get(Object(at ?? {}), key), item);
  if (value === undefined || value === null || value === "") return "-";
  return Array.isArray(value) ? value.join(",") || "-" : String(value);
}
