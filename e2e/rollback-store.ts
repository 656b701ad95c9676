/**
 * Provides a store for tests of what single requests do: all of it is one connection, and an attempt on it ends as if it had not been. Within an
 * attempt the school's transactions are savepoints (PostgreSQL manual, SAVEPOINT).
 */
import { CompiledQuery, Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import { Semaphore } from "../packages/server/src/platform/semaphore.ts";
import type { Store } from "../packages/server/src/platform/store/store.ts";
import type { Tables } from "../packages/server/src/school/foundation/store/tables.ts";

export type RollbackStore = Store<Tables> & {
  /** Runs the work in a transaction, and rolls it back. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T>;
};

type Result = { readonly command: "SELECT" | "UPDATE"; readonly rowCount: number; readonly rows: unknown[] };
type Run = (sql: string, parameters?: readonly unknown[]) => Promise<Result>;

/** @param store is closed with this one */
export async function rollbackStore(store: Store<Tables>): Promise<RollbackStore> {
  const { run, release } = await holdConnection(store.db);
  const holders = new Semaphore(1);
  let isAttempt = false;
  const pool: PostgresPool = {
    connect: () =>
      new Promise((resolve) => {
        void holders.run(() => {
          const end = Promise.withResolvers<void>();
          const query: unknown = isAttempt ? nested(run) : run;
          resolve({ query: query as PostgresPoolClient["query"], release: end.resolve });
          return end.promise;
        });
      }),
    end: async () => {
      release();
      await store.close();
    },
  };
  const alone = (sql: "begin" | "rollback"): Promise<void> =>
    holders.run(async () => {
      await run(sql);
      isAttempt = sql === "begin";
    });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    // Whatever the database, one process uses it.
    embedded: true,
    reserve: null,
    // What is rolled back notifies nobody.
    listen: (_channel, { onState }) => {
      onState(true);
      return { close: async () => {} };
    },
    close: () => db.destroy(),
    attempt: async (work) => {
      await alone("begin");
      try {
        return await work();
      } finally {
        await alone("rollback");
      }
    },
  };
}

async function holdConnection(db: Kysely<Tables>): Promise<{ readonly run: Run; readonly release: () => void }> {
  const held = Promise.withResolvers<Kysely<Tables>>();
  const released = Promise.withResolvers<void>();
  db.connection()
    .execute(async (connection) => {
      held.resolve(connection);
      await released.promise;
    })
    .catch(held.reject);
  const connection = await held.promise;
  const run: Run = async (sql, parameters = []) => {
    const { rows, numAffectedRows } = await connection.executeQuery(CompiledQuery.raw(sql, [...parameters]));
    return { command: numAffectedRows === undefined ? "SELECT" : "UPDATE", rowCount: Number(numAffectedRows ?? rows.length), rows };
  };
  return { run, release: released.resolve };
}

/** For one holder of the connection, within an attempt. A failed statement undoes itself only, as it does outside of transactions. */
function nested(run: Run): Run {
  let isTransaction = false;
  return async (sql, parameters) => {
    if (/^(?:begin|start transaction)\b/.test(sql)) {
      isTransaction = true;
      return await run("savepoint of_holder");
    }
    if (sql === "commit" || sql === "rollback") {
      isTransaction = false;
      return await run(sql === "commit" ? "release savepoint of_holder" : "rollback to savepoint of_holder");
    }
    if (isTransaction || sql.startsWith("select")) return await run(sql, parameters);
    await run("savepoint of_statement");
    try {
      return await run(sql, parameters);
    } catch (error) {
      await run("rollback to savepoint of_statement");
      throw error;
    }
  };
}
