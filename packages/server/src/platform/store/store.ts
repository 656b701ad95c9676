/**
 * The store: one SQL dialect, PostgreSQL's, on the embedded database or on a server. Opening it brings its tables up to date, with a
 * backup before; a database that is not ours, or newer than this program, is refused.
 */
import { join } from "node:path";
import { Kysely, type Migration, Migrator, PostgresDialect, type PostgresPool, sql } from "kysely";
import pg from "pg";
import type { Logger } from "../log.ts";
import { withAdvisoryLock } from "./advisory-lock.ts";
import { writeBackup } from "./backup.ts";
import { EmbeddedDatabase } from "./embedded.ts";

export type StoreOptions = {
  /** `postgres://…`; empty for the embedded database below dataDir. */
  readonly url: string;
  readonly dataDir: string;
  /** By name, which is also their order. */
  readonly migrations: Readonly<Record<string, Migration>>;
  readonly log: Logger;
};

export type Store<Tables> = {
  readonly db: Kysely<Tables>;
  readonly embedded: boolean;
  readonly close: () => Promise<void>;
};

/** The database cannot be used as it is; the message says what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

const MIGRATION_TABLE = "lectern_migrations";
const MOST_CONNECTIONS = 16;
/** How long a connection may take, and how long to wait for a free one. */
const CONNECT_WITHIN_MS = 3000;
/** A statement that takes longer is ended by the server. */
const STATEMENT_WITHIN_MS = 30_000;
/** int8: counts and sizes, all far below 2^53. */
const INT8 = 20;

/** Opens the store and brings its tables up to date. @throws StoreError */
export async function openStore<Tables>(options: StoreOptions): Promise<Store<Tables>> {
  const store = await connectStore<Tables>(options);
  try {
    await withAdvisoryLock(store, "lectern: the tables", () => migrate(store, options));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store as it is. @throws StoreError */
export async function connectStore<Tables>({
  url,
  dataDir,
  log,
}: Pick<StoreOptions, "url" | "dataDir" | "log">): Promise<Store<Tables>> {
  const embedded = url === "";
  const pool = embedded ? await EmbeddedDatabase.open(join(dataDir, "db")) : serverPool(url, log);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const store = { db, embedded, close: () => db.destroy() };
  try {
    await sql`select 1`.execute(db);
    return store;
  } catch (error) {
    await store.close();
    const reason = error instanceof Error ? error.message || String(Reflect.get(error, "code")) : String(error);
    throw new StoreError(`the database of database.url cannot be used: ${reason}`, { cause: error });
  }
}

function serverPool(url: string, log: Logger): PostgresPool {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new StoreError("database.url is not an address such as postgres://user:password@host/name");
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text"),
    } as pg.CustomTypesConfig,
  });
  // One that breaks between two questions of whoever holds it fails the next question.
  pool.on("connect", (client) => client.on("error", () => {}));
  // A connection that breaks while nobody uses it; whoever asks next gets a new one, or is told.
  pool.on("error", (error) => log.warn({ reason: error.message }, "a connection to the database broke"));
  return pool;
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
    log.info({ file, rows }, "backup written before the database is changed");
  }
  const migrator = new Migrator({
    db: store.db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new StoreError(`the database could not be brought up to date: ${String(error)}`, { cause: error });
  log.info({ migrations: pending }, "database brought up to date");
}

/** In their order; null where there are none of our tables. */
export async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<string[] | null> {
  if (!(await tableNames(db)).includes(MIGRATION_TABLE)) return null;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Tables of the schema that is in use. */
export async function tableNames<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`.execute(db);
  return rows.map(({ name }) => name);
}

/** A value for a jsonb column: drivers take arrays for PostgreSQL's own. */
export function json<T>(value: T): T {
  return JSON.stringify(value) as T;
}

/** SQLSTATE 23505: a row with these values is there already. Gives the constraint, or null for other errors. */
export function brokenUniqueness(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return null;
  return "constraint" in error ? String(error.constraint) : "";
}

/** Errors that say that the database is away, not that something is wrong with the question. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  // Class 08: connection; 57P0x: the server is shutting down or starting; 53300: too many connections.
  if (/^(08|57P0|53300)/.test(code) || /^E(CONNREFUSED|CONNRESET|PIPE|NOTFOUND|TIMEDOUT|HOSTUNREACH)|^ENOENT$/.test(code))
    return true;
  return /Connection terminated|timeout exceeded when trying to connect|embedded database has ended/.test(error.message);
}
