/** Decides who may see a lesson, assist in it and teach it. */

import type { SelectQueryBuilder } from "kysely";
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import type { Db, Lesson, Tables } from "../foundation/store/tables.ts";
import { seesLesson } from "./lesson-audience.ts";

/** see: may view and join it. assist: starts and ends it, removes participants. teach: changes it, and has its publish key. */
export type LessonRight = "see" | "assist" | "teach";

/** Lessons that the actor may see. @param inBin lists the deleted lessons instead */
export function visibleLessons(db: Db, actor: Actor, inBin = false): SelectQueryBuilder<Tables, "lessons", Lesson> {
  const lessons = db
    .selectFrom("lessons")
    .selectAll("lessons")
    .where("lessons.deleted_at", inBin ? "is not" : "is", null);
  if (actor.schoolId === null) return actor.role === "operator" ? lessons : lessons.where("lessons.id", "is", null);
  return lessons.where(seesLesson(actor));
}

/**
 * Finds a lesson to which the actor has the right.
 * @throws RefusalError not-found where the actor may not see the lesson, refused-by-rule where the actor may see it only
 */
export async function findLesson(db: Db, actor: Actor, id: string, right: LessonRight, inBin = false): Promise<Lesson> {
  const lesson = await visibleLessons(db, actor, inBin).where("lessons.id", "=", id).executeTakeFirst();
  if (!lesson) throw new RefusalError("not-found", schoolText("no-lesson"));
  if (right !== "see" && !(await hasLessonRight(db, actor, lesson, right)))
    throw new RefusalError("refused-by-rule", schoolText("teachers-only"));
  return lesson;
}

/**
 * Administrators have every right; a teacher of the lesson or its course teaches it; assistants of the course assist. The role of the account is the
 * limit: a member who is no teacher any more does not teach.
 */
export async function hasLessonRight(db: Db, actor: Actor, lesson: Lesson, right: "assist" | "teach"): Promise<boolean> {
  if (actor.role === "operator" || actor.role === "administrator") return true;
  if (actor.role !== "teacher" && actor.role !== "assistant") return false;
  if (actor.role === "teacher" && lesson.teacher_id === actor.id) return true;
  if (lesson.course_id === null || actor.id === null) return false;
  const member = await db
    .selectFrom("course_members")
    .select("role")
    .where("course_id", "=", lesson.course_id)
    .where("user_id", "=", actor.id)
    .executeTakeFirst();
  if (actor.role === "teacher" && member?.role === "teacher") return true;
  return right === "assist" && (member?.role === "assistant" || member?.role === "teacher");
}

/** Live streams of lessons in the actor's school, as `app/name`; null: all, for operators. */
export async function visibleStreams(db: Db, { role, schoolId }: Actor): Promise<ReadonlySet<string> | null> {
  if (role === "operator") return null;
  const rows = await db
    .selectFrom("lessons")
    .select(["stream_app", "stream_name"])
    .where("school_id", "=", schoolId ?? "")
    .where("state", "=", "live")
    .execute();
  return new Set(rows.map(({ stream_app, stream_name }) => `${stream_app}/${stream_name}`));
}
