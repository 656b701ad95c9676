/**
 * Decides who marks what. An examination may name its markers, staff of the school, with the questions of each; without names, those who work with the examination mark
 * all of it. A marker who does not work with it reaches nothing but the answers to mark.
 */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { reachedExams } from "../exam-rights.ts";

export const READ_MARKING = requires("lessons:read", ...STAFF);
export const WRITE_MARKING = requires("lessons:write", ...STAFF);

export type Marker = {
  readonly exam: Exam;
  /** Whether the person works with the examination: its plan, names, and what every marker gave. */
  readonly leads: boolean;
  readonly marks: (question: string) => boolean;
  /** Whether the person marks anything. */
  readonly isMarker: boolean;
};

/** @throws RefusalError not-found, where the actor neither works with the examination nor marks it */
export async function findMarker(db: Db, actor: Actor, examId: string): Promise<Marker> {
  const mayLead = actor.role !== null && TEACHERS.includes(actor.role);
  const led = mayLead ? await reachedExams(db, actor).where("exams.id", "=", examId).executeTakeFirst() : undefined;
  const named = await namedMarkers(db, examId);
  const own = named.find(({ user_id }) => actor.kind === "user" && user_id === actor.id);
  const exam = led ?? (own && (await examOfSchool(db, actor, examId)));
  if (!exam) throw new RefusalError("not-found", examText("no-exam"));
  const isMarker = named.length === 0 ? led !== undefined : own !== undefined;
  const questions = own?.questions ?? null;
  return { exam, leads: led !== undefined, isMarker, marks: (one) => isMarker && (questions === null || questions.includes(one)) };
}

/** The same, for who is about to mark. @throws RefusalError not-found, refused-by-rule */
export async function findMarkerOf(db: Db, actor: Actor, examId: string, question: string): Promise<Marker> {
  const marker = await findMarker(db, actor, examId);
  if (!marker.marks(question)) throw new RefusalError("refused-by-rule", examText("not-your-question"));
  return marker;
}

export async function namedMarkers(db: Db, examId: string) {
  return await db.selectFrom("exam_markers").select(["user_id", "questions"]).where("exam_id", "=", examId).execute();
}

/** By question, the points by which two may differ. */
export async function toleranceOf(db: Db, examId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom("exam_double_questions").selectAll().where("exam_id", "=", examId).execute();
  return new Map(rows.map(({ question, tolerance }) => [question, tolerance]));
}

/** Staff who have gone to another school mark nothing in the former one. */
async function examOfSchool(db: Db, actor: Actor, examId: string): Promise<Exam | undefined> {
  const exams = db.selectFrom("exams").selectAll().where("id", "=", examId).where("deleted_at", "is", null);
  return await exams.where("school_id", "=", actor.schoolId ?? "").executeTakeFirst();
}
