/**
 * Withdraws what an ended permission has opened. Every change writes an audit entry, and each entry names what it changed: a person, a course, a
 * lesson, a school, a recording, an examination. After the commit, this finds the streams and recordings that those affected may be watching, and has the
 * media workers fetch their rules again. So a new route cannot forget it.
 */
import type { Logger } from "../../platform/log.ts";
import type { AuditEntry } from "../foundation/store/audit-log.ts";
import type { Database } from "../foundation/store/tables.ts";
import { WATCHING_MS } from "./ended-permissions.ts";

export type PermissionReviewOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Those that streams of candidates may be in. */
  readonly apps: () => readonly string[];
  readonly streamChanged: (app: string, name: string) => void;
  readonly recordingChanged: (id: string) => void;
};

const KINDS = ["user", "course", "lesson", "participant", "school", "recording", "examination"] as const;
type Kind = (typeof KINDS)[number];
type Targets = ReadonlyMap<Kind, ReadonlySet<string>>;
/** Columns of a school whose change ends permissions. Others change often, and concern every lesson. */
const SCHOOL_COLUMNS = ["archived_at", "operatorEntry"] as const;
/** Of an examination, what changes who supervises. Others are written for each candidate. */
const SUPERVISION = /^examination\.(change|delete|\w+-group|group-attempt)$/;
const RETRY_MS = 300;

export class PermissionReview {
  private readonly options: PermissionReviewOptions;
  private pending = new Map<Kind, Set<string>>();
  private working: Promise<void> | null = null;
  private closed = false;

  constructor(options: PermissionReviewOptions) {
    this.options = options;
  }

  /** The audit entries of a change that was committed. */
  readonly changed = (entries: readonly AuditEntry[]): void => {
    let isNew = false;
    for (const entry of entries) {
      const kind = KINDS.find((known) => known === entry.targetKind);
      if (!kind || !mayEnd(entry)) continue;
      this.pending.set(kind, (this.pending.get(kind) ?? new Set()).add(entry.targetId));
      isNew = true;
    }
    if (isNew && !this.closed) this.working ??= this.work().finally(() => (this.working = null));
  };

  /** Resolves when every change so far has been reviewed. */
  async idle(): Promise<void> {
    await this.working;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.pending.size > 0 && !this.closed) {
      const targets = this.pending;
      this.pending = new Map();
      try {
        await this.review(targets);
      } catch (error) {
        for (const [kind, ids] of targets) this.pending.set(kind, new Set([...ids, ...(this.pending.get(kind) ?? [])]));
        this.options.log.warn({ reason: String(error), retryAfterMs: RETRY_MS }, "permission review failed, retrying");
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async review(targets: Targets): Promise<void> {
    const { db, streamChanged, recordingChanged } = this.options;
    const of = (kind: Kind) => [...(targets.get(kind) ?? [])];
    const since = new Date(Date.now() - WATCHING_MS);
    const lessons = await db
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where(({ eb, or, exists, selectFrom, and }) => {
        const participants = selectFrom("participants").select("participants.id").whereRef("lesson_id", "=", "lessons.id");
        const watched = or([eb("state", "=", "live"), exists(participants.where("seen_at", ">", since))]);
        return or([
          ...(of("lesson").length > 0 ? [eb("lessons.id", "in", of("lesson"))] : []),
          ...(of("participant").length > 0 ? [exists(participants.where("participants.id", "in", of("participant")))] : []),
          ...(of("user").length > 0 ? [exists(participants.where("user_id", "in", of("user")).where("seen_at", ">", since))] : []),
          ...(of("course").length > 0 ? [and([eb("course_id", "in", of("course")), watched])] : []),
          ...(of("school").length > 0 ? [and([eb("school_id", "in", of("school")), watched])] : []),
        ]);
      })
      // Live lessons first: somebody is watching.
      .orderBy(({ eb }) => eb("state", "=", "live"), "desc")
      .execute();
    for (const { stream_app: app, stream_name: name } of lessons) streamChanged(app, name);
    for (const id of await this.watchedRecordings(of, since)) recordingChanged(id);
    await this.reviewExams(of, since);
  }

  /** Candidates' streams and recordings, of whom somebody has looked at. */
  private async reviewExams(of: (kind: Kind) => readonly string[], since: Date): Promise<void> {
    const { db, apps, streamChanged, recordingChanged } = this.options;
    const exams = await db
      .selectFrom("exams")
      .select(["exams.id", "stream_name"])
      .where(({ and, eb, or, exists, selectFrom }) => {
        const looks = selectFrom("exam_looks")
          .innerJoin("exam_attempts", "exam_attempts.id", "exam_looks.attempt_id")
          .select("exam_looks.user_id")
          .whereRef("exam_attempts.exam_id", "=", "exams.id")
          .where("looked_at", ">", since);
        const concerned = or([
          ...(of("examination").length > 0 ? [eb("exams.id", "in", of("examination"))] : []),
          ...(of("user").length > 0 ? [exists(looks.where("exam_looks.user_id", "in", of("user")))] : []),
          ...(of("course").length > 0 ? [eb("exams.course_id", "in", of("course"))] : []),
          ...(of("school").length > 0 ? [eb("exams.school_id", "in", of("school"))] : []),
        ]);
        return and([concerned, exists(looks)]);
      })
      .execute();
    for (const { stream_name: name } of exams) if (name !== null) for (const app of apps()) streamChanged(app, name);
    if (exams.length === 0) return;
    const ids = exams.map(({ id }) => id);
    const recordings = await db.selectFrom("recordings").select("id").where("exam_id", "in", ids).orderBy("id").execute();
    for (const { id } of recordings) recordingChanged(id);
  }

  private async watchedRecordings(of: (kind: Kind) => readonly string[], since: Date): Promise<string[]> {
    const rows = await this.options.db
      .selectFrom("recordings")
      .leftJoin("lessons", "lessons.id", "recordings.lesson_id")
      .select("recordings.id")
      .where(({ eb, or, exists, selectFrom }) => {
        const viewers = selectFrom("recording_viewers")
          .select("recording_viewers.user_id")
          .whereRef("recording_id", "=", "recordings.id")
          .where("opened_at", ">", since);
        return or([
          ...(of("recording").length > 0 ? [eb("recordings.id", "in", of("recording"))] : []),
          ...(of("user").length > 0 ? [exists(viewers.where("user_id", "in", of("user")))] : []),
          ...(of("lesson").length > 0 ? [eb("recordings.lesson_id", "in", of("lesson"))] : []),
          ...(of("course").length > 0 ? [eb("lessons.course_id", "in", of("course"))] : []),
          ...(of("school").length > 0 ? [eb("recordings.school_id", "in", of("school"))] : []),
        ]);
      })
      .execute();
    return rows.map(({ id }) => id);
  }
}

/** Whether a change can end a permission: what is new has no viewers yet. */
function mayEnd({ action, targetKind, before, after }: AuditEntry): boolean {
  if (action.endsWith(".create")) return false;
  if (targetKind === "examination") return SUPERVISION.test(action);
  if (targetKind !== "school" || !before || !after) return true;
  return SCHOOL_COLUMNS.some((column) => String(before[column]) !== String(after[column]));
}
