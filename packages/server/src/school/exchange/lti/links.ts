/**
 * Decides which lesson a link of a platform's course opens. Deep linking put the lesson into the link, or the first teacher who opens the link makes
 * one. What a link names counts only in its own course: a teacher of the platform could write any id into it.
 */
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { LtiLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Course, Db, Lesson, Recording, User } from "../../foundation/store/tables.ts";
import { lessonEventData } from "../../lessons/change-lesson.ts";
import { newLessonRow } from "../../lessons/lesson-row.ts";
import type { ResourceLaunch } from "./claims.ts";

export type LinkTarget = { readonly lesson: Lesson; readonly recordingId: string | null };

/**
 * What a link opens. Remembers it, with what the platform says about grades.
 * @param teacher the person who may make a lesson for a link without one; null: nobody
 * @throws RefusalError lesson-not-ready, where no teacher has opened the link yet
 */
export async function targetOfLink(
  change: Change,
  platform: LtiPlatform,
  course: Course,
  launch: ResourceLaunch,
  teacher: User | null,
): Promise<LinkTarget> {
  const link = await findLink(change.trx, platform, launch);
  const known = link && (await knownTarget(change.trx, course, link));
  const target = known ?? (await chosenTarget(change.trx, course, launch)) ?? (await newTarget(change, course, launch, teacher));
  const columns = {
    lesson_id: target.lesson.id,
    recording_id: target.recordingId,
    ...gradeColumns(launch, link),
  };
  if (link) await change.trx.updateTable("lti_links").set(columns).where("id", "=", link.id).execute();
  else {
    await change.trx
      .insertInto("lti_links")
      .values({ id: newId(), ...keyOfLink(platform, launch), ...columns })
      .execute();
  }
  return target;
}

/** What tells links of all platforms apart. */
export function keyOfLink(platform: LtiPlatform, launch: ResourceLaunch) {
  return { platform_id: platform.id, deployment_id: launch.deploymentId, link_id: launch.link.id };
}

/** What the platform says about grades. @param link as it was before */
export function gradeColumns({ grades }: ResourceLaunch, link: Pick<LtiLink, "line_item_url"> | null) {
  return {
    // A column that this server has made stays, where the platform names none.
    line_item_url: grades?.lineItem ?? link?.line_item_url ?? null,
    line_items_url: grades?.lineItems ?? null,
    grade_scopes: json(grades?.scopes ?? []),
  };
}

async function findLink(db: Db, platform: LtiPlatform, launch: ResourceLaunch): Promise<LtiLink | null> {
  const links = db.selectFrom("lti_links").selectAll();
  return (await links.where((row) => row.and(keyOfLink(platform, launch))).executeTakeFirst()) ?? null;
}

/** The lesson of a link that was opened before; null also where the lesson was moved to the bin, or to another course. */
async function knownTarget(db: Db, course: Course, link: LtiLink): Promise<LinkTarget | null> {
  const lesson = await lessonOfCourse(db, course, link.lesson_id);
  return lesson && { lesson, recordingId: link.recording_id };
}

async function chosenTarget(db: Db, course: Course, { chosen }: ResourceLaunch): Promise<LinkTarget | null> {
  if (chosen.recordingId !== null) {
    const recording = await recordingOfCourse(db, course, chosen.recordingId);
    const lesson = recording?.lesson_id ? await lessonOfCourse(db, course, recording.lesson_id) : null;
    return recording && lesson ? { lesson, recordingId: recording.id } : null;
  }
  const lesson = chosen.lessonId === null ? null : await lessonOfCourse(db, course, chosen.lessonId);
  return lesson && { lesson, recordingId: null };
}

async function newTarget(change: Change, course: Course, { link }: ResourceLaunch, teacher: User | null): Promise<LinkTarget> {
  if (!teacher) throw new RefusalError("lesson-not-ready");
  return { lesson: await makeLesson(change, course, teacher, link.title || course.name), recordingId: null };
}

/** Makes a lesson of a course. Guests may not join: the platform says who belongs to the course. */
export async function makeLesson(change: Change, course: Course, teacher: User, title: string): Promise<Lesson> {
  const row = newLessonRow({
    schoolId: course.school_id,
    title,
    courseId: course.id,
    teacherId: teacher.id,
    startsAt: null,
    endsAt: null,
    mode: "broadcast",
    record: true,
    guests: false,
  });
  const lesson = await change.trx.insertInto("lessons").values(row).returningAll().executeTakeFirstOrThrow();
  const target = { schoolId: course.school_id, targetKind: "lesson", targetId: lesson.id };
  await change.audit({ action: "lesson.create", ...target, after: lesson });
  await change.emit("lesson.created", course.school_id, lessonEventData(lesson));
  return lesson;
}

/** Null also where the lesson is in the bin. */
export async function lessonOfCourse(db: Db, course: Course, lessonId: string): Promise<Lesson | null> {
  const lessons = db.selectFrom("lessons").selectAll().where("id", "=", lessonId).where("course_id", "=", course.id);
  return (await lessons.where("deleted_at", "is", null).executeTakeFirst()) ?? null;
}

/** Null also where the recording, or its lesson, is in the bin. */
export async function recordingOfCourse(db: Db, course: Course, recordingId: string): Promise<Recording | null> {
  const recording = await db
    .selectFrom("recordings")
    .innerJoin("lessons", "lessons.id", "recordings.lesson_id")
    .selectAll("recordings")
    .where("recordings.id", "=", recordingId)
    .where("recordings.deleted_at", "is", null)
    .where("lessons.course_id", "=", course.id)
    .where("lessons.deleted_at", "is", null)
    .executeTakeFirst();
  return recording ?? null;
}
