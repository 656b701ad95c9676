/**
 * Runs work under a PostgreSQL advisory lock (manual, section 13.3.5): one process at a time among all that use the database. The lock ends
 * with the connection that holds it. The embedded database has one process, so it needs no lock.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type QueryExecutorProvider, sql } from "kysely";
import type { Store } from "./store.ts";

/** How often a waiting process tries to take the lock. */
const RETRY_MS = 500;

/** Waits for the lock of this name, runs the work, and releases the lock however the work ends. */
export async function withAdvisoryLock<Tables, T>(store: Store<Tables>, name: string, work: () => Promise<T>): Promise<T> {
  if (store.embedded) return await work();
  return await store.db.connection().execute(async (connection) => {
    while (!(await tryAdvisoryLock(connection, name))) await pause(RETRY_MS, undefined, { ref: false });
    try {
      return await work();
    } finally {
      await releaseAdvisoryLock(connection, name);
    }
  });
}

/** Takes the lock for this connection. False when another connection holds it. */
export async function tryAdvisoryLock(connection: QueryExecutorProvider, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(hashtext(${name})) as taken`.execute(connection);
  return rows[0]?.taken === true;
}

/** Releases a lock that this connection holds. */
export async function releaseAdvisoryLock(connection: QueryExecutorProvider, name: string): Promise<void> {
  await sql`select pg_advisory_unlock(hashtext(${name}))`.execute(connection);
}
