/** Serves the API routes by which people mark answers: what waits, question by question and without names, and the points they give. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { paging } from "../../foundation/requests/paging.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { namedFiles, storedFiles } from "../answer-files.ts";
import type { answerValue } from "../answer-shapes.ts";
import { findAttempt, newestAnswers } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import type { FrozenPapers } from "./frozen-papers.ts";
import { authoredQuestion, countMarking } from "./questions-to-mark.ts";
import { markBody, markingShape, markShape } from "./shapes.ts";
import { checkPoints, markable, storeMark } from "./store-mark.ts";

const TAG = "Marking";

export function markingRoutes(context: ExamContext, papers: FrozenPapers): ApiRoute[] {
  return [listMarkingRoute(context, papers), putMarkRoute(context, papers)];
}

function listMarkingRoute({ db }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "listExamMarking",
    method: "GET",
    path: "/exams/:examinationId/marking",
    tag: TAG,
    summary: "List what people have to mark, and the answers to one question without names",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "results",
    params: z.strictObject({ examinationId: id }),
    query: z.strictObject({
      ...paging,
      question: z.string().max(40).optional().describe("Without it, only the questions are listed."),
      state: z.enum(["waiting", "marked"]).default("waiting"),
    }),
    status: 200,
    answer: markingShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params, query: { question, state, limit, cursor } }) => {
      const exam = published(await findExam(db, actor, params.examinationId));
      const paper = await papers.paperOf(db, exam.id);
      const counted = await countMarking(db, exam, paper);
      const questions = counted.map(({ solution: _, ...shown }) => shown);
      if (question === undefined) return { body: { questions, items: [], nextCursor: null } };
      if (!authoredQuestion(paper, question)) throw new RefusalError("not-found", examText("no-question"));
      const by = state === "waiting" ? "waits" : "person";
      let matching = db
        .selectFrom("exam_attempts")
        .select("id")
        .where("exam_id", "=", exam.id)
        .where(sql<boolean>`questions -> ${question}::text ->> 'by' = ${by}`);
      if (state === "waiting") matching = matching.where("waiting", ">", 0);
      if (cursor) matching = matching.where("id", ">", cursor);
      const rows = await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const ids = rows.slice(0, limit).map((row) => row.id);
      const items = await answersTo(db, ids, question);
      return { body: { questions, items, nextCursor: rows.length > limit ? (ids.at(-1) ?? null) : null } };
    },
  });
}

function putMarkRoute({ changes }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "putExamMark",
    method: "PUT",
    path: "/exams/:examinationId/attempts/:attemptId/marks/:question",
    tag: TAG,
    summary: "Give points for an answer, in place of those that it has",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: z.strictObject({ examinationId: id, attemptId: id, question: z.string().max(40) }),
    body: markBody,
    status: 200,
    answer: markShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params: { examinationId, attemptId, question }, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const exam = published(await findExam(trx, actor, examinationId));
        const attempt = await findAttempt(trx, exam, attemptId, true);
        const { scores, answers } = await markable(change, papers, attempt);
        checkPoints(scores, question, body.points);
        const now = new Date();
        const mark = { markerId: actor.kind === "user" ? actor.id : null, points: body.points, comment: body.comment };
        const score = await storeMark(change, papers, { exam, attempt, question, answers, mark, now });
        const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
        const marked = { attempt: attempt.id, question };
        await change.audit({
          action: "examination.mark",
          ...target,
          before: { ...marked, points: scores[question]?.points ?? null },
          after: { ...marked, points: body.points },
        });
        const { points: attemptPoints, waiting } = score;
        return { body: { ...body, attemptId: attempt.id, question, markedAt: now, attemptPoints, waiting } };
      }),
  });
}

async function answersTo(db: Db, ids: readonly string[], question: string) {
  if (ids.length === 0) return [];
  const [answers, files, marks] = await Promise.all([
    newestAnswers(db, ids, [question]),
    storedFiles(db, ids, question),
    db.selectFrom("exam_marks").selectAll().where("attempt_id", "in", ids).where("question", "=", question).execute(),
  ]);
  const ofAttempt = Map.groupBy(files, ({ attempt_id }) => attempt_id);
  return ids.map((attemptId) => {
    const mark = marks.find((each) => each.attempt_id === attemptId);
    const value = answers.find((each) => each.attempt_id === attemptId)?.value ?? null;
    return {
      attemptId,
      question,
      value: value as z.input<typeof answerValue>,
      files: namedFiles(ofAttempt.get(attemptId) ?? [], value),
      points: mark?.points ?? null,
      comment: mark?.comment ?? "",
    };
  });
}
