/** Lessons: who may do what with one, how one comes to be, begins, ends, and what its stream's rule is. */

import type { SelectQueryBuilder } from "kysely";
import type { Actor } from "../../access/actor.ts";
import { newLessonStream, type StreamPolicy } from "../../access/policies/stream-policy.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { isOverQuota } from "../recordings/space-service.ts";
import type { Change } from "../store/change.ts";
import type { Db, Lesson, LessonMode, LessonTrigger, Tables } from "../store/tables.ts";
import { newCode, newSecret } from "./join-code.ts";

/** see: knows of it, may join. assist: begins and ends it, takes people out. teach: changes it, has its publish key. */
export type LessonRight = "see" | "assist" | "teach";

/** The places of a lesson whose mode says how many it is for, where nothing else is said. */
const CAPACITY: Readonly<Record<LessonMode, number | null>> = {
  broadcast: null,
  "interactive-large": null,
  "interactive-small": 20,
  "one-to-one": 2,
};
const LESSON_APP = "live";

export type NewLesson = {
  readonly schoolId: string;
  readonly title: string;
  readonly courseId: string | null;
  readonly teacherId: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly mode: LessonMode;
  readonly record: boolean;
  readonly guests: boolean;
  readonly capacity?: number | null | undefined;
};

/** A row for a new lesson, with its own stream, key and code. */
export function newLessonRow(lesson: NewLesson, app = LESSON_APP) {
  return {
    id: newId(),
    school_id: lesson.schoolId,
    course_id: lesson.courseId,
    teacher_id: lesson.teacherId,
    title: lesson.title,
    mode: lesson.mode,
    state: "scheduled" as const,
    starts_at: lesson.startsAt,
    ends_at: lesson.endsAt,
    record: lesson.record,
    guests: lesson.guests,
    capacity: lesson.capacity === undefined ? CAPACITY[lesson.mode] : lesson.capacity,
    code: newCode(),
    stream_app: app,
    stream_name: newLessonStream(),
    publish_key: newSecret(),
  };
}

/** Lessons that somebody may see; or those in the bin that they could see before. */
export function visibleLessons(db: Db, actor: Actor, inBin = false): SelectQueryBuilder<Tables, "lessons", Lesson> {
  const all = db
    .selectFrom("lessons")
    .selectAll("lessons")
    .where("lessons.deleted_at", inBin ? "is not" : "is", null);
  if (actor.schoolId === null) return actor.role === "operator" ? all : all.where("lessons.id", "is", null);
  const ours = all.where("lessons.school_id", "=", actor.schoolId);
  if (actor.role === "administrator") return ours;
  const me = actor.id ?? "";
  return ours.where((where) => {
    const member = where(
      "lessons.course_id",
      "in",
      db.selectFrom("course_members").select("course_members.course_id").where("course_members.user_id", "=", me),
    );
    const mine = where("lessons.teacher_id", "=", me);
    const everybodys = where.and([where("lessons.course_id", "is", null), where.lit(actor.role === "student")]);
    return where.or([mine, member, everybodys]);
  });
}

/**
 * The lesson, for somebody who has the right to it.
 * @throws RefusalError not-found where they may not even know of it, refused-by-rule where they may see it but not do this
 */
export async function findLesson(db: Db, actor: Actor, id: string, right: LessonRight, inBin = false): Promise<Lesson> {
  const lesson = await visibleLessons(db, actor, inBin).where("lessons.id", "=", id).executeTakeFirst();
  if (!lesson) throw new RefusalError("not-found", "There is no such lesson.");
  if (right !== "see" && !(await hasLessonRight(db, actor, lesson, right)))
    throw new RefusalError("refused-by-rule", "Only those who teach this lesson may do this.");
  return lesson;
}

export async function hasLessonRight(db: Db, actor: Actor, lesson: Lesson, right: "assist" | "teach"): Promise<boolean> {
  if (actor.role === "operator" || actor.role === "administrator") return true;
  if (actor.role === "teacher" && lesson.teacher_id === actor.id) return true;
  if (lesson.course_id === null || actor.id === null) return false;
  const member = await db
    .selectFrom("course_members")
    .select("role")
    .where("course_id", "=", lesson.course_id)
    .where("user_id", "=", actor.id)
    .executeTakeFirst();
  return member?.role === "teacher" || (right === "assist" && member?.role === "assistant");
}

/** What the media workers must know. */
export async function streamRule(db: Db, app: string, name: string): Promise<StreamPolicy | null> {
  const lesson = await db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .selectAll("lessons")
    .select(["schools.archived_at", "schools.quota_bytes"])
    .where("stream_name", "=", name)
    .where("stream_app", "=", app)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (!lesson) return null;
  const removed = await db
    .selectFrom("participants")
    .select("id")
    .where("lesson_id", "=", lesson.id)
    .where("removed_at", "is not", null)
    .execute();
  return {
    app,
    name,
    lessonId: lesson.id,
    schoolId: lesson.school_id,
    keyHash: hashSecret(lesson.publish_key),
    open: lesson.ended_by !== "hand" && lesson.archived_at === null,
    record: lesson.record,
    mayRecord: !(await isOverQuota(db, lesson.school_id, Number(lesson.quota_bytes))),
    removed: removed.map(({ id }) => id),
  };
}

/** A lesson begins. Gives it as it is then; one that is live already stays as it is. */
export async function startLesson(change: Change, lesson: Lesson, by: LessonTrigger): Promise<Lesson> {
  if (lesson.state === "live") return lesson;
  const now = new Date();
  const live = await change.trx
    .updateTable("lessons")
    .set((row) => ({
      state: "live" as const,
      // One that goes on after its publisher was away keeps when it began.
      started_at: lesson.started_at ?? now,
      started_by: by,
      ended_at: null,
      ended_by: null,
      version: row("version", "+", 1),
    }))
    .where("id", "=", lesson.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await audited(change, "lesson.start", lesson, live);
  await change.emit("lesson.started", lesson.school_id, { lessonId: lesson.id, title: lesson.title, by });
  return live;
}

export async function endLesson(change: Change, lesson: Lesson, by: LessonTrigger): Promise<Lesson> {
  if (lesson.state === "ended" && (lesson.ended_by === "hand" || by === "publisher")) return lesson;
  const ended = await change.trx
    .updateTable("lessons")
    .set((row) => ({ state: "ended" as const, ended_at: new Date(), ended_by: by, version: row("version", "+", 1) }))
    .where("id", "=", lesson.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await audited(change, "lesson.end", lesson, ended);
  if (lesson.state !== "ended")
    await change.emit("lesson.ended", lesson.school_id, { lessonId: lesson.id, title: lesson.title, by });
  return ended;
}

function audited(change: Change, action: string, before: Lesson, after: Lesson): Promise<void> {
  const part = ({ state, started_at, started_by, ended_at, ended_by }: Lesson) => ({
    state,
    started_at,
    started_by,
    ended_at,
    ended_by,
  });
  return change.audit({
    action,
    schoolId: before.school_id,
    targetKind: "lesson",
    targetId: before.id,
    before: part(before),
    after: part(after),
  });
}
