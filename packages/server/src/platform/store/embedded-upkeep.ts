/**
 * Vacuums and analyzes the tables of the embedded database, by the rules and default settings of a server's autovacuum (PostgreSQL 18, section
 * 24.1.6): PGlite has no background processes. Without it the space of dead rows would not be used again, and queries would be planned without
 * knowing what the tables hold.
 */
import type { PostgresPool } from "kysely";

/** As `autovacuum_naptime`. */
export const UPKEEP_EVERY_MS = 60_000;
const DUE = `
  select relid::regclass::text as name,
    n_dead_tup > 50 + 0.2 * greatest(reltuples, 0) or n_ins_since_vacuum > 1000 + 0.2 * greatest(reltuples, 0) as vacuum,
    n_mod_since_analyze > 50 + 0.1 * greatest(reltuples, 0) or (reltuples < 0 and pg_relation_size(relid) > 0) as analyze
  from pg_stat_user_tables join pg_class on pg_class.oid = relid order by name`;

type Table = { readonly name: string; readonly vacuum: boolean; readonly analyze: boolean };

/** One table at a time, so that others use the connection between two. Gives the statements that it has run. */
export async function vacuumAndAnalyze(pool: Pick<PostgresPool, "connect">): Promise<string[]> {
  const done: string[] = [];
  // PostgreSQL counts changes at most once a second by itself.
  await run(pool, "select pg_stat_force_next_flush()");
  for (const { name, vacuum, analyze } of await run<Table>(pool, DUE)) {
    if (!vacuum && !analyze) continue;
    const statement = vacuum ? `vacuum${analyze ? " (analyze)" : ""} ${name}` : `analyze ${name}`;
    await run(pool, statement);
    done.push(statement);
  }
  return done;
}

async function run<Row>(pool: Pick<PostgresPool, "connect">, statement: string): Promise<Row[]> {
  const client = await pool.connect();
  try {
    return (await client.query<Row>(statement, [])).rows;
  } finally {
    client.release();
  }
}
