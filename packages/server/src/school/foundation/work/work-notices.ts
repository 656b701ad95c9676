/**
 * Wakes the process that does the background work, from other processes on the same PostgreSQL server, by NOTIFY. Nothing is sent where the process
 * that queues a row does the work itself.
 */
import { sql } from "kysely";
import type { Notices } from "../../../platform/store/notices.ts";
import type { Store } from "../../../platform/store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { WakeOthers } from "./background-work.ts";

const CHANNEL = "lectern_work";

type Listener = {
  /** Another process has queued rows of this kind. */
  readonly onWake: (kind: string) => void;
  /** Notices arrive from now on, or are missed from now on; those before may have been missed. */
  readonly onState: () => void;
};

export class WorkNotices implements WakeOthers {
  private readonly store: Store<Tables>;
  private notices: Notices | null = null;
  private isListening = false;
  /** Kinds to tell of, while an earlier notice is being sent. */
  private readonly unnotified = new Set<string>();
  private telling: Promise<void> | null = null;

  constructor(store: Store<Tables>) {
    this.store = store;
  }

  readonly isHeard = (): boolean => this.store.embedded || this.isListening;

  readonly wake = (kind: string): void => {
    if (this.store.embedded) return;
    this.unnotified.add(kind);
    this.telling ??= this.tell();
  };

  /** Listens from the first call on: only the process that does the work has a connection for it. */
  listen({ onWake, onState }: Listener): void {
    if (this.store.embedded) return;
    this.notices ??= this.store.listen(CHANNEL, {
      onNotice: onWake,
      onState: (isListening) => {
        this.isListening = isListening;
        onState();
      },
    });
  }

  async close(): Promise<void> {
    await this.telling;
    await this.notices?.close();
  }

  private async tell(): Promise<void> {
    for (const kind of this.unnotified) {
      this.unnotified.delete(kind);
      // Where that fails, the row is found at the end of the longest sleep.
      await sql`select pg_notify(${CHANNEL}, ${kind})`.execute(this.store.db).catch(() => {});
    }
    this.telling = null;
  }
}
