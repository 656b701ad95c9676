/**
 * Elects one process among all that use the database to run continuous work. The leader holds an advisory lock; when it ends or loses its
 * connection, another process takes the lock and becomes the leader. With the embedded database the only process is the leader.
 */
import { setTimeout } from "node:timers/promises";
import { sql } from "kysely";
import type { Logger } from "../log.ts";
import { releaseAdvisoryLock, tryAdvisoryLock } from "./advisory-lock.ts";
import type { Store } from "./store.ts";

/** How often a follower tries to take the lock, and the leader checks its connection. */
const POLL_MS = 500;

export class LeaderTask<Tables> {
  private readonly store: Store<Tables>;
  private readonly name: string;
  private readonly log: Logger;
  private readonly onElected: () => Promise<void>;
  private readonly stopping = new AbortController();
  private leads = false;
  private electing: Promise<void> = Promise.resolve();

  /** @param onElected called each time that this process becomes the leader */
  constructor(store: Store<Tables>, name: string, log: Logger, onElected: () => Promise<void>) {
    this.store = store;
    this.name = name;
    this.log = log;
    this.onElected = onElected;
  }

  /** Whether this process is the leader. */
  get isLeader(): boolean {
    return this.leads;
  }

  /** Resolves after the first attempt to become the leader. */
  async start(): Promise<void> {
    if (this.store.embedded) return await this.lead();
    const attempted = Promise.withResolvers<void>();
    this.electing = this.elect(attempted.resolve);
    await attempted.promise;
  }

  /** Gives up the lead. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.leads = false;
    await this.electing;
  }

  private async elect(attempted: () => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.store.db.connection().execute(async (connection) => {
          // The server releases the lock of a machine that has vanished after these few seconds.
          await sql`set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3`.execute(connection);
          let holdsLock = false;
          while (!this.stopping.signal.aborted) {
            if (holdsLock) await sql`select 1`.execute(connection);
            else if (await tryAdvisoryLock(connection, this.name)) {
              holdsLock = true;
              await this.lead();
            }
            attempted();
            await this.pause();
          }
          if (holdsLock) await releaseAdvisoryLock(connection, this.name);
        });
      } catch (error) {
        if (this.leads) this.log.warn({ reason: String(error) }, "database connection lost, another process may become the leader");
        this.leads = false;
        attempted();
        await this.pause();
      }
    }
  }

  private async lead(): Promise<void> {
    this.leads = true;
    await this.onElected();
  }

  private async pause(): Promise<void> {
    // Rejects only when the signal aborts, which ends the loops that wait here.
    await setTimeout(POLL_MS, undefined, { ref: false, signal: this.stopping.signal }).catch(() => {});
  }
}
