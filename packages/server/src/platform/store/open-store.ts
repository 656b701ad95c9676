/**
 * Opens the store and migrates its tables, with a backup before. Refuses a database that has foreign tables, or that a newer program has
 * migrated.
 */
import { join } from "node:path";
import { type Migration, Migrator, sql, type Transaction } from "kysely";
import { withAdvisoryLock } from "./advisory-lock.ts";
import { writeBackup } from "./backup.ts";
import {
  appliedMigrations,
  type ConnectOptions,
  connectStore,
  MIGRATION_TABLE,
  type Store,
  StoreError,
  tableNames,
} from "./store.ts";

export type StoreOptions = ConnectOptions & {
  /** By name, which is also their order. */
  readonly migrations: Readonly<Record<string, Migration>>;
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
  const applied = await appliedMigrations(store.db);
  const unknown = applied?.filter((name) => !(name in migrations)) ?? [];
  if (unknown.length > 0)
    throw new StoreError(
      `the database was made by a newer Lectern (it has ${unknown.join(", ")}); start that one, or restore a backup`,
    );
  if (applied === null && (await tableNames(store.db)).length > 0)
    throw new StoreError("the database has tables that are not Lectern's; give Lectern a database of its own");
  const pending = Object.keys(migrations).filter((name) => !applied?.includes(name));
  if (pending.length === 0) return;
  if (applied !== null && applied.length > 0) {
    const file = join(dataDir, "backups", `before-${pending[0]}-${new Date().toISOString().replace(/[:.]/g, "")}.gz`);
    const { rows } = await writeBackup(store.db, file);
    log.info({ file, rows }, "database backup written before migration");
  }
  const migrator = new Migrator({
    db: store.db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new StoreError(`the database could not be migrated: ${String(error)}`, { cause: error });
  log.info({ migrations: pending }, "database migrated");
}

/**
 * Applies migrations within a transaction, and notes them as Kysely does, whose `Migrator` has transactions of its own only.
 * @param at ISO 8601. Kysely sorts by it, and then by name
 */
export async function migrateWithin<Tables>(
  transaction: Transaction<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  at: string,
): Promise<void> {
  const table = sql.table(MIGRATION_TABLE);
  await sql`create table if not exists ${table}
    (name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(transaction);
  for (const [name, { up }] of Object.entries(migrations)) {
    await up(transaction);
    await sql`insert into ${table} (name, timestamp) values (${name}, ${at})`.execute(transaction);
  }
}
