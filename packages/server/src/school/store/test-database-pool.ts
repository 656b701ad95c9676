/**
 * Lends embedded databases to the files of tests that run in one process. Opening one costs a second of computing, emptying one a few
 * milliseconds: a file gets the database that the one before it has given back, without rows.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { EmbeddedDatabase } from "../../platform/store/embedded.ts";
import { MIGRATION_TABLE, type Store } from "../../platform/store/store.ts";
import type { Tables } from "./tables.ts";

const FILLED_TABLES = `
  select format('%I', relname) as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname not like '${MIGRATION_TABLE}%'
    and pg_relation_size(oid) > 0`;

const free: EmbeddedDatabase[] = [];

/** Opens a store on a database without rows, which its end gives back. */
export async function borrowDatabase(migrated: () => Promise<string>): Promise<Store<Tables>> {
  const database = free.pop() ?? (await openCopy(await migrated()));
  const end = async () => {
    await deleteRows(database);
    free.push(database);
  };
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { connect: () => database.connect(), end } }) });
  return { db, embedded: true, listen: (channel, listener) => database.listen(channel, listener), close: () => db.destroy() };
}

/** It stays open until the process ends. */
async function openCopy(migrated: string): Promise<EmbeddedDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-school-unit-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  cpSync(migrated, directory, { recursive: true });
  return await EmbeddedDatabase.openIn(directory);
}

/** Waits for the transaction that has the database. */
async function deleteRows(database: EmbeddedDatabase): Promise<void> {
  const client = await database.connect();
  try {
    const { rows } = await client.query<{ name: string }>(FILLED_TABLES, []);
    const names = rows.map(({ name }) => name);
    // As a replica, PostgreSQL does not look for rows that refer to a deleted one.
    await client.query("set session_replication_role = replica", []);
    for (const name of names) await client.query(`delete from ${name}`, []);
    await client.query("set session_replication_role = origin", []);
    // Else each scan of the next file reads the pages of the deleted rows.
    if (names.length > 0) await client.query(`vacuum ${names.join(", ")}`, []);
  } finally {
    client.release();
  }
}
