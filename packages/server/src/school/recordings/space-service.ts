/**
 * How much recordings take, and what goes when it is too much or too old. A school's recordings in the bin count: they are on the disk.
 * Over its quota, nothing more is recorded for a school; live is not touched.
 */
import type { Logger } from "../../platform/log.ts";
import type { AlarmService } from "../alarms/alarm-service.ts";
import { type Changes, SYSTEM } from "../store/change.ts";
import type { Database, Db, Recording } from "../store/tables.ts";

export type SpaceOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly alarms: AlarmService;
  readonly log: Logger;
  readonly recordings: {
    readonly remove: (files: readonly string[]) => Promise<void>;
    readonly ruleChanged: (id: string) => void;
  };
  /** A lesson may be recorded, or not any more. */
  readonly streamRuleChanged: (app: string, name: string) => void;
  /** For schools that say nothing else; 0: for ever. */
  readonly retainDays: () => number;
};

const DAY_MS = 86_400_000;

/** Bytes of a school's recordings. */
export async function usedBytes(db: Db, schoolId: string): Promise<number> {
  const { bytes } = await db
    .selectFrom("recordings")
    .select(({ fn }) => fn.sum("bytes").as("bytes"))
    .where("school_id", "=", schoolId)
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

/** @param quotaBytes 0: none */
export async function isOverQuota(db: Db, schoolId: string, quotaBytes: number): Promise<boolean> {
  return quotaBytes > 0 && (await usedBytes(db, schoolId)) >= quotaBytes;
}

export class SpaceService {
  private readonly options: SpaceOptions;
  private readonly over = new Map<string, string>();
  private readonly waiting = new Set<string>();
  private working: Promise<void> | null = null;
  private closed = false;

  constructor(options: SpaceOptions) {
    this.options = options;
  }

  /** Looks at all schools. */
  async start(): Promise<void> {
    this.options.alarms.report("space", []);
    const schools = await this.options.db.selectFrom("schools").select("id").execute();
    for (const { id } of schools) this.check(id);
  }

  /** A school has more recordings, or fewer, or other limits. */
  check(schoolId: string | null): void {
    if (schoolId === null) return;
    this.waiting.add(schoolId);
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  /**
   * Looks at all schools, and takes away for good what has been in the bin too long.
   * @param binnedBefore as long ago as nothing stays in the bin
   */
  async sweep(binnedBefore: Date): Promise<void> {
    const { db } = this.options;
    const binned = await db.selectFrom("recordings").selectAll().where("deleted_at", "<", binnedBefore).execute();
    for (const recording of binned) await this.remove(recording);
    await this.retire(null, this.options.retainDays());
    for (const { id } of await db.selectFrom("schools").select("id").execute()) this.check(id);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.working;
  }

  private async work(): Promise<void> {
    for (const schoolId of this.waiting) {
      if (this.closed) return;
      this.waiting.delete(schoolId);
      try {
        await this.lookAt(schoolId);
      } catch (error) {
        // The next recording, or the next sweep, looks again.
        this.options.log.warn({ school: schoolId, reason: String(error) }, "a school's space could not be looked at");
      }
    }
  }

  private async lookAt(schoolId: string): Promise<void> {
    const { db, alarms, streamRuleChanged } = this.options;
    const school = await db.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirst();
    if (!school) return;
    await this.retire(schoolId, school.keep_days > 0 ? school.keep_days : this.options.retainDays());
    const keepBytes = Number(school.keep_bytes);
    if (keepBytes > 0) await this.trim(schoolId, keepBytes);
    const quota = Number(school.quota_bytes);
    const isOver = await isOverQuota(db, schoolId, quota);
    if (isOver === this.over.has(schoolId)) return;
    if (isOver)
      this.over.set(schoolId, `The recordings of ${school.name} take all of its ${quota} bytes; nothing more is recorded.`);
    else this.over.delete(schoolId);
    alarms.report(
      "space",
      [...this.over].map(([subject, detail]) => ({ code: "quota-reached", subject, detail, schoolId: subject })),
    );
    const lessons = await db
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where("school_id", "=", schoolId)
      .where("state", "!=", "ended")
      .execute();
    for (const { stream_app, stream_name } of lessons) streamRuleChanged(stream_app, stream_name);
  }

  /** What is too old goes into the bin. @param days 0: nothing is */
  private async retire(schoolId: string | null, days: number): Promise<void> {
    if (days === 0) return;
    const old = await this.options.db
      .updateTable("recordings")
      .set({ deleted_at: new Date() })
      .where("school_id", schoolId === null ? "is" : "=", schoolId)
      .where("deleted_at", "is", null)
      .where("whole", "=", true)
      .where("started_at", "<", new Date(Date.now() - days * DAY_MS))
      .returning("id")
      .execute();
    for (const { id } of old) this.options.recordings.ruleChanged(id);
  }

  /** What is in the bin goes first, then the oldest, until the rest fits. */
  private async trim(schoolId: string, keepBytes: number): Promise<void> {
    const { db } = this.options;
    let used = await usedBytes(db, schoolId);
    if (used <= keepBytes) return;
    const whole = await db
      .selectFrom("recordings")
      .selectAll()
      .where("school_id", "=", schoolId)
      .where("whole", "=", true)
      .orderBy("deleted_at", (order) => order.asc().nullsLast())
      .orderBy("started_at")
      .execute();
    for (const recording of whole) {
      if (used <= keepBytes) return;
      if (await this.remove(recording)) used -= Number(recording.bytes);
    }
  }

  /** For good. False when its files could not be taken away; it is tried again with the next sweep. */
  private async remove(recording: Recording): Promise<boolean> {
    const { changes, recordings, log } = this.options;
    const { id, school_id: schoolId } = recording;
    try {
      await recordings.remove(recording.files);
    } catch (error) {
      log.warn({ recording: id, reason: String(error) }, "a recording's files could not be taken away; it is tried again");
      return false;
    }
    await changes.transact(SYSTEM, async (change) => {
      await change.trx.deleteFrom("recordings").where("id", "=", id).execute();
      await change.audit({ action: "recording.remove", schoolId, targetKind: "recording", targetId: id, before: recording });
      change.afterCommit(() => recordings.ruleChanged(id));
      return { body: null };
    });
    return true;
  }
}
