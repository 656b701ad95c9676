/**
 * Keeps alarms in the database: conditions that need attention, such as a stopped recording or a full disk.
 * A source always reports all of its open alarms; new ones are raised and missing ones cleared. So a restart of a process
 * or of the database loses no alarm.
 */
import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import type { AlarmCode } from "../store/alarm-codes.ts";
import type { Change, Changes } from "../store/change.ts";
import { SYSTEM } from "../store/requester.ts";
import type { Alarm, Database } from "../store/tables.ts";

/**
 * Who reports alarms. Nodes report their own, as `media`, `storage` or `node NAME`; `space` and `nodes` are seen by every control
 * process, of which the leader reports them.
 */
export type AlarmSource = "media" | "storage" | "space" | "nodes" | `node ${string}`;

export type OpenAlarm = {
  readonly code: AlarmCode;
  /** The stream (`live/math`) or the school's id; empty for the platform. */
  readonly subject: string;
  /** The cause, in words for the operator. */
  readonly detail: string;
  readonly schoolId?: string;
};

const RETRY_AFTER_MS = 2000;

export class AlarmService {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  private readonly isLeader: () => boolean;
  /** Reports that are not written yet. */
  private readonly pending = new Map<AlarmSource, readonly OpenAlarm[]>();
  /** Latest reports of sources that only the leader writes. */
  private readonly leaderOnly = new Map<AlarmSource, readonly OpenAlarm[]>();
  private writing: Promise<void> | null = null;
  private closed = false;

  /** @param isLeader whether this process runs the leader tasks */
  constructor(db: Database, changes: Changes, log: Logger, isLeader: () => boolean) {
    this.db = db;
    this.changes = changes;
    this.log = log;
    this.isLeader = isLeader;
  }

  /** Replaces the open alarms of a source. */
  report(source: AlarmSource, open: readonly OpenAlarm[]): void {
    if (source === "nodes" || source === "space") {
      this.leaderOnly.set(source, open);
      if (!this.isLeader()) return;
    }
    this.pending.set(source, open);
    this.writing ??= this.writePending().finally(() => {
      this.writing = null;
    });
  }

  /** Writes what was reported before this process became the leader. */
  resume(): void {
    for (const [source, open] of this.leaderOnly) this.report(source, open);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
  }

  private async writePending(): Promise<void> {
    for (let next = this.pending.entries().next().value; next && !this.closed; next = this.pending.entries().next().value) {
      const [source, open] = next;
      try {
        await this.write(source, open);
        // A newer report of the same source stays pending.
        if (this.pending.get(source) === open) this.pending.delete(source);
      } catch (error) {
        this.log.warn({ reason: String(error), retryAfterMs: RETRY_AFTER_MS }, "alarms not written, retrying");
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      }
    }
  }

  private async write(source: AlarmSource, open: readonly OpenAlarm[]): Promise<void> {
    const known = await this.db
      .selectFrom("alarms")
      .selectAll()
      .where("source", "=", source)
      .where("cleared_at", "is", null)
      .execute();
    const { raised, cleared } = compareAlarms(known, open);
    if (raised.length + cleared.length === 0) return;
    await this.changes.transact(SYSTEM, async (change) => {
      for (const alarm of raised) await raise(change, source, alarm);
      for (const { id } of cleared) await clear(change, id);
      return { body: null };
    });
  }
}

/** Alarms to raise and to clear so that the known ones equal the open ones. Code and subject identify an alarm. */
export function compareAlarms<Known extends Pick<Alarm, "code" | "subject">, Open extends Pick<OpenAlarm, "code" | "subject">>(
  known: readonly Known[],
  open: readonly Open[],
): { readonly raised: Open[]; readonly cleared: Known[] } {
  const isSame = (a: Pick<Alarm, "code" | "subject">, b: Pick<Alarm, "code" | "subject">) =>
    a.code === b.code && a.subject === b.subject;
  return {
    raised: open.filter((alarm) => !known.some((other) => isSame(alarm, other))),
    cleared: known.filter((alarm) => !open.some((other) => isSame(alarm, other))),
  };
}

async function raise(change: Change, source: AlarmSource, { code, subject, detail, schoolId }: OpenAlarm): Promise<void> {
  const [app = "", name = ""] = subject.split("/");
  // An alarm of a lesson's stream belongs to the lesson's school.
  const lesson = await change.trx
    .selectFrom("lessons")
    .select("school_id")
    .where("stream_app", "=", app)
    .where("stream_name", "=", name)
    .executeTakeFirst();
  const row = { id: newId(), school_id: schoolId ?? lesson?.school_id ?? null, source, code, subject, detail };
  const raised = await change.trx.insertInto("alarms").values(row).returningAll().executeTakeFirstOrThrow();
  await change.emit("alarm.raised", raised.school_id, alarmEventData(raised));
}

async function clear(change: Change, id: string): Promise<void> {
  const cleared = await change.trx
    .updateTable("alarms")
    .set({ cleared_at: new Date() })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await change.emit("alarm.cleared", cleared.school_id, alarmEventData(cleared));
}

/** The data of an alarm's webhook events. */
function alarmEventData({ id, code, subject, detail }: Alarm) {
  return { alarmId: id, code, subject, detail };
}
