/** Writes an answer, and what is right, as lines of text: for results, for markers, for lists. */
import type { AnswerValue, Option, Question, Solution } from "@lectern/exam";
import { gapParts } from "./gap-parts.ts";

type AnswerWords = { readonly yes: string; readonly no: string };

/** Empty: there is no answer. @param words of true and false */
export function answerLines(question: Question, value: AnswerValue, words: AnswerWords): readonly string[] {
  if (value === null) return [];
  switch (question.kind) {
    case "boolean":
      return typeof value === "boolean" ? [value ? words.yes : words.no] : [];
    case "single":
      return typeof value === "string" ? [textOf(question.options, value)] : [];
    case "multiple":
      return isList(value) ? question.options.filter(({ id }) => value.includes(id)).map(({ text }) => text) : [];
    case "ordering":
      return isList(value) ? value.map((id, at) => `${at + 1}. ${textOf(question.items, id)}`) : [];
    case "text":
      return typeof value === "string" ? [value] : [];
    case "gaps": {
      const typed = byKey(value);
      return question.gaps.map(({ id, unit }, at) => `${at + 1}. ${typed[id] ?? "…"}${unit ? ` ${unit}` : ""}`);
    }
    case "matching": {
      const chosen = byKey(value);
      return question.left.flatMap(({ id, text }) =>
        chosen[id] === undefined ? [] : [`${text} → ${textOf(question.right, chosen[id])}`],
      );
    }
    case "essay":
    case "speaking":
      return "typed" in byKey(value) ? [byKey(value)["typed"] ?? ""] : [];
  }
}

/** What is right; empty: a person decides. */
export function solutionLines(question: Question, solution: Solution, words: AnswerWords): readonly string[] {
  switch (solution.kind) {
    case "single":
    case "boolean":
    case "multiple":
      return answerLines(question, solution.right, words);
    case "ordering":
      return answerLines(question, solution.order, words);
    case "matching":
      return answerLines(question, solution.pairs, words);
    case "text":
      return solution.accepted.texts.length > 0 ? [solution.accepted.texts.join(" / ")] : [];
    case "gaps":
      if (question.kind !== "gaps") return [];
      return question.gaps.map(({ id }, at) => {
        const accepted = solution.accepted[id];
        if (accepted === undefined) return `${at + 1}. …`;
        if ("texts" in accepted) return `${at + 1}. ${accepted.texts.join(" / ")}`;
        const { value, tolerance, unit } = accepted;
        return `${at + 1}. ${value}${tolerance > 0 ? ` ± ${tolerance}` : ""}${unit ? ` ${unit}` : ""}`;
      });
    case "essay":
    case "speaking":
      return [];
  }
}

/** The text of a question in a line: gaps are lines. */
export function questionLine(question: Question): string {
  if (question.kind !== "gaps") return question.text;
  return gapParts(question)
    .map((part) => (part.kind === "words" ? part.text : "____"))
    .join("");
}

function textOf(options: readonly Option[], id: string): string {
  return options.find((option) => option.id === id)?.text ?? id;
}

function isList(value: AnswerValue): value is readonly string[] {
  return Array.isArray(value);
}

function byKey(value: AnswerValue): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || isList(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
