/**
 * Opens the store and migrates its tables, with a backup before. Refuses a database that has foreign tables, or that a newer program has
 * migrated.
 */
import { join } from "node:path";
import { withAdvisoryLock } from "./advisory-lock.ts";
import { writeBackup } from "./backup.ts";
import { type Comparison, compareMigrations, migrateWithin, type TableMigrations } from "./migrations.ts";
import { appliedMigrations, type ConnectOptions, connectStore, type Store, StoreError, tableNames } from "./store.ts";

export type StoreOptions = ConnectOptions & {
  readonly migrations: TableMigrations;
};

/** The advisory lock of those who create or change tables. */
export const MIGRATING = "lectern: the tables";

/** Opens the store. @throws StoreError */
export async function openStore<Tables>(options: StoreOptions): Promise<Store<Tables>> {
  const store = await connectStore<Tables>(options);
  try {
    await withAdvisoryLock(store, MIGRATING, () => migrate(store, options));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function migrate<Tables>(store: Store<Tables>, { migrations, dataDir, log }: StoreOptions): Promise<void> {
  const names = await appliedMigrations(store.db);
  const compared = compareMigrations(names ?? [], migrations);
  if (compared.kind !== "usable") throw new StoreError(faultOf(compared));
  if (names === null && (await tableNames(store.db)).length > 0)
    throw new StoreError("the database has tables that are not Lectern's; give Lectern a database of its own");
  const pending = Object.keys(compared.pending);
  if (pending.length === 0) return;
  const at = new Date().toISOString();
  if (names !== null && names.length > 0) {
    const file = join(dataDir, "backups", `before-${pending[0]}-${at.replace(/[:.]/g, "")}.gz`);
    const { rows } = await writeBackup(store.db, file);
    log.info({ file, rows }, "database backup written before migration");
  }
  try {
    await store.db.transaction().execute((transaction) => migrateWithin(transaction, compared.pending, at));
  } catch (error) {
    throw new StoreError(`the database could not be migrated: ${String(error)}`, { cause: error });
  }
  log.info({ migrations: pending }, "database migrated");
}

function faultOf(compared: Exclude<Comparison, { kind: "usable" }>): string {
  switch (compared.kind) {
    case "newer":
      return `the database was made by a newer Lectern (it has ${compared.unknown.join(", ")}); start that one, or restore a backup`;
    case "early":
      return `the database was made by an early Lectern (up to ${compared.last}), and this one needs ${compared.needed}; start one of 2026-11-30 on it once`;
    case "disordered":
      return `the database has later migrations than ${compared.late}, which this Lectern adds; start one that numbers it after them`;
  }
}
