/** Changes an examination: what may change once it is published, and what that means for those who sit it. */
import type { FactKind } from "@lectern/exam";
import { sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { definedFields, toDate } from "../../foundation/requests/fields.ts";
import type { Exam, Supervision } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { checkCourse } from "../exam-rights.ts";
import { checkTimes, ENTRY_MS } from "../exam-times.ts";
import { streamNameFor } from "../supervised.ts";
import { checkPaperOf } from "./exam-paper.ts";
import type { changedExam } from "./shapes.ts";

type Sent = Omit<z.output<typeof changedExam>, "accessCode">;

/** @throws RefusalError not-found, refused-by-rule, bad-request, conflict */
export async function changedColumns(db: Db, actor: Actor, before: Exam, body: Sent, now: Date) {
  const { courseId, paperId, title, attempts, guests, practice, seconds, facts, standing } = body;
  if (before.published_at) checkPublished(before, body, now);
  if (courseId !== undefined) await checkCourse(db, actor, before.school_id, courseId);
  const course_id = courseId === undefined ? before.course_id : courseId;
  const paper_id = paperId === undefined ? before.paper_id : paperId;
  const isOther = paper_id !== before.paper_id || course_id !== before.course_id;
  if (paper_id !== null && isOther) await checkPaperOf(db, actor, { school_id: before.school_id, course_id }, paper_id);
  const times = definedFields({
    opens_at: body.opensAt === undefined ? undefined : new Date(body.opensAt),
    closes_at: body.closesAt === undefined ? undefined : new Date(body.closesAt),
    latest_entry_at: body.latestEntryAt === undefined ? undefined : toDate(body.latestEntryAt),
    seconds,
  });
  if (Object.keys(times).length > 0) checkTimes({ ...before, ...times });
  return {
    ...times,
    course_id,
    paper_id,
    ...definedFields({ title, attempts, guests, practice, standing }),
    ...definedFields({ offline_seconds: body.offlineSeconds, results_shown: body.resultsShown }),
    ...(facts === undefined ? {} : { facts: json<readonly FactKind[]>(facts) }),
    ...supervisionColumns(before, body.supervision, now),
  };
}

/** What candidates have agreed to when they entered stays, but that it may be kept for a shorter time. @throws RefusalError conflict */
function supervisionColumns(before: Exam, supervision: Supervision | undefined, now: Date) {
  if (supervision === undefined) return {};
  const hasEntrance = before.published_at !== null && before.opens_at.getTime() - ENTRY_MS <= now.getTime();
  const { camera, screen, phone, keepDays } = before.supervision;
  const isSame = supervision.camera === camera && supervision.screen === screen && supervision.phone === phone;
  if (hasEntrance && !(isSame && supervision.keepDays <= keepDays))
    throw new RefusalError("conflict", examText("supervision-agreed"));
  return { supervision: json<Supervision>(supervision), ...streamNameFor(supervision, before.stream_name) };
}

/** Who has entered keeps what was promised. @throws RefusalError conflict */
function checkPublished(before: Exam, { courseId, paperId, attempts, opensAt }: Sent, now: Date): void {
  const isOther =
    (courseId !== undefined && courseId !== before.course_id) ||
    (paperId !== undefined && paperId !== before.paper_id) ||
    (attempts !== undefined && attempts < before.attempts);
  if (isOther) throw new RefusalError("conflict", examText("published-already"));
  // The key is known then.
  const isMoved = opensAt !== undefined && Date.parse(opensAt) !== before.opens_at.getTime();
  if (isMoved && before.opens_at <= now) throw new RefusalError("conflict", examText("begun-already"));
}

/** Brings the ends of attempts that go on to new times, in one statement. */
export async function moveEnds(db: Db, before: Exam, { id, closes_at, seconds }: Exam): Promise<void> {
  if (before.closes_at.getTime() === closes_at.getTime() && before.seconds === seconds) return;
  await db
    .updateTable("exam_attempts")
    .set({
      ends_at: sql<Date>`least(${closes_at}::timestamptz, started_at + ${seconds} * interval '1 second') + extra_seconds * interval '1 second'`,
    })
    .where("exam_id", "=", id)
    .where("started_at", "is not", null)
    .where("handed_in_at", "is", null)
    .execute();
}
