/** Makes the embedded database with the tables and no rows that tests copy. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pino } from "pino";
import { openStore } from "../../../platform/store/open-store.ts";
import { MIGRATIONS } from "../migrations/index.ts";
import { migratedDirectory } from "./migrated-directory.ts";
import type { Tables } from "./tables.ts";

/**
 * A directory with an embedded database that has its tables and no rows. It is made once for each set of migrations: making one takes
 * seconds of computing, a copy of one does not.
 */
export async function migratedDatabase(): Promise<string> {
  const directory = migratedDirectory();
  if (existsSync(directory)) return directory;
  mkdirSync(dirname(directory), { recursive: true });
  const dataDir = mkdtempSync(`${directory}-`);
  const store = await openStore<Tables>({ url: "", dataDir, migrations: MIGRATIONS, log: pino({ level: "silent" }) });
  await store.close();
  try {
    renameSync(join(dataDir, "db"), directory);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(directory)) throw error;
  }
  rmSync(dataDir, { recursive: true, force: true });
  return directory;
}
