/** Connects to the store: one SQL dialect, PostgreSQL's, on the embedded database or on a server. */
import { statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Kysely, PostgresDialect, type PostgresPool, sql } from "kysely";
import type { CustomTypesConfig } from "pg";
import type { Logger } from "../log.ts";
import { DiskReserve } from "./disk-reserve.ts";
import { EmbeddedDatabase } from "./embedded.ts";
import { ANSWER_WITHIN_MS, listenOnServer, type NoticeListener, type Notices } from "./notices.ts";

export type ConnectOptions = {
  /** `postgres://…`; empty for the embedded database below dataDir. */
  readonly url: string;
  readonly dataDir: string;
  readonly log: Logger;
};

export type Store<Tables> = {
  readonly db: Kysely<Tables>;
  readonly embedded: boolean;
  /** Room for what has to be written while the disk is full; null where the database is a server's. It is kept once somebody asks for it. */
  readonly reserve: DiskReserve | null;
  /** Calls for each NOTIFY on a channel, of any writer. */
  readonly listen: (channel: string, listener: NoticeListener) => Notices;
  readonly close: () => Promise<void>;
};

/** The database cannot be used. The message says what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Has the names of applied migrations, and when each was. */
export const MIGRATION_TABLE = "lectern_migrations";
const MOST_CONNECTIONS = 16;
/** The time to connect, and to wait for a free connection. */
const CONNECT_WITHIN_MS = 3000;
/** The server cancels statements that take longer. */
const STATEMENT_WITHIN_MS = 30_000;
/** The type id of int8: counts and sizes, all far below 2^53. */
const INT8 = 20;

/** Connects without touching the tables. @throws StoreError */
export async function connectStore<Tables>({ url, dataDir, log }: ConnectOptions): Promise<Store<Tables>> {
  const { pool, listen, embedded, reserve } = await openSource({ url, dataDir, log });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const close = (): Promise<void> => {
    reserve?.close();
    return db.destroy();
  };
  const store = { db, embedded, reserve, listen, close };
  try {
    await sql`select 1`.execute(db);
    return store;
  } catch (error) {
    await store.close();
    const reason = error instanceof Error ? error.message || String(Reflect.get(error, "code")) : String(error);
    throw new StoreError(`the database of database.url cannot be used: ${reason}`, { cause: error });
  }
}

/** What a store stands on. */
export type StoreSource = Pick<Store<never>, "embedded" | "reserve" | "listen"> & { readonly pool: PostgresPool };

/** The connections of a store, before the first of them is made. @throws StoreError */
export async function openSource({ url, dataDir, log }: ConnectOptions): Promise<StoreSource> {
  return url === "" ? await openEmbedded(join(dataDir, "db")) : await connectServer(url, log);
}

async function openEmbedded(directory: string): Promise<StoreSource> {
  try {
    const pool = await EmbeddedDatabase.open(directory);
    const reserve = new DiskReserve(`${directory}-reserve`);
    return { pool, embedded: true, reserve, listen: (channel, listener) => pool.listen(channel, listener) };
  } catch (error) {
    const { bavail, bsize } = statfsSync(dirname(directory));
    const free = `${Math.floor((bavail * bsize) / 1e6)} MB are free there`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      `the embedded database in ${directory} cannot be opened: ${reason} (${free}); free some space, or restore a backup`,
      { cause: error },
    );
  }
}

async function connectServer(url: string, log: Logger): Promise<StoreSource> {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new StoreError("database.url is not an address such as postgres://user:password@host/name");
  // The embedded database needs no driver.
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text"),
    } as CustomTypesConfig,
  });
  // A connection that breaks between two queries of its holder fails the next query.
  pool.on("connect", (client) => client.on("error", () => {}));
  // An idle connection broke. The next query opens a new one, or fails.
  pool.on("error", (error) => log.warn({ reason: error.message }, "idle database connection lost"));
  const client = () =>
    new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS });
  return { pool, embedded: false, reserve: null, listen: (channel, listener) => listenOnServer(client, channel, listener) };
}

/** The names of applied migrations in order; null where the database has none of our tables. */
export async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<string[] | null> {
  if (!(await tableNames(db)).includes(MIGRATION_TABLE)) return null;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The tables of the current schema. */
export async function tableNames<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`.execute(db);
  return rows.map(({ name }) => name);
}

/** A value for a jsonb column. Drivers would take an array for an array of PostgreSQL. */
export function json<T>(value: T): T {
  return JSON.stringify(value) as T;
}
