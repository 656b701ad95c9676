/**
 * Takes back what an import made: people who have not come yet, their places in courses, courses that are empty, and lessons that have not begun,
 * which go to the trash. What has been used since stays.
 */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Import, ImportItemTable } from "../../foundation/store/import-tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { lessonEventData } from "../../lessons/change-lesson.ts";
import { checkMayManage } from "../../people/accounts/account-rights.ts";
import { userEventData } from "../../people/accounts/user.ts";
import { courseEventData } from "../../people/courses/course.ts";

export type Undone = {
  readonly people: number;
  readonly members: number;
  readonly courses: number;
  readonly lessons: number;
  /** What was made and stays. */
  readonly kept: number;
};

/** More ids than this are looked up in several statements. */
const IDS_PER_QUERY = 1000;

/** An import that still runs writes no more rows: it is in another state. @throws RefusalError refused-by-rule, where a key lacks rights of the people */
export async function undoImport(
  change: Change,
  actor: Pick<Actor, "scopes">,
  row: Pick<Import, "id" | "school_id">,
): Promise<Undone> {
  await change.trx
    .updateTable("imports")
    .set({ state: "failed", source: null, finished_at: new Date() })
    .where("id", "=", row.id)
    .where("state", "=", "running")
    .execute();
  const items = await change.trx.selectFrom("import_items").selectAll().where("import_id", "=", row.id).execute();
  const idsOf = (kind: ImportItemTable["kind"]) => items.filter((item) => item.kind === kind).map(({ item_id }) => item_id);
  const lessons = await binLessons(change, row.school_id, idsOf("lesson"));
  let members = 0;
  for (const { item_id, course_id } of items.filter(({ kind }) => kind === "member")) {
    const left = await change.trx
      .deleteFrom("course_members")
      .where("course_id", "=", course_id)
      .where("user_id", "=", item_id)
      .returning("user_id")
      .executeTakeFirst();
    if (left) members++;
  }
  const people = await deletePeople(change, actor, row.school_id, idsOf("user"));
  const courses = await deleteCourses(change, row.school_id, idsOf("course"));
  await change.trx.updateTable("imports").set({ undone_at: new Date() }).where("id", "=", row.id).execute();
  const made = idsOf("lesson").length + idsOf("user").length + idsOf("course").length;
  const undone = { people, members, courses, lessons, kept: made - lessons - people - courses };
  const target = { targetKind: "import", targetId: row.id };
  await change.audit({ action: "import.undo", schoolId: row.school_id, ...target, after: undone });
  return undone;
}

async function binLessons(change: Change, schoolId: string, ids: readonly string[]): Promise<number> {
  let binned = 0;
  for (const some of slices(ids)) {
    const lessons = await change.trx
      .selectFrom("lessons")
      .selectAll()
      .where("id", "in", some)
      .where("school_id", "=", schoolId)
      .where("state", "=", "scheduled")
      .where("deleted_at", "is", null)
      .execute();
    for (const lesson of lessons) {
      await updateRow(change, "lessons", lesson, { deleted_at: new Date() });
      await change.emit("lesson.deleted", schoolId, lessonEventData(lesson));
    }
    binned += lessons.length;
  }
  return binned;
}

/** People who have never signed in, teach nothing, and were in no lesson. */
async function deletePeople(
  change: Change,
  actor: Pick<Actor, "scopes">,
  schoolId: string,
  ids: readonly string[],
): Promise<number> {
  let deleted = 0;
  for (const some of slices(ids)) {
    const gone = await change.trx
      .selectFrom("users")
      .selectAll()
      .where("id", "in", some)
      .where("school_id", "=", schoolId)
      .where("signed_in_at", "is", null)
      .where(sql<boolean>`not exists (select from lessons where lessons.teacher_id = users.id and lessons.deleted_at is null)`)
      .where(sql<boolean>`not exists (select from participants where participants.user_id = users.id)`)
      .where(sql<boolean>`not exists (select from sessions where sessions.user_id = users.id)`)
      .execute();
    checkMayManage(actor, ...new Set(gone.map(({ role }) => role)));
    const goneIds = ["", ...gone.map(({ id }) => id)];
    await change.trx
      .updateTable("lessons")
      .set((row) => ({ teacher_id: null, version: row("version", "+", 1) }))
      .where("teacher_id", "in", goneIds)
      .execute();
    await change.trx.deleteFrom("course_members").where("user_id", "in", goneIds).execute();
    await change.trx.deleteFrom("password_resets").where("user_id", "in", goneIds).execute();
    await change.trx.deleteFrom("users").where("id", "in", goneIds).execute();
    for (const user of gone) await change.emit("user.erased", schoolId, userEventData(user));
    deleted += gone.length;
  }
  return deleted;
}

/** Courses without people, lessons, papers and examinations. Those with rules of their own stay. */
async function deleteCourses(change: Change, schoolId: string, ids: readonly string[]): Promise<number> {
  let deleted = 0;
  for (const some of slices(ids)) {
    // A lesson in the trash that comes back is then of no course.
    const isUsed = sql<boolean>`exists (select from course_members where course_members.course_id = courses.id)
      or exists (select from lessons where lessons.course_id = courses.id and lessons.deleted_at is null)
      or exists (select from exams where exams.course_id = courses.id and exams.deleted_at is null)
      or exists (select from exam_papers where exam_papers.course_id = courses.id)
      or exists (select from policies where policies.course_id = courses.id)`;
    const unused = await change.trx
      .selectFrom("courses")
      .selectAll()
      .where("id", "in", some)
      .where("school_id", "=", schoolId)
      .where(sql<boolean>`not (${isUsed})`)
      .execute();
    for (const course of unused) {
      await change.trx
        .updateTable("lessons")
        .set((row) => ({ course_id: null, version: row("version", "+", 1) }))
        .where("course_id", "=", course.id)
        .execute();
      await change.trx.deleteFrom("courses").where("id", "=", course.id).execute();
      await change.emit("course.deleted", schoolId, courseEventData(course));
    }
    deleted += unused.length;
  }
  return deleted;
}

function slices(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_PER_QUERY) }, (_, i) =>
    ids.slice(i * IDS_PER_QUERY, (i + 1) * IDS_PER_QUERY),
  );
}
