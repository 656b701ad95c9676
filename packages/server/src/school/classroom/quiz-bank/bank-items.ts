/** Finds questions of the bank, decides who changes them, and presents them in answers. Staff of the school see all of its questions. */

import { QUIZ_TYPES } from "@lectern/room";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { BankItem } from "../../foundation/store/quiz-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { checkTeachesCourse } from "../../people/courses/course.ts";
import { checkQuestion, type Question, type QuestionDraft, questionFields, timeLimit } from "../quiz/question.ts";
import { isQuestion } from "../quiz/quiz-domain.ts";
import { correctAnswer, mutable } from "../quiz/shapes.ts";

export const MAX_ITEMS = 10_000;
export const MAX_TAGS = 20;
export const tag = text(40);
const tags = z.array(tag).max(MAX_TAGS);
const seconds = timeLimit.nullish().describe("Time limit in seconds. Default: none.");
const courseId = id.nullish().describe("The course whose teachers use and change it. Default: all teachers of the school.");

export const newItem = z.strictObject({
  schoolId: id.optional(),
  courseId,
  ...questionFields,
  seconds,
  anonymous: z.boolean().default(false),
  tags: tags.default([]),
});
export const changedItem = z.strictObject({
  courseId,
  ...questionFields,
  type: questionFields.type.optional(),
  text: questionFields.text.optional(),
  seconds,
  anonymous: z.boolean().optional(),
  tags: tags.optional(),
});

export const itemShape = z
  .object({
    id,
    schoolId: id,
    courseId: id.nullable(),
    type: z.enum(QUIZ_TYPES),
    text: z.string(),
    options: z.array(z.string()),
    correct: correctAnswer,
    explanation: z.string().nullable(),
    seconds: z.int().nullable(),
    anonymous: z.boolean(),
    tags: z.array(z.string()),
    createdAt: time,
    version,
  })
  .meta({ id: "QuizBankItem" });

export function itemResponse(item: BankItem) {
  const { id: itemId, type, text: question, options, correct, explanation, seconds: limit, anonymous, tags: own } = item;
  return {
    id: itemId,
    schoolId: item.school_id,
    courseId: item.course_id,
    type,
    text: question,
    options: [...options],
    correct: mutable(correct),
    explanation,
    seconds: limit,
    anonymous,
    tags: [...own],
    createdAt: item.created_at,
    version: item.version,
  };
}

/**
 * The questions of a course are its teachers'; those of no course are all teachers'.
 * @param courseId of the question
 * @throws RefusalError not-found, where there is no such course; refused-by-rule
 */
export async function checkMayChange(db: Db, actor: Actor, schoolId: string, courseId: string | null): Promise<void> {
  await checkTeachesCourse(
    db,
    actor,
    { schoolId, courseId },
    { missing: quizText("no-bank-item"), notOwn: quizText("bank-of-course") },
  );
}

/** The columns of a question. @throws RefusalError bad-request */
export function questionColumns(asked: QuestionDraft) {
  const question = checkQuestion(asked);
  if (!isQuestion(question)) throw new RefusalError("bad-request", question);
  return columnsOf(question);
}

export function columnsOf({ type, text: question, options, correct, explanation }: Question) {
  return { type, text: question, options: json(options), correct: correct === null ? null : json(correct), explanation };
}
