/** Provides questions of quizzes: their types, which answers fit them, and which are right. */
import { type Choice, CORRECT_ANSWER, foldText, isWithin, QUESTION_FIELDS, QUIZ_SECONDS, type QuizType } from "@lectern/room";
import type { Message } from "../../../platform/messages/message.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import type { CorrectAnswer } from "../../foundation/store/quiz-tables.ts";
import { fieldSchema } from "../field-schemas.ts";

export type Question = {
  readonly type: QuizType;
  readonly text: string;
  readonly options: readonly string[];
  readonly correct: CorrectAnswer | null;
  readonly explanation: string | null;
};

const { type, text, options, explanation } = QUESTION_FIELDS;
/** Fields of a question in a request. What they mean together is `checkQuestion`'s. */
export const questionFields = {
  type: fieldSchema(type),
  text: fieldSchema(text),
  options: fieldSchema(options).describe("Of single and multiple choice: 2 to 20."),
  correct: fieldSchema(CORRECT_ANSWER)
    .describe(
      "single, multiple: the places of the right options, from 0. boolean: true or false. number: a number, or {value, tolerance}. text: a text, or several that are right.",
    )
    .nullish()
    .describe("Default: no answer is right or wrong, as in a poll."),
  explanation: fieldSchema(explanation).describe("Shown with the right answer."),
};
export const timeLimit = fieldSchema(QUIZ_SECONDS);

export type QuestionDraft = {
  readonly type: QuizType;
  readonly text: string;
  readonly options?: readonly string[] | undefined;
  readonly correct?: CorrectAnswer | number | string | null | undefined;
  readonly explanation?: string | null | undefined;
};

/** The question, or what is wrong with it. */
export function checkQuestion(asked: QuestionDraft): Question | Message {
  const { type, text, options = [], explanation = null } = asked;
  const hasOptions = type === "single" || type === "multiple";
  if (hasOptions && options.length < 2) return quizText("too-few-options");
  if (hasOptions && new Set(options).size < options.length) return quizText("same-options");
  if (!hasOptions && options.length > 0) return quizText("options-not-taken");
  const question = { type, text, options, explanation, correct: null };
  const { correct = null } = asked;
  if (correct === null) return question;
  const stored = correctOf(question, correct);
  return stored === null ? quizText("correct-does-not-fit") : { ...question, correct: stored };
}

function correctOf({ type, options }: Question, correct: NonNullable<QuestionDraft["correct"]>): CorrectAnswer | null {
  switch (type) {
    case "single":
    case "multiple": {
      const places = isOptionIndexes(correct) ? sortedIndexes(correct) : null;
      if (places === null || (places.at(-1) ?? 0) >= options.length) return null;
      return type === "single" && places.length !== 1 ? null : places;
    }
    case "boolean":
      return typeof correct === "boolean" ? correct : null;
    case "number":
      if (typeof correct === "number") return { value: correct, tolerance: 0 };
      return typeof correct === "object" && "value" in correct ? correct : null;
    case "text":
      if (typeof correct === "string") return [correct];
      return isTexts(correct) ? correct : null;
  }
}

/** An answer as it is stored; null: it does not fit the question. */
export function readChoice({ type, options }: Pick<Question, "type" | "options">, choice: Choice): Choice | null {
  switch (type) {
    case "single":
    case "multiple": {
      if (!isOptionIndexes(choice)) return null;
      const places = sortedIndexes(choice);
      if (places.length === 0 || (places.at(-1) ?? 0) >= options.length) return null;
      return type === "single" && places.length !== 1 ? null : places;
    }
    case "boolean":
      return typeof choice === "boolean" ? choice : null;
    case "number":
      // There is one zero.
      return typeof choice === "number" && Number.isFinite(choice) ? choice + 0 : null;
    case "text":
      return typeof choice === "string" ? choice : null;
  }
}

/** Whether an answer that fits the question is right; null: the question has no right answer. */
export function isRight({ type, correct }: Pick<Question, "type" | "correct">, choice: Choice): boolean | null {
  if (correct === null) return null;
  if (typeof correct === "boolean") return choice === correct;
  if (type === "text")
    return typeof choice === "string" && isTexts(correct) && correct.some((one) => foldText(one) === foldText(choice));
  if (isOptionIndexes(correct)) return isOptionIndexes(choice) && choice.join() === correct.join();
  if (!("value" in correct)) return false;
  return typeof choice === "number" && isWithin(choice, correct.value, correct.tolerance);
}

export function isOptionIndexes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function sortedIndexes(places: readonly number[]): readonly number[] {
  return [...new Set(places)].sort((a, b) => a - b);
}
