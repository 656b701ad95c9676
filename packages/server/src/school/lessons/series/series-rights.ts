/** Decides who reaches a series of lessons: administrators, its teacher, and the teachers of its course, as for a lesson. */
import type { SelectQueryBuilder } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import type { Db, Tables } from "../../foundation/store/tables.ts";

export function reachedSeries(db: Db, actor: Actor): SelectQueryBuilder<Tables, "lesson_series", LessonSeries> {
  const series = db.selectFrom("lesson_series").selectAll("lesson_series");
  const { role, schoolId, id } = actor;
  if (schoolId === null) return role === "operator" ? series : series.where("lesson_series.id", "is", null);
  const ofSchool = series.where("lesson_series.school_id", "=", schoolId);
  if (role !== "teacher") return ofSchool;
  const taught = db
    .selectFrom("course_members")
    .select("course_id")
    .where("user_id", "=", id ?? "")
    .where("role", "=", "teacher");
  return ofSchool.where(({ eb, or }) =>
    or([eb("lesson_series.teacher_id", "=", id ?? ""), eb("lesson_series.course_id", "in", taught)]),
  );
}
