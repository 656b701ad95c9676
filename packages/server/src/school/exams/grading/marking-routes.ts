/** Serves the API routes by which people mark answers: what waits, question by question and without names, and the points they give. */
import type { AuthoredPaper, QuestionScore } from "@lectern/exam";
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { paging } from "../../foundation/requests/paging.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { answerValue } from "../answer-shapes.ts";
import { findAttempt, newestAnswers } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { namedFiles, storedFiles } from "../files/file-rows.ts";
import { authoredQuestion, type FrozenPapers, readFrozenPaper } from "./frozen-papers.ts";
import { emitGraded } from "./grading-events.ts";
import { answersBy, marksBy, storeScores } from "./grading-work.ts";
import { markBody, markingShape, markShape } from "./shapes.ts";
import { standingsDue } from "./standings-due.ts";

const TAG = "Marking";

export function markingRoutes(context: ExamContext, papers: FrozenPapers): ApiRoute[] {
  return [listMarkingRoute(context), putMarkRoute(context, papers)];
}

function listMarkingRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listExamMarking",
    method: "GET",
    path: "/examinations/:examinationId/marking",
    tag: TAG,
    summary: "List what people have to mark, and the answers to one question without names",
    access: READ_EXAMS,
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
      const paper = await readFrozenPaper(db, exam.id);
      const questions = await countMarking(db, exam, paper);
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
    path: "/examinations/:examinationId/attempts/:attemptId/marks/:question",
    tag: TAG,
    summary: "Give points for an answer, in place of those that it has",
    access: WRITE_EXAMS,
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
        if (attempt.regrade_id) throw new RefusalError("conflict", examText("regrade-runs"));
        if (attempt.erased_at) throw new RefusalError("conflict", examText("erased"));
        if (!attempt.handed_in_at) throw new RefusalError("conflict", examText("not-handed-in"));
        const ids = [attempt.id];
        const grade = await papers.graderOf(trx, exam.id);
        const answers = (await answersBy(trx, ids)).get(attempt.id) ?? {};
        // It may be handed in, and not graded yet.
        const scores = attempt.questions ?? grade(attempt.seed, answers).questions;
        checkMark(scores, question, body.points);
        const now = new Date();
        const mark = {
          marker_id: actor.kind === "user" ? actor.id : null,
          points: body.points,
          comment: body.comment,
          marked_at: now,
        };
        await trx
          .insertInto("exam_marks")
          .values({ attempt_id: attempt.id, question, ...mark })
          .onConflict((conflict) => conflict.columns(["attempt_id", "question"]).doUpdateSet(mark))
          .execute();
        const score = grade(attempt.seed, answers, (await marksBy(trx, ids)).get(attempt.id) ?? {});
        await storeScores(trx, [{ id: attempt.id, score }], now);
        await emitGraded(change, [{ attempt, score }]);
        await standingsDue(change, exam.id, now);
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

/** @throws RefusalError not-found, bad-request */
function checkMark(questions: Readonly<Record<string, QuestionScore>>, question: string, points: number): void {
  const score = Object.hasOwn(questions, question) ? questions[question] : undefined;
  if (!score) throw new RefusalError("not-found", examText("not-asked"));
  if (points > score.of) throw new RefusalError("bad-request", examText("too-many-points", { max: score.of }));
  if (!Number.isInteger(points * 2)) throw new RefusalError("bad-request", examText("half-points"));
}

/** Those that people mark by their kind, and those that somebody has marked. */
async function countMarking(db: Db, exam: Exam, paper: AuthoredPaper) {
  const { rows } = await sql<{ question: string; waiting: number; marked: number }>`
    select q.key as question, count(*) filter (where q.value ->> 'by' = 'waits')::int as waiting,
      count(*) filter (where q.value ->> 'by' = 'person')::int as marked
    from exam_attempts, jsonb_each(questions) q
    where exam_id = ${exam.id} and questions is not null and q.value ->> 'by' <> 'rules' group by q.key`.execute(db);
  const counts = new Map(rows.map((row) => [row.question, row]));
  return paper.sections.flatMap(({ questions }) =>
    questions.flatMap(({ question, solution }) => {
      const count = counts.get(question.id);
      const isOfPeople =
        solution.kind === "essay" ||
        solution.kind === "speaking" ||
        (solution.kind === "text" && solution.accepted.texts.length === 0);
      if (!isOfPeople && !count) return [];
      const rubric = "rubric" in solution ? solution.rubric : "";
      const { waiting = 0, marked = 0 } = count ?? {};
      return [{ question: question.id, text: question.text, of: question.points, rubric, waiting, marked }];
    }),
  );
}

async function answersTo(db: Db, ids: readonly string[], question: string) {
  if (ids.length === 0) return [];
  const [answers, files, marks] = await Promise.all([
    newestAnswers(db, ids, question),
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
