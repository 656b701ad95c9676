/** Serves the API routes that correct a solution after the examination: everybody is graded again in the background, and whose points change is listed. */
import { type AuthoredPaper, checkPaper, type Solution } from "@lectern/exam";
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { paperContent, type solutionShape } from "../papers/content.ts";
import { EXAM_GRADING } from "../work-names.ts";
import { readFrozenPaper } from "./frozen-papers.ts";
import { authoredQuestion } from "./questions-to-mark.ts";
import { regradeBody, regradeShape, scoreChangeShape } from "./shapes.ts";

const TAG = "Marking";
const params = z.strictObject({ examinationId: id });

export function regradeRoutes(context: ExamContext): ApiRoute[] {
  return [paperRoute(context), regradeRoute(context), listRegradesRoute(context), listScoreChangesRoute(context)];
}

function paperRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "getExaminationPaper",
    method: "GET",
    path: "/exams/:examinationId/paper",
    tag: TAG,
    summary: "Get the paper as it was published, with what is right by now",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "questions and solutions, and no answers" },
    params,
    status: 200,
    answer: paperContent,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params: { examinationId } }) => {
      const exam = published(await findExam(db, actor, examinationId));
      return { body: (await readFrozenPaper(db, exam.id)) as z.input<typeof paperContent> };
    },
  });
}

function regradeRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "regradeExamination",
    method: "POST",
    path: "/exams/:examinationId/regrade",
    tag: TAG,
    summary: "Correct what is right for a question, and grade all attempts again; points that people gave stay",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params,
    body: regradeBody,
    status: 200,
    answer: regradeShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params: { examinationId }, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const exam = published(await findExam(trx, actor, examinationId));
        // One after the other: the row is the lock.
        await trx.selectFrom("exam_packages").select("exam_id").where("exam_id", "=", exam.id).forUpdate().execute();
        const running = trx
          .selectFrom("exam_attempts")
          .select("id")
          .where("exam_id", "=", exam.id)
          .where("regrade_id", "is not", null);
        if (await running.limit(1).executeTakeFirst()) throw new RefusalError("conflict", examText("regrade-runs"));
        const paper = await readFrozenPaper(trx, exam.id);
        const { before, corrected } = correct(paper, body.question, body.solution);
        await trx
          .updateTable("exam_packages")
          .set({ paper: json(corrected) })
          .where("exam_id", "=", exam.id)
          .execute();
        const row = {
          id: newId(),
          exam_id: exam.id,
          question: body.question,
          solution_before: json(before),
          solution: json<Solution>(body.solution),
          changed_by: actor.kind === "user" ? actor.id : null,
        };
        await trx.insertInto("exam_regrades").values(row).execute();
        await trx
          .updateTable("exam_attempts")
          .set({ grade_due_at: new Date(), regrade_id: row.id })
          .where("exam_id", "=", exam.id)
          .where("graded_at", "is not", null)
          .where("erased_at", "is", null)
          .execute();
        change.wake(EXAM_GRADING);
        const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
        await change.audit({ action: "examination.regrade", ...target, after: { regrade: row.id, question: body.question } });
        const [regrade] = await readRegrades(trx, exam, { limit: 1, ids: [row.id] });
        if (!regrade) throw new Error("the regrade was not stored");
        return { body: regrade };
      }),
  });
}

function listRegradesRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listExamRegrades",
    method: "GET",
    path: "/exams/:examinationId/regrades",
    tag: TAG,
    summary: "List the corrections of solutions, the newest first, with how far grading again is",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "solutions, and counts of attempts" },
    params,
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(regradeShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { examinationId }, query: { limit, cursor } }) => {
      const exam = await findExam(db, actor, examinationId);
      const rows = await readRegrades(db, exam, { limit: limit + 1, cursor });
      return { body: toPage(rows, limit, (regrade) => regrade) };
    },
  });
}

function listScoreChangesRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listExamScoreChanges",
    method: "GET",
    path: "/exams/:examinationId/regrades/:regradeId/changes",
    tag: TAG,
    summary: "List the attempts whose points a correction has changed",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "results",
    params: z.strictObject({ examinationId: id, regradeId: id }),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(scoreChangeShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { examinationId, regradeId }, query: { limit, cursor } }) => {
      const exam = await findExam(db, actor, examinationId);
      let matching = db
        .selectFrom("exam_score_changes")
        .innerJoin("exam_attempts", "exam_attempts.id", "exam_score_changes.attempt_id")
        .select(["exam_attempts.id", "exam_attempts.name", "points_before", "exam_score_changes.points"])
        .where("exam_attempts.exam_id", "=", exam.id)
        .where("exam_score_changes.regrade_id", "=", regradeId);
      if (cursor) matching = matching.where("exam_attempts.id", ">", cursor);
      const rows = await matching
        .orderBy("exam_attempts.id")
        .limit(limit + 1)
        .execute();
      const present = ({ id: attemptId, name, points_before, points }: (typeof rows)[number]) => ({
        attemptId,
        name,
        pointsBefore: points_before,
        points,
      });
      return { body: toPage(rows, limit, present) };
    },
  });
}

/** @throws RefusalError not-found, conflict, bad-request */
function correct(paper: AuthoredPaper, question: string, solution: Solution) {
  const before = authoredQuestion(paper, question)?.solution;
  if (!before) throw new RefusalError("not-found", examText("no-question"));
  if (before.kind !== solution.kind) throw new RefusalError("bad-request", examText("other-kind"));
  if (JSON.stringify(before) === JSON.stringify(solution)) throw new RefusalError("conflict", examText("same-solution"));
  const corrected = {
    ...paper,
    sections: paper.sections.map((section) => ({
      ...section,
      questions: section.questions.map((each) => (each.question.id === question ? { ...each, solution } : each)),
    })),
  };
  const [error] = checkPaper(corrected);
  if (error)
    throw new RefusalError("bad-request", examText(`error-${error.code}`), [
      { path: error.path, message: examText(`error-${error.code}`) },
    ]);
  return { before, corrected };
}

type RegradePage = { readonly limit: number; readonly cursor?: string | undefined; readonly ids?: readonly string[] };

async function readRegrades(db: Db, { id: examId }: Exam, { limit, cursor, ids }: RegradePage) {
  const remaining = sql<number>`(select count(*)::int from exam_attempts where regrade_id = exam_regrades.id)`;
  const changed = sql<number>`(select count(*)::int from exam_score_changes where regrade_id = exam_regrades.id)`;
  let matching = db
    .selectFrom("exam_regrades")
    .selectAll()
    .select([remaining.as("remaining"), changed.as("changes")])
    .where("exam_id", "=", examId);
  if (ids) matching = matching.where("id", "in", ids);
  if (cursor) matching = matching.where("id", "<", cursor);
  const rows = await matching.orderBy("id", "desc").limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    question: row.question,
    solutionBefore: row.solution_before as z.input<typeof solutionShape>,
    solution: row.solution as z.input<typeof solutionShape>,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
    remaining: row.remaining,
    changes: row.changes,
  }));
}
