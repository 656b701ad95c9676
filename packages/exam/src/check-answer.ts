/** Checks the shape and the bounds of answers: of any value that was sent, and of an answer to a question. The server stores no other. */
import type { AnswerValue } from "./answer.ts";
import { isId, LIMITS } from "./limits.ts";
import type { Question } from "./question.ts";

/** Without a line of the paper: what no question takes. Ids are of options or gaps, or of uploads. */
export function isAnswerValue(value: unknown): value is AnswerValue {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return value.length <= LIMITS.typedLetters;
  if (Array.isArray(value)) return value.length <= LIMITS.maxOptions && value.every(isId);
  if (!isRecord(value)) return false;
  const entries = Object.entries(value);
  const [[key, only] = [], ...others] = entries;
  if (others.length === 0 && key === "uploads" && Array.isArray(only)) return only.length <= LIMITS.uploads && only.every(isId);
  if (others.length === 0 && key === "typed" && typeof only === "string") return only.length <= LIMITS.essayLetters;
  return (
    entries.length <= LIMITS.maxOptions &&
    entries.every(([id, text]) => isId(id) && typeof text === "string" && text.length <= LIMITS.typedLetters)
  );
}

/** Whether a value is an answer to this question; null is: the answer was taken back. */
export function checkAnswer(question: Question, value: unknown): value is AnswerValue {
  if (value === null) return true;
  switch (question.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "single":
      return typeof value === "string" && question.options.some(({ id }) => id === value);
    case "multiple":
      return isSelection(value, question.options);
    case "ordering":
      return isSelection(value, question.items);
    case "text":
      return isShortText(value);
    case "gaps":
      return isChoiceByKey(value, question.gaps, isShortText);
    case "matching":
      return isChoiceByKey(value, question.left, (chosen) => question.right.some(({ id }) => id === chosen));
    case "essay":
      return question.form === "photos"
        ? isUploads(value, LIMITS.uploads)
        : isRecord(value) && isOnly(value, "typed") && isTextUpTo(value["typed"], question.maxLetters ?? LIMITS.essayLetters);
    case "speaking":
      return isUploads(value, 1);
  }
}

type WithId = { readonly id: string };

/** Different ones of the options. */
function isSelection(value: unknown, options: readonly WithId[]): boolean {
  if (!Array.isArray(value) || value.length > options.length || new Set(value).size < value.length) return false;
  return value.every((id) => options.some((option) => option.id === id));
}

function isChoiceByKey(value: unknown, keys: readonly WithId[], isChoice: (value: unknown) => boolean): boolean {
  return isRecord(value) && Object.entries(value).every(([id, each]) => keys.some((key) => key.id === id) && isChoice(each));
}

function isUploads(value: unknown, max: number): boolean {
  const uploads = isRecord(value) && isOnly(value, "uploads") ? value["uploads"] : null;
  return Array.isArray(uploads) && uploads.length <= max && uploads.every(isId);
}

function isShortText(value: unknown): boolean {
  return isTextUpTo(value, LIMITS.typedLetters);
}

function isTextUpTo(value: unknown, max: number): boolean {
  return typeof value === "string" && value.length <= max;
}

function isOnly(value: object, key: string): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === key;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
