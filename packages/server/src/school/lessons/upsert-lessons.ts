/** Creates or changes lessons by their ids in the school's own system. */
import { z } from "zod";
import type { ApiRoute } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { externalId, instant, text, toDate } from "../foundation/requests/fields.ts";
import { ADMINISTRATORS } from "../foundation/requests/permissions.ts";
import { LESSON_MODES } from "../foundation/store/lesson-modes.ts";
import type { Db, School } from "../foundation/store/tables.ts";
import { updateRow } from "../foundation/store/update-row.ts";
import { changedColumns } from "../foundation/upserts/changed-columns.ts";
import { type UpsertCall, type Upserted, upsertRoutes } from "../foundation/upserts/upsert-routes.ts";
import { type LessonContext, lessonEventData } from "./change-lesson.ts";
import { newLessonRow } from "./lesson-row.ts";
import { capacity, endsAfterStart } from "./shapes.ts";

const lessonFields = {
  title: text(200),
  startsAt: instant.nullable().default(null),
  endsAt: instant.nullable().default(null),
  courseExternalId: externalId.nullable().default(null),
  teacherExternalId: externalId.nullable().default(null),
  mode: z.enum(LESSON_MODES).default("broadcast"),
  record: z.boolean().optional(),
  guests: z.boolean().optional().describe("Default: the school's setting."),
  capacity: capacity.optional(),
};
export type LessonFields = z.output<z.ZodObject<typeof lessonFields>>;

export function upsertLessonsRoutes(context: LessonContext): ApiRoute[] {
  return upsertRoutes(context, {
    name: "Lesson",
    path: "/lessons",
    tag: "Lessons",
    what: "a lesson",
    scope: "lessons:write",
    roles: ADMINISTRATORS,
    fields: lessonFields,
    upsert: (call) => upsertLesson(context, call),
  });
}

/** A lesson in the bin comes back. Fields that the request leaves out stay as they are. */
export async function upsertLesson(
  { streams }: Pick<LessonContext, "streams">,
  { change, school, externalId, fields }: UpsertCall<LessonFields>,
): Promise<Upserted> {
  const { trx } = change;
  if (!endsAfterStart(fields)) throw new RefusalError("bad-request", schoolText("ends-before-start"));
  const wanted = {
    title: fields.title,
    starts_at: toDate(fields.startsAt),
    ends_at: toDate(fields.endsAt),
    course_id: await courseOf(trx, school, fields.courseExternalId),
    teacher_id: await teacherOf(trx, school, fields.teacherExternalId),
    mode: fields.mode,
    record: fields.record,
    guests: fields.guests,
    capacity: fields.capacity,
  };
  const target = { schoolId: school.id, targetKind: "lesson" };
  const before = await trx
    .selectFrom("lessons")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("external_id", "=", externalId)
    .executeTakeFirst();
  if (!before) {
    const row = newLessonRow({
      schoolId: school.id,
      title: wanted.title,
      courseId: wanted.course_id,
      teacherId: wanted.teacher_id,
      startsAt: wanted.starts_at,
      endsAt: wanted.ends_at,
      mode: wanted.mode,
      record: wanted.record ?? false,
      guests: wanted.guests ?? school.guests,
      capacity: wanted.capacity,
      externalId,
    });
    const lesson = await trx.insertInto("lessons").values(row).returningAll().executeTakeFirstOrThrow();
    await change.audit({ action: "lesson.create", ...target, targetId: lesson.id, after: lesson });
    await change.emit("lesson.created", school.id, lessonEventData(lesson));
    return { id: lesson.id, result: "created" };
  }
  const changed = changedColumns(before, { ...wanted, deleted_at: null });
  if (Object.keys(changed).length === 0) return { id: before.id, result: "unchanged" };
  const after = await updateRow(change, "lessons", before, { ...changed, series_edited: before.series_id !== null });
  await change.audit({ action: "lesson.change", ...target, targetId: before.id, before, after });
  await change.emit("lesson.changed", school.id, lessonEventData(after));
  change.afterCommit(() => streams.ruleChanged(before.stream_app, before.stream_name));
  return { id: before.id, result: "changed" };
}

/** @throws RefusalError not-found */
async function courseOf(db: Db, school: School, externalId: string | null): Promise<string | null> {
  if (externalId === null) return null;
  const courses = db.selectFrom("courses").select("id").where("school_id", "=", school.id);
  const course = await courses.where("external_id", "=", externalId).executeTakeFirst();
  if (!course) throw new RefusalError("not-found", schoolText("no-course"));
  return course.id;
}

/** @throws RefusalError not-found, bad-request */
async function teacherOf(db: Db, school: School, externalId: string | null): Promise<string | null> {
  if (externalId === null) return null;
  const people = db.selectFrom("users").select(["id", "role"]).where("school_id", "=", school.id);
  const teacher = await people.where("external_id", "=", externalId).executeTakeFirst();
  if (!teacher) throw new RefusalError("not-found", schoolText("no-external-person", { id: externalId }));
  if (teacher.role !== "teacher" && teacher.role !== "administrator")
    throw new RefusalError("bad-request", schoolText("not-a-teacher"));
  return teacher.id;
}
