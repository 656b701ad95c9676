/**
 * What one process at a time does, of all that use one database: by PostgreSQL's advisory locks (manual, section 13.3.5), which end with the
 * connection that holds them. The embedded database has one process.
 */
import { type QueryExecutorProvider, sql } from "kysely";
import type { Logger } from "../log.ts";
import type { Store } from "./store.ts";

/** Whoever waits asks again after this; whoever has it looks whether its connection is there. */
const LOOK_MS = 500;

/** Does something while no other process does anything under this name. */
export async function alone<Tables, T>(store: Store<Tables>, name: string, work: () => Promise<T>): Promise<T> {
  if (store.embedded) return await work();
  return await store.db.connection().execute(async (connection) => {
    while (!(await tryLock(connection, name))) await pause();
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(hashtext(${name}))`.execute(connection);
    }
  });
}

/** Work that goes on all the time, and that one process does: the next one takes it over when that one ends. */
export class Duty<Tables> {
  private readonly store: Store<Tables>;
  private readonly name: string;
  private readonly log: Logger;
  private readonly begins: () => Promise<void>;
  private readonly over = new AbortController();
  private isMine = false;
  private holding: Promise<void> = Promise.resolve();

  /** @param begins called each time that it falls to this process */
  constructor(store: Store<Tables>, name: string, log: Logger, begins: () => Promise<void>) {
    this.store = store;
    this.name = name;
    this.log = log;
    this.begins = begins;
  }

  get mine(): boolean {
    return this.isMine;
  }

  /** Resolves when it is known for the first time whether it is this process's. */
  async start(): Promise<void> {
    if (this.store.embedded) return await this.take();
    const known = Promise.withResolvers<void>();
    this.holding = this.hold(known.resolve);
    await known.promise;
  }

  async close(): Promise<void> {
    this.over.abort();
    this.isMine = false;
    await this.holding;
  }

  private async hold(known: () => void): Promise<void> {
    while (!this.over.signal.aborted) {
      try {
        await this.store.db.connection().execute(async (connection) => {
          // The lock of a machine that has vanished is given up by the server soon.
          await sql`set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3`.execute(connection);
          while (!this.over.signal.aborted) {
            if (this.isMine) await sql`select 1`.execute(connection);
            else if (await tryLock(connection, this.name)) await this.take();
            known();
            await pause(this.over.signal);
          }
          if (this.isMine) await sql`select pg_advisory_unlock(hashtext(${this.name}))`.execute(connection);
        });
      } catch (error) {
        if (this.isMine)
          this.log.warn({ reason: String(error) }, "the database is away: another process may take over what goes on all the time");
        this.isMine = false;
        known();
        await pause(this.over.signal);
      }
    }
  }

  private async take(): Promise<void> {
    this.isMine = true;
    await this.begins();
  }
}

async function tryLock(connection: QueryExecutorProvider, name: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(hashtext(${name})) as mine`.execute(connection);
  return rows[0]?.mine === true;
}

function pause(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_MS);
    timer.unref();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
