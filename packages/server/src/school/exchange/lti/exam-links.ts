/**
 * Decides which examination a link of a platform's course opens: the one that deep linking put into it. As with lessons, what a link names counts only in its own course.
 */
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Course, Db } from "../../foundation/store/tables.ts";
import type { ResourceLaunch } from "./claims.ts";
import { gradeColumns, keyOfLink } from "./links.ts";

/**
 * What a link opens, with what the platform says about grades remembered. Null: the link opens no examination.
 * @param teaches whether the person may see what is not published
 * @throws RefusalError lesson-not-ready
 */
export async function examOfLink(
  change: Change,
  platform: LtiPlatform,
  course: Course,
  launch: ResourceLaunch,
  teaches: boolean,
): Promise<Exam | null> {
  const { trx } = change;
  const key = keyOfLink(platform, launch);
  const links = trx.selectFrom("lti_exam_links").selectAll();
  const link = (await links.where((row) => row.and(key)).executeTakeFirst()) ?? null;
  const examId = link?.exam_id ?? launch.chosen.examinationId;
  if (examId === null) return null;
  const exam = await examOfCourse(trx, course, examId);
  if (!exam) throw new RefusalError("lesson-not-ready", ltiText("examination-gone"));
  if (!exam.published_at && !teaches) throw new RefusalError("lesson-not-ready", ltiText("examination-not-published"));
  const columns = { exam_id: exam.id, ...gradeColumns(launch, link) };
  if (link) await trx.updateTable("lti_exam_links").set(columns).where("id", "=", link.id).execute();
  else {
    await trx
      .insertInto("lti_exam_links")
      .values({ id: newId(), ...key, ...columns })
      .execute();
  }
  return exam;
}

/** Null also where it was deleted. */
export async function examOfCourse(db: Db, course: Course, examId: string): Promise<Exam | null> {
  const exams = db.selectFrom("exams").selectAll().where("id", "=", examId).where("course_id", "=", course.id);
  return (await exams.where("deleted_at", "is", null).executeTakeFirst()) ?? null;
}
