/**
 * Runs the embedded database in a worker thread. PGlite blocks the event loop while PostgreSQL works, so it has a loop of its own. Statements run
 * one after the other.
 */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { EmbeddedAnswer, EmbeddedRequest } from "./embedded.ts";
import { PreparedStatements } from "./prepared-statements.ts";

const port = parentPort;
if (!port) throw new Error("this file runs only in a worker thread");
/**
 * The database of one school fits in the system's file cache, which keeps what PostgreSQL's own buffers do not: 16 MB of them, instead of
 * the default of 128, take a third less memory and no more time.
 */
const SETTINGS = ["shared_buffers=16MB", "maintenance_work_mem=16MB"].flatMap((setting) => ["-c", setting]);
const startParams = [...PGlite.defaultStartParams, ...SETTINGS];
const database = await PGlite.create(String(workerData), { startParams }).catch((error: unknown) => {
  // PGlite rejects with an object without a message when PostgreSQL has exited, as it does on a full disk.
  throw error instanceof Error ? error : new Error(describe(error).message);
});
const statements = new PreparedStatements(database);
port.postMessage({ id: 0, ready: true } satisfies EmbeddedAnswer);

let last: Promise<unknown> = Promise.resolve();
port.on("message", (ask: EmbeddedRequest) => {
  last = last.then(() => answer(ask));
});

async function answer(ask: EmbeddedRequest): Promise<void> {
  const { id } = ask;
  try {
    if (ask.sql === null) {
      await database.close();
      port?.postMessage({ id, rows: [], command: "", rowCount: 0 } satisfies EmbeddedAnswer);
      return;
    }
    if (ask.listen) {
      const channel = ask.sql;
      await database.listen(channel, (payload) => port?.postMessage({ id: 0, channel, payload } satisfies EmbeddedAnswer));
      port?.postMessage({ id, rows: [], command: "", rowCount: 0 } satisfies EmbeddedAnswer);
      return;
    }
    port?.postMessage({ id, ...(await statements.run(ask.sql, ask.parameters)) } satisfies EmbeddedAnswer);
  } catch (error) {
    port?.postMessage({ id, error: describe(error) } satisfies EmbeddedAnswer);
  }
}

/** The fields of PostgreSQL's errors that the code above the store reads. */
function describe(error: unknown): { message: string; code: string; constraint: string } {
  const fields: object = typeof error === "object" && error !== null ? error : {};
  const text = (key: string): string => {
    const value: unknown = Reflect.get(fields, key);
    return typeof value === "string" ? value : "";
  };
  return {
    message: text("message") || (typeof error === "object" ? "PostgreSQL exited" : String(error)),
    code: text("code"),
    constraint: text("constraint"),
  };
}
