/** Provides a question of the bank while it is edited: texts that the form of a list holds, and the fields of the API that they stand for. */
import type { QuizBankItem } from "@lectern/client";
import { MAX_OPTIONS, type QuizType } from "@lectern/room";
import type { Values } from "../list/fields-form.tsx";

const FIRST_OPTIONS = 4;
const MIN_SECONDS = 5;
/** A day. */
const MAX_SECONDS = 86_400;
const SHORT_LETTERS = 60;
const TRUE = "true";
const FALSE = "false";

type OptionValues = { readonly id: number; readonly text: string; readonly isCorrect: boolean };

/** As it is typed. The answers of other types stay while the person looks for the type. */
export type QuestionValues = {
  readonly type: QuizType;
  readonly text: string;
  readonly options: readonly OptionValues[];
  /** Of true or false: `true`, `false`; empty: none is correct. */
  readonly truth: string;
  readonly number: string;
  readonly tolerance: string;
  /** Correct texts, one in a line. */
  readonly texts: string;
};

type QuestionBody = Pick<QuizBankItem, "type" | "text" | "options" | "correct">;
type ItemBody = QuestionBody & Pick<QuizBankItem, "explanation" | "seconds" | "anonymous" | "tags" | "courseId">;

/** @param item null for a new question */
export function questionText(item: QuestionBody | null): string {
  const { type = "single", text = "", options = [], correct = null } = item ?? {};
  const values: QuestionValues = {
    type,
    text,
    truth: typeof correct === "boolean" ? String(correct) : "",
    number: "",
    tolerance: "",
    options:
      options.length > 0
        ? options.map((option, id) => ({ id, text: option, isCorrect: isOptionIndexes(correct) && correct.includes(id) }))
        : Array.from({ length: FIRST_OPTIONS }, (_, id) => ({ id, text: "", isCorrect: false })),
    texts: isTexts(correct) ? correct.join("\n") : "",
    ...(isNumber(correct) ? { number: String(correct.value), tolerance: correct.tolerance ? String(correct.tolerance) : "" } : {}),
  };
  return textOf(values);
}

export function textOf(values: QuestionValues): string {
  return JSON.stringify(values);
}

export function valuesOf(text: string): QuestionValues {
  return JSON.parse(text);
}

/** Of another type. A single choice has at most one correct option. */
export function withType(values: QuestionValues, type: QuizType): QuestionValues {
  const first = values.options.find(({ isCorrect }) => isCorrect)?.id;
  const options = values.options.map((option) => ({ ...option, isCorrect: option.id === first }));
  return { ...values, type, ...(type === "single" ? { options } : {}) };
}

export function withOption(values: QuestionValues, changed: OptionValues): QuestionValues {
  const isOnlyCorrect = values.type === "single" && changed.isCorrect;
  const options = values.options.map((option) => {
    if (option.id === changed.id) return changed;
    return isOnlyCorrect ? { ...option, isCorrect: false } : option;
  });
  return { ...values, options };
}

/** With one more option, which is empty. */
export function withAnotherOption(values: QuestionValues): QuestionValues {
  if (values.options.length >= MAX_OPTIONS) return values;
  const id = Math.max(-1, ...values.options.map((option) => option.id)) + 1;
  return { ...values, options: [...values.options, { id, text: "", isCorrect: false }] };
}

export function hasOptions(type: QuizType): boolean {
  return type === "single" || type === "multiple";
}

/** The letter of an option: A is the first. */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

/**
 * A number as a person types it, with a decimal point or comma, of full or normal width.
 * @returns null: nothing is typed; NaN: it is no number, or its comma may stand between thousands
 */
function readNumber(typed: string): number | null {
  const text = typed.normalize("NFKC").replaceAll("−", "-").trim();
  if (text === "") return null;
  const isNumeral = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text) && !/,\d{3}$/.test(text);
  const value = isNumeral ? Number(text.replace(",", ".")) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** What cannot be sent, as a key of the messages; the API says in words what else is wrong. */
export function questionError({ question = "", seconds = "" }: Values): "wrongNumber" | "wrongSeconds" | null {
  const { type, number, tolerance } = valuesOf(question);
  if (type === "number" && [readNumber(number), readNumber(tolerance)].some(Number.isNaN)) return "wrongNumber";
  const isTimeLimit = Number.isInteger(Number(seconds)) && Number(seconds) >= MIN_SECONDS && Number(seconds) <= MAX_SECONDS;
  return seconds === "" || isTimeLimit ? null : "wrongSeconds";
}

/** What the API takes of the form's values. */
export function itemBody(values: Values): ItemBody {
  const { question = "", explanation = "", seconds = "", anonymous, tags = "", course = "" } = values;
  return {
    ...questionBody(valuesOf(question)),
    explanation: explanation.trim() || null,
    seconds: seconds === "" ? null : Number(seconds),
    anonymous: isYes(anonymous),
    tags: readTags(tags),
    courseId: course || null,
  };
}

function questionBody(values: QuestionValues): QuestionBody {
  const { type, text } = values;
  const written = hasOptions(type) ? values.options.filter((option) => option.text.trim() !== "") : [];
  return { type, text, options: written.map((option) => option.text.trim()), correct: correctOf(values, written) };
}

function correctOf(values: QuestionValues, options: readonly OptionValues[]): QuizBankItem["correct"] {
  switch (values.type) {
    case "single":
    case "multiple": {
      const places = options.flatMap(({ isCorrect }, place) => (isCorrect ? [place] : []));
      return places.length > 0 ? places : null;
    }
    case "boolean":
      return values.truth === "" ? null : values.truth === TRUE;
    case "number": {
      const value = readNumber(values.number);
      return value === null ? null : { value, tolerance: readNumber(values.tolerance) ?? 0 };
    }
    case "text": {
      const texts = values.texts.split("\n").flatMap((line) => line.trim() || []);
      return texts.length > 0 ? texts : null;
    }
  }
}

/** A checkbox as a text of the form. */
export function yesText(isChecked: boolean): string {
  return isChecked ? TRUE : FALSE;
}

export function isYes(text: string | undefined): boolean {
  return text === TRUE;
}

export function tagsText(tags: readonly string[]): string {
  return JSON.stringify(tags);
}

export function readTags(text: string): string[] {
  return text === "" ? [] : JSON.parse(text);
}

/** Tags after the person has entered some, maybe with commas between. Those that were there stay as they are. */
export function enteredTags(entered: readonly string[], before: readonly string[]): string[] {
  const tags = entered.flatMap((one) => (before.includes(one) ? one : one.split(/[,，、]/).map((tag) => tag.trim())));
  return [...new Set(tags)].filter((tag) => tag !== "");
}

/** The beginning of a question, which names it in messages and for screen readers. */
export function shortText({ text }: Pick<QuizBankItem, "text">): string {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length <= SHORT_LETTERS ? letters.join("") : `${letters.slice(0, SHORT_LETTERS).join("").trim()}…`;
}

export function isOptionIndexes(correct: QuizBankItem["correct"]): correct is number[] {
  return Array.isArray(correct) && correct.every((one) => typeof one === "number");
}

function isTexts(correct: QuizBankItem["correct"]): correct is string[] {
  return Array.isArray(correct) && correct.every((one) => typeof one === "string");
}

function isNumber(correct: QuizBankItem["correct"]): correct is { value: number; tolerance: number } {
  return typeof correct === "object" && correct !== null && "value" in correct;
}

/** The correct answers that are no options, as they are shown. @param words of true and false */
export function correctTexts(correct: QuizBankItem["correct"], words: (isTrue: boolean) => string): readonly string[] {
  if (typeof correct === "boolean") return [words(correct)];
  if (isTexts(correct)) return [...new Set(correct)];
  if (!isNumber(correct)) return [];
  return [correct.tolerance > 0 ? `${correct.value} ± ${correct.tolerance}` : String(correct.value)];
}
