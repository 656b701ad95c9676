/**
 * Converts between questions of the quiz bank and questions of papers. The bank has five types; a paper's `gaps` of one number is the bank's `number`.
 * What the other side cannot say is named: it is not lost in silence.
 */
import type { QuizType } from "@lectern/room";
import { LIMITS } from "./limits.ts";
import { optionsOf } from "./option-ids.ts";
import type { AuthoredQuestion } from "./question.ts";

/** The fields of a bank question that a paper takes; its tags become what the question tests. */
export type BankQuestion = {
  readonly type: QuizType;
  readonly text: string;
  readonly options: readonly string[];
  readonly correct: readonly number[] | boolean | { readonly value: number; readonly tolerance: number } | readonly string[] | null;
  readonly explanation: string | null;
  readonly tags: readonly string[];
};
/** Why a question is not converted. */
export type ConversionProblem =
  /** A poll has no right answer. */
  | "no-right-answer"
  /** The bank has no such kind. */
  | "kind-not-in-bank"
  /** The text is longer than the bank's, or the bank does not take it as its own. */
  | "too-long-for-bank";

/** The gap that is all of a `number`. */
const NUMBER_GAP = "1";
const MAX_BANK_TEXT = 1000;
const MAX_BANK_OPTION = 200;
const MAX_BANK_EXPLANATION = 2000;

/** @param id of the new question @param points of each question of the bank: it has none */
export function questionOfBank(item: BankQuestion, id: string, points = 1): AuthoredQuestion | ConversionProblem {
  const { type, text, correct } = item;
  const knowledge = item.tags.slice(0, LIMITS.knowledge);
  const base = { id, points, text, ...(knowledge.length > 0 ? { knowledge } : null) };
  const rest = item.explanation === null ? null : { explanation: item.explanation };
  if (type === "boolean" && typeof correct === "boolean")
    return { question: { ...base, kind: "boolean" }, solution: { kind: "boolean", right: correct }, ...rest };
  if (typeof correct !== "object" || correct === null) return "no-right-answer";
  if (type === "number" && "value" in correct)
    return {
      question: { ...base, kind: "gaps", text: `${text} {{${NUMBER_GAP}}}`, gaps: [{ id: NUMBER_GAP, form: "number" }] },
      solution: { kind: "gaps", accepted: { [NUMBER_GAP]: correct }, scoring: "all" },
      ...rest,
    };
  if ("value" in correct) return "no-right-answer";
  if (type === "text") {
    const texts = correct.filter((each) => typeof each === "string");
    return { question: { ...base, kind: "text" }, solution: { kind: "text", accepted: { texts } }, ...rest };
  }
  const options = optionsOf(item.options);
  const right = correct.flatMap((place) => (typeof place === "number" ? (options[place]?.id ?? []) : []));
  const [first] = right;
  if (first === undefined) return "no-right-answer";
  if (type === "single")
    return { question: { ...base, kind: "single", options }, solution: { kind: "single", right: first }, ...rest };
  return { question: { ...base, kind: "multiple", options }, solution: { kind: "multiple", right, scoring: "all" }, ...rest };
}

export function bankQuestionOf(authored: AuthoredQuestion): BankQuestion | ConversionProblem {
  const converted = convert(authored);
  if (typeof converted === "string") return converted;
  const { text, options, explanation, correct } = converted;
  const typed = Array.isArray(correct) ? correct.filter((each) => typeof each === "string") : [];
  const isTooLong =
    text.length > MAX_BANK_TEXT ||
    (explanation?.length ?? 0) > MAX_BANK_EXPLANATION ||
    [...options, ...typed].some((option) => option.length > MAX_BANK_OPTION);
  return isTooLong ? "too-long-for-bank" : converted;
}

function convert({ question, solution, ...authored }: AuthoredQuestion): BankQuestion | ConversionProblem {
  const explanation = authored.explanation ?? null;
  const base = { text: question.text, options: [], explanation, tags: question.knowledge ?? [] };
  switch (solution.kind) {
    case "boolean":
      return { ...base, type: "boolean", correct: solution.right };
    case "text":
      // The bank folds case always.
      if (solution.accepted.isCaseSensitive) return "kind-not-in-bank";
      return solution.accepted.texts.length === 0 ? "no-right-answer" : { ...base, type: "text", correct: solution.accepted.texts };
    case "single":
    case "multiple": {
      const options = "options" in question ? question.options : [];
      const right = [solution.right].flat().map((id) => options.findIndex((option) => option.id === id));
      return { ...base, type: solution.kind, options: options.map(({ text }) => text), correct: right.sort((a, b) => a - b) };
    }
    case "gaps": {
      const [only, ...others] = Object.entries(solution.accepted);
      if (!only || others.length > 0) return "kind-not-in-bank";
      const [gap, accepted] = only;
      const mark = `{{${gap}}}`;
      // A gap in the middle of a sentence is no question with a number under it.
      if (!question.text.trimEnd().endsWith(mark) || !("value" in accepted) || accepted.unit !== undefined)
        return "kind-not-in-bank";
      const text = question.text.trimEnd().slice(0, -mark.length).trimEnd();
      return text === ""
        ? "kind-not-in-bank"
        : { ...base, text, type: "number", correct: { value: accepted.value, tolerance: accepted.tolerance } };
    }
    default:
      return "kind-not-in-bank";
  }
}
