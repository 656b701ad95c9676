/** Serves the API routes of a student's book of mistakes: for the student, who practises them, and for staff who see the results. */
import { checkAnswer, gradeAnswer } from "@lectern/exam";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { findStudent } from "../../lessons/student-access.ts";
import { ownAccount } from "../../people/accounts/people-only.ts";
import { answerValue } from "../answer-shapes.ts";
import type { ExamContext } from "../exam-context.ts";
import { type WrongAnswerContent, wrongAnswerContents } from "./contents.ts";
import { isGradable, practised, storePractice } from "./practice.ts";
import {
  knownShape,
  practiceResponse,
  practisedShape,
  topicsShape,
  wrongAnswerId,
  wrongAnswerResponse,
  wrongAnswerShape,
} from "./shapes.ts";
import { WRONG_ANSWER_STATES, type WrongAnswer, wrongAnswers, wrongAnswerTopics } from "./wrong-answers.ts";

const TAG = "WrongAnswers";
const READ = requires("people:read", ...STAFF, "student");
const PRACTISE = requires("lessons:read", "student");
const MAX_MISTAKES = 100;

export function wrongAnswerRoutes(context: ExamContext): ApiRoute[] {
  return [listRoute(context), topicsRoute(context), practiseRoute(context), knownRoute(context)];
}

function listRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listWrongAnswers",
    method: "GET",
    path: "/reports/students/:userId/wrong-answers",
    tag: TAG,
    summary: "List what a student got wrong in examinations and quizzes, the newest first; teachers get that of their own courses",
    access: READ,
    rights: ["+++0+0--", "+00000--"],
    reads: "results",
    params: idParam("userId"),
    query: z.strictObject({
      ...paging,
      state: z.enum(WRONG_ANSWER_STATES).default("open").describe("open: to be practised. known: what the student knows by now."),
      topic: z.string().max(100).optional().describe("What the question tests."),
    }),
    status: 200,
    answer: pageOf(wrongAnswerShape),
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, params, query: { state, topic, cursor, ...query } }) => {
      const student = await findStudent(db, actor, params.userId);
      const limit = Math.min(query.limit, MAX_MISTAKES);
      const after = cursor === undefined ? null : parseCursor(cursor);
      const rows = await wrongAnswers(db, student, actor, { state, topic, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const contents = await wrongAnswerContents(db, student, page);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        body: {
          items: page.flatMap((wrong) => {
            const content = contents.get(wrong.id);
            return content ? [wrongAnswerResponse(wrong, content)] : [];
          }),
          nextCursor: last ? `${last.at}.${last.id}` : null,
        },
      };
    },
  });
}

function topicsRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "countWrongAnswers",
    method: "GET",
    path: "/reports/students/:userId/wrong-answers/topics",
    tag: TAG,
    summary: "Count a student's mistakes by what the questions test",
    access: READ,
    rights: ["+++0+0--", "+00000--"],
    reads: "results",
    params: idParam("userId"),
    status: 200,
    answer: topicsShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const student = await findStudent(db, actor, params.userId);
      const { topics, ...counts } = await wrongAnswerTopics(db, student, actor);
      return { body: { ...counts, topics: [...topics] } };
    },
  });
}

function practiseRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "practiseWrongAnswer",
    method: "POST",
    path: "/me/wrong-answers/:wrongAnswerId/practice",
    tag: TAG,
    summary: "Answer the question of an own mistake again; after two right answers in a row it is known",
    access: PRACTISE,
    // The wrong answer is nobody's.
    rights: ["-----0--", null],
    params: z.strictObject({ wrongAnswerId }),
    body: z.strictObject({ value: answerValue }),
    status: 200,
    answer: practisedShape,
    refusals: ["not-found", "bad-request", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async ({ trx }) => {
        const { student, wrong, content } = await ownWrongAnswer(trx, actor, params.wrongAnswerId);
        const { authored } = content;
        if (!isGradable(authored)) throw new RefusalError("conflict", examText("answer-not-gradable"));
        if (!checkAnswer(authored.question, body.value)) throw new RefusalError("bad-request", examText("answer-does-not-fit"));
        const score = gradeAnswer(authored.question, authored.solution, body.value);
        const practice = practised({ rights: wrong.rights ?? 0 }, score, new Date(systemClock.utc()));
        await storePractice(trx, student, wrong, practice);
        return { body: { score, practice: practiceResponse(practice) } };
      }),
  });
}

function knownRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "markWrongAnswer",
    method: "PUT",
    path: "/me/wrong-answers/:wrongAnswerId/known",
    tag: TAG,
    summary: "Mark an own mistake as known, or take the mark away",
    access: PRACTISE,
    // The wrong answer is nobody's.
    rights: ["-----0--", null],
    params: z.strictObject({ wrongAnswerId }),
    body: z.strictObject({ known: z.boolean() }),
    status: 200,
    answer: knownShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params, body: { known } }) =>
      changes.transact({ actor }, async ({ trx }) => {
        const { student, wrong } = await ownWrongAnswer(trx, actor, params.wrongAnswerId);
        const { practised_at, rights } = wrong;
        const known_at = known ? (wrong.known_at ?? new Date(systemClock.utc())) : null;
        const practice = { rights: known ? (rights ?? 0) : 0, practised_at, known_at };
        await storePractice(trx, student, wrong, practice);
        return { body: practiceResponse(practice) };
      }),
  });
}

type OwnWrongAnswer = { readonly student: User; readonly wrong: WrongAnswer; readonly content: WrongAnswerContent };

/** @throws RefusalError not-found, refused-by-rule */
async function ownWrongAnswer(db: Db, actor: Actor, id: string): Promise<OwnWrongAnswer> {
  const student = await ownAccount(db, actor, examText("people-only-exams"));
  const [wrong] = await wrongAnswers(db, student, actor, { state: "all", id, after: null, limit: 1 });
  const content = wrong && (await wrongAnswerContents(db, student, [wrong])).get(wrong.id);
  if (!content) throw new RefusalError("not-found", examText("no-wrong-answer"));
  return { student, wrong, content };
}

function parseCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [, at = "", id = ""] = /^(\d{1,15})\.([\w.-]{1,90})$/.exec(cursor) ?? [];
  if (at === "") throw new RefusalError("bad-request");
  return { at: Number(at), id };
}
