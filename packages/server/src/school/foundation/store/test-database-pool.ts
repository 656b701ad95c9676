/**
 * Lends databases to the tests that run in one process. Opening an embedded one costs a second of computing, emptying one a few milliseconds: a
 * test gets the database that one before it has given back, without rows.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { EmbeddedDatabase } from "../../../platform/store/embedded.ts";
import { MIGRATION_TABLE, type Store, type StoreSource } from "../../../platform/store/store.ts";
import type { Tables } from "./tables.ts";

const FILLED_TABLES = `
  select format('%I', relname) as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname not like '${MIGRATION_TABLE}%'
    and pg_relation_size(oid) > 0`;

export class DatabasePool {
  private readonly free: StoreSource[] = [];
  private readonly open: () => Promise<StoreSource>;

  /** @param open opens a database with its tables and no rows, which stays open until the process ends */
  constructor(open: () => Promise<StoreSource>) {
    this.open = open;
  }

  /** Opens a store on a database without rows, which its end gives back. */
  async borrow(): Promise<Store<Tables>> {
    const source = this.free.pop() ?? (await this.open());
    const { pool, embedded, reserve, listen } = source;
    const end = async () => {
      await deleteRows(pool);
      this.free.push(source);
    };
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { connect: () => pool.connect(), end } }) });
    return { db, embedded, reserve, listen, close: () => db.destroy() };
  }
}

/** @param migrated the directory of a closed database that is copied */
export async function openCopy(migrated: string): Promise<StoreSource> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-school-unit-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  cpSync(migrated, directory, { recursive: true });
  const pool = await EmbeddedDatabase.openIn(directory);
  return { pool, embedded: true, reserve: null, listen: (channel, listener) => pool.listen(channel, listener) };
}

/** Waits for the transaction that has an embedded database. */
async function deleteRows(pool: PostgresPool): Promise<void> {
  const client = await pool.connect();
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
