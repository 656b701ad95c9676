/** Serves the API routes by which staff see and change attempts: who sits, how far they are, more time, the end. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { presentFile, storedFiles } from "../answer-files.ts";
import { readAttempts } from "../answers/attempt-states.ts";
import { toldSections } from "../answers/section-times.ts";
import { findAttempt, LISTED, newestAnswers } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { endOf } from "../exam-times.ts";
import { standingsDue } from "../grading/standings-due.ts";
import { EXAM_GRADING } from "../work-names.ts";
import { attemptColumns, attemptDetailShape, attemptShape, changedAttempt } from "./shapes.ts";

const TAG = "Examinations";
const attemptParams = z.strictObject({ examinationId: id, attemptId: id });

export function attemptRoutes(context: ExamContext): ApiRoute[] {
  return [listAttemptsRoute(context), getAttemptRoute(context), changeAttemptRoute(context), deleteAttemptRoute(context)];
}

function listAttemptsRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listExamAttempts",
    method: "GET",
    path: "/exams/:examinationId/attempts",
    tag: TAG,
    summary: "List the attempts at an examination, in the order in which candidates entered",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "results",
    params: z.strictObject({ examinationId: id }),
    query: z.strictObject({ ...paging, state: z.enum(["waiting", "sitting", "handed-in"]).optional() }),
    status: 200,
    answer: pageOf(attemptShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor, state } }) => {
      const exam = await findExam(db, actor, params.examinationId);
      let matching = db.selectFrom("exam_attempts").select(LISTED).where("exam_id", "=", exam.id);
      if (cursor) matching = matching.where("id", ">", cursor);
      if (state) matching = matching.where("handed_in_at", state === "handed-in" ? "is not" : "is", null);
      if (state === "waiting" || state === "sitting")
        matching = matching.where("started_at", state === "sitting" ? "is not" : "is", null);
      const rows = await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const ids = rows.map((row) => row.id);
      const [answered, facts] = await Promise.all([countAnswered(db, ids), countFacts(db, ids)]);
      const present = (row: (typeof rows)[number]) => ({
        ...attemptColumns(row),
        answered: answered.get(row.id) ?? 0,
        facts: facts.get(row.id) ?? {},
      });
      return { body: toPage(rows, limit, present) };
    },
  });
}

function getAttemptRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "getExamAttempt",
    method: "GET",
    path: "/exams/:examinationId/attempts/:attemptId",
    tag: TAG,
    summary: "Get an attempt with its answers, what was noted, and its scores",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "results",
    params: attemptParams,
    status: 200,
    answer: attemptDetailShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const exam = await findExam(db, actor, params.examinationId);
      return { body: await presentDetail(db, await findAttempt(db, exam, params.attemptId)) };
    },
  });
}

function changeAttemptRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "changeExamAttempt",
    method: "PATCH",
    path: "/exams/:examinationId/attempts/:attemptId",
    tag: TAG,
    summary: "Give a candidate more time, or end the attempt; more time opens again what ended by time",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: attemptParams,
    body: changedAttempt,
    status: 200,
    answer: attemptDetailShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const exam = await findExam(trx, actor, params.examinationId);
        const before = await findAttempt(trx, exam, params.attemptId, true);
        const columns = changedColumns(exam, before, body, new Date());
        const after = await trx
          .updateTable("exam_attempts")
          .set(columns)
          .where("id", "=", before.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await noteAttempt(change, before, after);
        if (after.grade_due_at) change.wake(EXAM_GRADING);
        return { body: await presentDetail(trx, after) };
      }),
  });
}

function deleteAttemptRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "deleteExamAttempt",
    method: "DELETE",
    path: "/exams/:examinationId/attempts/:attemptId",
    tag: TAG,
    summary: "Delete an attempt with its answers and results, such as one that was a try, or of a guest who wants to be erased",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: attemptParams,
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const exam = await findExam(change.trx, actor, params.examinationId);
        const before = await findAttempt(change.trx, exam, params.attemptId, true);
        await change.trx.deleteFrom("exam_attempts").where("id", "=", before.id).execute();
        await standingsDue(change, exam.id, new Date());
        const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
        await change.audit({ action: "examination.delete-attempt", ...target, before: audited(before) });
        return { body: null };
      }),
  });
}

/** @throws RefusalError conflict, where it has ended already */
export function changedColumns(exam: Exam, before: ExamAttempt, { extraSeconds, end }: z.output<typeof changedAttempt>, now: Date) {
  const extra_seconds = extraSeconds ?? before.extra_seconds;
  const ends_at = endOf(exam, { started_at: before.started_at, extra_seconds });
  if (end) {
    if (before.handed_in_at) throw new RefusalError("conflict", examText("ended-already"));
    return { extra_seconds, ends_at, paused_at: null, handed_in_at: now, handed_in_by: "supervisor" as const, grade_due_at: now };
  }
  const isReopened = before.handed_in_by === "time" && ends_at !== null && ends_at > now;
  if (isReopened) return { extra_seconds, ends_at, handed_in_at: null, handed_in_by: null, grade_due_at: null };
  if (before.handed_in_at && extraSeconds !== undefined) throw new RefusalError("conflict", examText("ended-already"));
  return { extra_seconds, ends_at };
}

export function noteAttempt(change: Change, before: ExamAttempt, after: ExamAttempt): Promise<void> {
  const target = { schoolId: after.school_id, targetKind: "examination", targetId: after.exam_id };
  return change.audit({ action: "examination.change-attempt", ...target, before: audited(before), after: audited(after) });
}

/** Without the name: the entry outlives it. */
function audited({ id: attempt, user_id, extra_seconds, handed_in_at, handed_in_by }: ExamAttempt) {
  return { attempt, user_id, extra_seconds, handed_in_at, handed_in_by };
}

async function presentDetail(db: Db, row: ExamAttempt): Promise<z.input<typeof attemptDetailShape>> {
  const [states, answers, files, facts, marks] = await Promise.all([
    readAttempts(db, [row.id], false),
    newestAnswers(db, [row.id]),
    storedFiles(db, [row.id]),
    db.selectFrom("exam_facts").selectAll().where("attempt_id", "=", row.id).orderBy("seat").orderBy("seq").execute(),
    db.selectFrom("exam_marks").selectAll().where("attempt_id", "=", row.id).orderBy("question").execute(),
  ]);
  const state = states.get(row.id);
  const sections = Object.entries((state && toldSections(state)) ?? {}).map(([section, { seconds, begunAt, endsAt }]) => ({
    section,
    seconds,
    begunAt: begunAt === undefined ? null : new Date(begunAt),
    endsAt: endsAt === undefined ? null : new Date(endsAt),
  }));
  return {
    ...attemptColumns(row),
    seed: row.seed,
    sections,
    answers: answers.map(({ question, value, is_marked, written_at, received_at, is_late }) => ({
      question,
      value: value as z.input<typeof attemptDetailShape>["answers"][number]["value"],
      isMarked: is_marked,
      writtenAt: written_at,
      receivedAt: received_at,
      isLate: is_late,
    })),
    files: files.flatMap(presentFile),
    facts: facts.map(({ fact, detail, seat, written_at, received_at }) => ({
      fact,
      detail,
      seat,
      writtenAt: written_at,
      receivedAt: received_at,
    })),
    questions: row.questions,
    marks: marks.map(({ question, points, comment, marker_id, marked_at }) => ({
      question,
      points,
      comment,
      markerId: marker_id,
      markedAt: marked_at,
    })),
  };
}

/** JSON's null is an answer that was taken back; it stays readable where answers are encrypted. */
export async function countAnswered(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ attempt_id: string; count: number }>`
    select attempt_id, count(*)::int as count from (
      select distinct on (attempt_id, question) attempt_id, value from exam_answers
      where attempt_id = any(${ids}::text[]) order by attempt_id, question, seat desc, seq desc
    ) newest where value <> 'null'::jsonb group by attempt_id`.execute(db);
  return new Map(rows.map(({ attempt_id, count }) => [attempt_id, count]));
}

async function countFacts(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Record<string, number>>> {
  const { rows } = await sql<{ attempt_id: string; fact: string; count: number }>`
    select attempt_id, fact, count(*)::int as count from exam_facts
    where attempt_id = any(${ids}::text[]) group by attempt_id, fact`.execute(db);
  const counts = new Map<string, Record<string, number>>();
  for (const { attempt_id, fact, count } of rows) counts.set(attempt_id, { ...counts.get(attempt_id), [fact]: count });
  return counts;
}
