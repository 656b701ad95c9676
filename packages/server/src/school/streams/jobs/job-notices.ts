/**
 * Tells when the wanted jobs may have changed: after a commit of this process, and when the database notifies of one of any process (migration
 * 0021).
 */
import type { Notices } from "../../../platform/store/notices.ts";
import type { Store } from "../../../platform/store/store.ts";
import type { AuditEntry } from "../../foundation/store/audit-log.ts";
import type { Tables } from "../../foundation/store/tables.ts";

const CHANNEL = "lectern_jobs";
/** Columns that decide whether a lesson, or the lessons of a school, may be published, and whether it has captions. */
const DECIDING: Readonly<Record<string, readonly string[]>> = {
  lesson: ["ended_by", "deleted_at", "captions", "state"],
  school: ["archived_at"],
};

export class JobNotices {
  private readonly store: Store<Tables>;
  private readonly changed: () => void;
  private notices: Notices | null = null;

  constructor(store: Store<Tables>, changed: () => void) {
    this.store = store;
    this.changed = changed;
  }

  /** Listens to the database from the first call on: a server that asks for no jobs has no connection for it. */
  listen(): void {
    this.notices ??= this.store.listen(CHANNEL, {
      onNotice: () => this.changed(),
      // A change may have been missed until now.
      onState: (isListening) => isListening && this.changed(),
    });
  }

  /** After a commit of this process, also while notices may be missed. */
  committed(entries: readonly AuditEntry[]): void {
    if (entries.some(mayChangeJobs)) this.changed();
  }

  async close(): Promise<void> {
    await this.notices?.close();
  }
}

function mayChangeJobs({ action, targetKind, before, after }: AuditEntry): boolean {
  if (targetKind === "source" || targetKind === "forward") return true;
  const columns = DECIDING[targetKind];
  // What is new has neither sources nor forwards.
  if (!columns || action.endsWith(".create")) return false;
  return !before || !after || columns.some((column) => String(before[column]) !== String(after[column]));
}
