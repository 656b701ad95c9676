/**
 * Enforces how much and how long a school keeps recordings: the retention period, the size limit and the quota.
 * Recordings in the bin count, because their files exist. Over its quota, a school records nothing more; live streams continue.
 */
import { type SqlBool, sql } from "kysely";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Logger } from "../../../platform/log.ts";
import { isOverQuota, usedBytes } from "../../foundation/schools/quota.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { deletePolicies } from "../../foundation/store/delete-policies.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Recording } from "../../foundation/store/tables.ts";
import type { RecordingLibrary } from "./recording-library.ts";

/** A school that may record no more. */
export type StorageUsageAlarm = {
  readonly code: "quota-reached";
  readonly subject: string;
  readonly detail: string;
  readonly schoolId: string;
};

export type RecordingRetentionOptions = {
  readonly db: Database;
  readonly changes: Changes;
  /** Reports all schools whose recordings take all of their space. */
  readonly reportStorageUsage: (open: readonly StorageUsageAlarm[]) => void;
  readonly log: Logger;
  readonly recordings: Pick<RecordingLibrary, "remove" | "ruleChanged">;
  readonly policyNotices: PolicyNotices;
  /** Whether a lesson may be recorded has changed. */
  readonly streamRuleChanged: (app: string, name: string) => void;
  /** Retention of schools without a setting of their own, in days; 0: unlimited. */
  readonly retainDays: () => number;
};

const DAY_MS = 86_400_000;

export class RecordingRetention {
  private readonly options: RecordingRetentionOptions;
  /** Schools over their quota, with the detail of the alarm. */
  private readonly overQuota = new Map<string, string>();
  private readonly waiting = new Set<string>();
  private working: Promise<void> | null = null;
  private closed = false;

  constructor(options: RecordingRetentionOptions) {
    this.options = options;
  }

  /** Checks all schools. */
  async start(): Promise<void> {
    this.options.reportStorageUsage([]);
    await this.checkAll();
  }

  /** Queues a check: a school's recordings or limits have changed. */
  check(schoolId: string | null): void {
    if (schoolId === null) return;
    this.waiting.add(schoolId);
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  /**
   * Checks all schools, and deletes permanently what has been in the bin for too long.
   * @param deletedBefore recordings deleted before this time are removed
   */
  async sweep(deletedBefore: Date): Promise<void> {
    const { db } = this.options;
    const expired = await db.selectFrom("recordings").selectAll().where("deleted_at", "<", deletedBefore).execute();
    for (const recording of expired) await this.remove(recording);
    await this.removeCandidates();
    await this.moveOldToBin(null, this.options.retainDays());
    await this.checkAll();
  }

  /** Recordings of candidates: when their days are over, and when the attempt or the examination was deleted, or the guest erased. */
  private async removeCandidates(): Promise<void> {
    const over = await this.options.db
      .selectFrom("recordings")
      .leftJoin("exams", "exams.id", "recordings.exam_id")
      .leftJoin("exam_attempts", "exam_attempts.id", "recordings.attempt_id")
      .selectAll("recordings")
      .where(sql<SqlBool>`recordings.name like 'exam-%~%'`)
      .where("recordings.whole", "=", true)
      .where(
        sql<SqlBool>`(exam_attempts.id is null or exam_attempts.erased_at is not null or exams.deleted_at is not null
          or exams.closes_at + (exams.supervision->>'keepDays')::int * interval '1 day' < now())`,
      )
      .execute();
    for (const recording of over) await this.remove(recording);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.working;
  }

  private async checkAll(): Promise<void> {
    const schools = await this.options.db.selectFrom("schools").select("id").execute();
    for (const { id } of schools) this.check(id);
  }

  private async work(): Promise<void> {
    for (const schoolId of this.waiting) {
      if (this.closed) return;
      this.waiting.delete(schoolId);
      try {
        await this.enforceLimits(schoolId);
      } catch (error) {
        // The next recording or the next sweep repeats the check.
        this.options.log.warn({ school: schoolId, reason: String(error) }, "storage usage check failed");
      }
    }
  }

  private async enforceLimits(schoolId: string): Promise<void> {
    const { db, retainDays } = this.options;
    const school = await db.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirst();
    if (!school) return;
    await this.moveOldToBin(schoolId, school.keep_days > 0 ? school.keep_days : retainDays());
    const keepBytes = Number(school.keep_bytes);
    if (keepBytes > 0) await this.removeOldest(schoolId, keepBytes);
    const quota = Number(school.quota_bytes);
    const isOver = await isOverQuota(db, schoolId, quota);
    if (isOver === this.overQuota.has(schoolId)) return;
    if (isOver)
      this.overQuota.set(schoolId, `The recordings of ${school.name} take all of its ${quota} bytes; nothing more is recorded.`);
    else this.overQuota.delete(schoolId);
    await this.announceQuota(schoolId);
  }

  /** Reports the alarms, and has media workers fetch the rules of the school's streams again. */
  private async announceQuota(schoolId: string): Promise<void> {
    const { db, reportStorageUsage, streamRuleChanged } = this.options;
    reportStorageUsage(
      [...this.overQuota].map(([schoolId, detail]) => ({ code: "quota-reached", subject: schoolId, detail, schoolId })),
    );
    const lessons = await db
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where("school_id", "=", schoolId)
      .where("state", "!=", "ended")
      .execute();
    for (const { stream_app, stream_name } of lessons) streamRuleChanged(stream_app, stream_name);
  }

  /** @param schoolId null: recordings that belong to no school @param days 0: keeps all */
  private async moveOldToBin(schoolId: string | null, days: number): Promise<void> {
    if (days === 0) return;
    const moved = await this.options.db
      .updateTable("recordings")
      .set((row) => ({ deleted_at: new Date(), version: row("version", "+", 1) }))
      .where("school_id", schoolId === null ? "is" : "=", schoolId)
      .where("deleted_at", "is", null)
      .where("whole", "=", true)
      .where("started_at", "<", new Date(Date.now() - days * DAY_MS))
      .returning("id")
      .execute();
    for (const { id } of moved) this.options.recordings.ruleChanged(id);
  }

  /** Deletes permanently until the rest fits: first what is in the bin, then the oldest. */
  private async removeOldest(schoolId: string, keepBytes: number): Promise<void> {
    const { db } = this.options;
    let used = await usedBytes(db, schoolId);
    if (used <= keepBytes) return;
    const candidates = await db
      .selectFrom("recordings")
      .selectAll()
      .where("school_id", "=", schoolId)
      .where("whole", "=", true)
      .orderBy("deleted_at", (order) => order.asc().nullsLast())
      .orderBy("started_at")
      .execute();
    for (const recording of candidates) {
      if (used <= keepBytes) return;
      if (await this.remove(recording)) used -= Number(recording.bytes);
    }
  }

  /** Deletes permanently. False when the files could not be deleted; the next sweep tries again. */
  private async remove(recording: Recording): Promise<boolean> {
    const { changes, recordings, policyNotices, log } = this.options;
    const { id, school_id: schoolId } = recording;
    try {
      await recordings.remove(recording.files);
    } catch (error) {
      log.warn({ recording: id, reason: String(error) }, "recording files not deleted, retrying with the next sweep");
      return false;
    }
    await changes.transact(SYSTEM, async (change) => {
      change.afterCommit(await deletePolicies(change.trx, policyNotices, { recordingId: id }));
      await change.trx.deleteFrom("recordings").where("id", "=", id).execute();
      await change.audit({ action: "recording.remove", schoolId, targetKind: "recording", targetId: id, before: recording });
      change.afterCommit(() => recordings.ruleChanged(id));
      return { body: null };
    });
    return true;
  }
}
