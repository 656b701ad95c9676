/** Defines what the API returns about quizzes and the answers to them. */

import { QUIZ_TYPES } from "@lectern/room";
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import { isOpen } from "./answer-domain.ts";
import type { Tally } from "./tally.ts";

const oneChoice = z.union([z.number(), z.boolean(), z.string()]);
const choice = z
  .union([z.array(z.int()), oneChoice])
  .describe("single, multiple: the places of options, from 0. Else true or false, a number, or a text.");

export const correctAnswer = z
  .union([z.array(z.int()), z.boolean(), z.object({ value: z.number(), tolerance: z.number() }), z.array(z.string())])
  .nullable()
  .describe("Null: no answer is right or wrong.");

const tallyShape = z.object({
  answered: z.int().describe("People who have answered."),
  correct: z.int().nullable().describe("Of these, how many are right; null: no answer is right or wrong."),
  counts: z
    .array(z.object({ choice: oneChoice, count: z.int() }))
    .describe("By the place of an option, by true and false, or the 20 numbers or texts that were given most often."),
  others: z.int().describe("Answers that are none of `counts`."),
});

export const quizShape = z
  .object({
    id,
    lessonId: id,
    type: z.enum(QUIZ_TYPES),
    text: z.string(),
    options: z.array(z.string()),
    correct: correctAnswer,
    explanation: z.string().nullable(),
    anonymous: z.boolean(),
    state: z.enum(["open", "closed", "revealed"]),
    openedAt: time,
    closesAt: time.nullable(),
    closedAt: time.nullable(),
    revealedAt: time.nullable(),
    results: tallyShape,
  })
  .meta({ id: "Quiz" });

export const answerShape = z
  .object({
    participantId: id,
    userId: id.nullable(),
    name: z.string(),
    role: z.string(),
    choice: choice.nullable().describe("Null: the text was erased with the person's name."),
    isCorrect: z.boolean().nullable(),
    answeredAt: time,
  })
  .meta({ id: "QuizAnswer" });

export function quizResponse(quiz: Quiz, tally: Tally, now: number) {
  const { id: quizId, type, text, options, correct, explanation, anonymous, state } = quiz;
  return {
    id: quizId,
    lessonId: quiz.lesson_id,
    type,
    text,
    options: [...options],
    correct: mutable(correct),
    explanation,
    anonymous,
    state: state === "open" && !isOpen(quiz, now) ? ("closed" as const) : state,
    openedAt: quiz.opened_at,
    closesAt: quiz.closes_at,
    closedAt: quiz.closed_at,
    revealedAt: quiz.revealed_at,
    results: mutableResult(tally),
  };
}

function mutableResult(tally: Tally) {
  const { counts, ...result } = tally.result();
  return { ...result, counts: [...counts] };
}

/** Zod's types have arrays that can change. */
export function mutable(correct: Quiz["correct"]): z.input<typeof correctAnswer> {
  return structuredClone(correct) as z.input<typeof correctAnswer>;
}
