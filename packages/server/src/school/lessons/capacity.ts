/**
 * Gives the places of a lesson with a capacity. One place is the teacher's, where the lesson has one. Members have theirs before guests: those of the course and those
 * invited. So guests with the code cannot take the places of the people whose lesson it is.
 */
import { type SqlBool, sql } from "kysely";
import { RefusalError } from "../../platform/api/server.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { LINK_SECONDS } from "./play-urls.ts";
import { capacityOf } from "./small-lesson.ts";

/** In which right somebody joins: the lesson's staff, those who may see it, everybody else with its code. */
export type JoinRight = "staff" | "member" | "guest";

const STAFF_ROLES = sql`('operator', 'administrator', 'teacher', 'assistant')`;

/** @throws RefusalError lesson-full */
export async function assertCapacity(db: Db, lesson: Lesson, right: JoinRight): Promise<void> {
  const capacity = capacityOf(lesson);
  if (capacity === null || right === "staff") return;
  // The only place of a lesson is for a person who is not its teacher.
  const places = Math.max(1, (await hasTeacher(db, lesson)) ? capacity - 1 : capacity);
  const present = await presentPeople(db, lesson.id);
  if (right === "member" && present.members < places) return;
  if (right === "guest") {
    const reserved = Math.max(present.members, await expectedMembers(db, lesson));
    if (present.guests + reserved < places) return;
  }
  throw new RefusalError("lesson-full");
}

/** Whether somebody teaches the lesson, and needs a place. */
async function hasTeacher(db: Db, { teacher_id: teacherId, course_id: courseId }: Lesson): Promise<boolean> {
  if (teacherId !== null) return true;
  const ofCourse = await db
    .selectFrom("course_members")
    .select("user_id")
    .where("course_id", "=", courseId ?? "")
    .where("role", "=", "teacher")
    .limit(1)
    .executeTakeFirst();
  return ofCourse !== undefined;
}

/** Counts the participants whose links are still valid, without the lesson's staff and without parents and inspectors, who only look on. */
async function presentPeople(db: Db, lessonId: string): Promise<{ readonly members: number; readonly guests: number }> {
  const rows = await db
    .selectFrom("participants")
    .leftJoin("watchers", "watchers.participant_id", "participants.id")
    .select((select) => ["by_code", select.fn.countAll<string>().as("people")])
    .where("watchers.id", "is", null)
    .where("participants.lesson_id", "=", lessonId)
    .where("removed_at", "is", null)
    .where("waiting_since", "is", null)
    .where("seen_at", ">", new Date(Date.now() - LINK_SECONDS * 1000))
    .where(sql<SqlBool>`role not in ${STAFF_ROLES}`)
    .groupBy("by_code")
    .execute();
  const count = (byCode: boolean) => Number(rows.find(({ by_code }) => by_code === byCode)?.people ?? 0);
  return { members: count(false), guests: count(true) };
}

/** People of the course and people who were invited, without staff. */
async function expectedMembers(db: Db, { id, course_id: courseId }: Lesson): Promise<number> {
  const { people } = await db
    .selectFrom("users")
    .select((select) => select.fn.countAll<string>().as("people"))
    .where("disabled_at", "is", null)
    .where(sql<SqlBool>`role not in ${STAFF_ROLES}`)
    .where(
      sql<SqlBool>`(exists (select 1 from course_members as member where member.user_id = users.id and member.course_id = ${courseId})
        or exists (select 1 from lesson_invitations as invited where invited.user_id = users.id and invited.lesson_id = ${id}))`,
    )
    .executeTakeFirstOrThrow();
  return Number(people);
}
