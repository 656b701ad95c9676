/**
 * What somebody should look at, as long as it is so: recording that has stopped, a storage that does not answer, space that is used up.
 * Each source says all that is wrong with it at present; what is new is raised, what is gone is cleared. So nothing is lost when a process
 * or the database is away for a while.
 */

import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import { type Change, type Changes, SYSTEM } from "../store/change.ts";
import type { Alarm, AlarmCode, Database } from "../store/tables.ts";

/** Who says that something is wrong: nodes, each of itself; and whoever is on duty, of the nodes and of the schools' space. */
export type AlarmSource = "media" | "storage" | "space" | "nodes" | `node ${string}`;

export type OpenAlarm = {
  readonly code: AlarmCode;
  /** What it is about: `live/math`, a school's id; empty for the whole. */
  readonly subject: string;
  /** Why, in words for the operator. */
  readonly detail: string;
  readonly schoolId?: string;
};

const AGAIN_MS = 2000;

export class AlarmService {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  /** What was said and is not written yet. */
  private readonly said = new Map<AlarmSource, readonly OpenAlarm[]>();
  private writing: Promise<void> | null = null;
  private readonly onDuty: () => boolean;
  /** What is wrong with what all control processes see alike. */
  private readonly shared = new Map<AlarmSource, readonly OpenAlarm[]>();
  private closed = false;

  /** @param onDuty whether this process is the one that says what all of them see */
  constructor(db: Database, changes: Changes, log: Logger, onDuty: () => boolean) {
    this.onDuty = onDuty;
    this.db = db;
    this.changes = changes;
    this.log = log;
  }

  /** All that is wrong at present, as far as this source knows. */
  report(source: AlarmSource, open: readonly OpenAlarm[]): void {
    if (source === "nodes" || source === "space") {
      this.shared.set(source, open);
      if (!this.onDuty()) return;
    }
    this.said.set(source, open);
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  /** From now on it is this process that says what all of them see. */
  resume(): void {
    for (const [source, open] of this.shared) this.report(source, open);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
  }

  private async write(): Promise<void> {
    for (let next = this.said.entries().next().value; next && !this.closed; next = this.said.entries().next().value) {
      const [source, open] = next;
      try {
        await this.note(source, open);
        if (this.said.get(source) === open) this.said.delete(source);
      } catch (error) {
        this.log.warn({ reason: String(error) }, "alarms could not be written; it is tried again");
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
      }
    }
  }

  private async note(source: AlarmSource, open: readonly OpenAlarm[]): Promise<void> {
    const known = await this.db
      .selectFrom("alarms")
      .selectAll()
      .where("source", "=", source)
      .where("cleared_at", "is", null)
      .execute();
    const isOf = (alarm: Alarm) => (one: OpenAlarm) => one.code === alarm.code && one.subject === alarm.subject;
    const over = known.filter((alarm) => !open.some(isOf(alarm)));
    const fresh = open.filter((one) => !known.some((alarm) => isOf(alarm)(one)));
    if (over.length + fresh.length === 0) return;
    await this.changes.transact(SYSTEM, async (change) => {
      for (const one of fresh) await raise(change, source, one);
      for (const { id } of over) {
        const cleared = await change.trx
          .updateTable("alarms")
          .set({ cleared_at: new Date() })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.emit("alarm.cleared", cleared.school_id, aboutAlarm(cleared));
      }
      return { body: null };
    });
  }
}

async function raise(change: Change, source: AlarmSource, { code, subject, detail, schoolId }: OpenAlarm): Promise<void> {
  const [app = "", name = ""] = subject.split("/");
  // A stream's alarm is its school's too.
  const lesson = await change.trx
    .selectFrom("lessons")
    .select("school_id")
    .where("stream_app", "=", app)
    .where("stream_name", "=", name)
    .executeTakeFirst();
  const row = { id: newId(), school_id: schoolId ?? lesson?.school_id ?? null, source, code, subject, detail };
  const raised = await change.trx.insertInto("alarms").values(row).returningAll().executeTakeFirstOrThrow();
  await change.emit("alarm.raised", raised.school_id, aboutAlarm(raised));
}

function aboutAlarm({ id, code, subject, detail }: Alarm) {
  return { alarmId: id, code, subject, detail };
}
