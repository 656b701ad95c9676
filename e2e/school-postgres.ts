/**
 * Gives tests databases of a PostgreSQL server that have the school's tables and no rows: copies of one that was migrated once. The server is that of
 * TEST_POSTGRES_URL, which a run of many files has, or one of this process.
 */
import pg from "pg";
import { openSource, type Store } from "../packages/server/src/platform/store/store.ts";
import { hashOfMigrations } from "../packages/server/src/school/foundation/store/migrated-directory.ts";
import type { Tables } from "../packages/server/src/school/foundation/store/tables.ts";
import { silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { DatabasePool } from "../packages/server/src/school/foundation/store/test-database-pool.ts";
import { openSchoolStore } from "../packages/server/src/school/school.ts";
import { startPostgres } from "./postgres.ts";

/** `pool` leads to the server's maintenance database; `migrated` is the name of the database that is copied. */
type Server = { readonly url: string; readonly pool: pg.Pool; readonly migrated: string };

const databases = new DatabasePool(async () => openSource({ url: await copyOfMigrated(), dataDir: "", log: silentLog }));
let server: Promise<Server> | null = null;
let copies = 0;

/** Opens a store on a database without rows, which its end gives back. */
export function borrowOnServer(): Promise<Store<Tables>> {
  return databases.borrow();
}

/** @returns the URL of a new database */
export async function copyOfMigrated(): Promise<string> {
  server ??= openServer();
  const { url, pool, migrated } = await server;
  const name = `school_${process.pid}_${++copies}`;
  await pool.query(`create database ${name} template ${migrated}`);
  return databaseUrl(url, name);
}

/** Opens a database of the server. */
export function openStoreAt(url: string): Promise<Store<Tables>> {
  return openSchoolStore({ url, dataDir: "", log: silentLog });
}

async function openServer(): Promise<Server> {
  const url = process.env["TEST_POSTGRES_URL"] ?? (await startServer());
  const pool = new pg.Pool({ connectionString: url, max: 1, allowExitOnIdle: true });
  // The server of a process ends with it.
  pool.on("error", () => {});
  return { url, pool, migrated: await migrate(url, pool) };
}

async function startServer(): Promise<string> {
  const ofProcess = { after: (end: unknown) => void process.once("exit", end as () => void), diagnostic: () => {} };
  const { database } = await startPostgres(ofProcess);
  return database();
}

/** Migrates a database for all processes that use the server, unless one of them has. @returns its name */
async function migrate(url: string, pool: pg.Pool): Promise<string> {
  const name = `school_migrated_${hashOfMigrations()}`;
  const client = await pool.connect();
  await client.query("select pg_advisory_lock(1)");
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 1) return name;
    const part = `${name}_part`;
    await client.query(`drop database if exists ${part}`);
    await client.query(`create database ${part}`);
    await (await openStoreAt(databaseUrl(url, part))).close();
    await client.query(`alter database ${part} rename to ${name}`);
    return name;
  } finally {
    await client.query("select pg_advisory_unlock(1)");
    client.release();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}
