/** Serves the API routes for quizzes of a lesson: what was asked, who answered what, and a table for spreadsheets. For those who assist in the lesson. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { readQuizTable } from "./quiz-export.ts";
import { countAnswers, findQuizzes } from "./quiz-rows.ts";
import { answerShape, quizResponse, quizShape } from "./shapes.ts";
import { Tally } from "./tally.ts";

const TAG = "Rooms";
const access = requires("rooms:read", ...STAFF);
const MAX_ROWS = 1000;

export function quizRoutes(context: RouteContext): ApiRoute[] {
  return [listQuizzesRoute(context), listAnswersRoute(context), exportQuizzesRoute(context)];
}

function listQuizzesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listQuizzes",
    method: "GET",
    path: "/lessons/:lessonId/quizzes",
    tag: TAG,
    summary: "List the quizzes of a lesson, with the counts of the answers",
    access,
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(quizShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const quizzes = await db
        .selectFrom("quizzes")
        .selectAll()
        .where("lesson_id", "=", lesson.id)
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const tallies = await countAnswers(db, quizzes);
      const now = systemClock.utc();
      return { body: toPage(quizzes, limit, (quiz) => quizResponse(quiz, tallies.get(quiz.id) ?? new Tally(quiz), now)) };
    },
  });
}

function listAnswersRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listQuizAnswers",
    method: "GET",
    path: "/lessons/:lessonId/quizzes/:quizId/results",
    tag: TAG,
    summary: "List who answered what to a quiz; of an anonymous quiz, nobody",
    access,
    rights: ["+++0+---", "+0000---"],
    reads: "results",
    params: z.strictObject({ lessonId: id, quizId: id }),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(answerShape).extend({ quiz: quizShape }),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const quiz = (await findQuizzes(db, lesson.id, [params.quizId])).get(params.quizId);
      if (!quiz) throw new RefusalError("not-found", quizText("no-quiz"));
      const tally = (await countAnswers(db, [quiz])).get(quiz.id) ?? new Tally(quiz);
      // The answers to an anonymous quiz belong to no participant; the join would find none, but this says it.
      const rows = quiz.anonymous
        ? []
        : await db
            .selectFrom("quiz_answers")
            .innerJoin("participants", "participants.id", "quiz_answers.participant_id")
            .select(["participants.id", "participants.user_id", "participants.name", "participants.role"])
            .select(["choice", "is_correct", "answered_at"])
            .where("quiz_id", "=", quiz.id)
            .where("participant_id", ">", cursor)
            .orderBy("participant_id")
            .limit(limit + 1)
            .execute();
      const page = toPage(rows, limit, ({ id: participantId, user_id: userId, name, role, choice, is_correct, answered_at }) => ({
        participantId,
        userId,
        name,
        role,
        isCorrect: is_correct,
        answeredAt: answered_at,
        choice: typeof choice === "object" && choice !== null ? [...choice] : choice,
      }));
      return { body: { ...page, quiz: quizResponse(quiz, tally, systemClock.utc()) } };
    },
  });
}

function exportQuizzesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportQuizzes",
    method: "GET",
    path: "/lessons/:lessonId/quizzes/export",
    tag: TAG,
    summary: "Export the answers of a lesson as CSV: a row for each person, a column for each quiz that is not anonymous",
    access,
    rights: ["+++0+---", "+0000---"],
    reads: "export",
    params: idParam("lessonId"),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(MAX_ROWS).describe("Rows."),
      cursor: id.optional().describe("The header Lectern-Next-Cursor of the page before."),
    }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const { columns, rows, next } = await readQuizTable(db, lesson.id, { after: cursor, limit });
      const headers = {
        "content-disposition": 'attachment; filename="quizzes.csv"',
        ...(next === null ? {} : { "lectern-next-cursor": next }),
      };
      return { body: writeCsv(columns, rows), headers };
    },
  });
}
