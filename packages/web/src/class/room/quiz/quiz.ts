/** A quiz as a page shows it, read from its entry. */
import { type Body, isBody, listOf, numberOf, textOf, type WireEntry } from "../../../room/wire.ts";

export const QUIZ_TYPES = ["single", "multiple", "boolean", "number", "text"] as const;
type QuizType = (typeof QUIZ_TYPES)[number];
/** Places of options, from 0; true or false; a number; a text. */
export type Choice = readonly number[] | boolean | number | string;

export type Quiz = {
  readonly ref: string;
  readonly type: QuizType;
  readonly text: string;
  readonly options: readonly string[];
  readonly state: "open" | "closed" | "revealed";
  /** Milliseconds since 1970; null: until the teacher closes it. */
  readonly closesAt: number | null;
  readonly isAnonymous: boolean;
  readonly correct: unknown;
  readonly explanation: string | null;
  /** Null until it is revealed. */
  readonly results: Results | null;
};

export type Results = {
  readonly answered: number;
  readonly counts: readonly { readonly choice: unknown; readonly count: number }[];
};

/** Null: this page does not know such a quiz. */
export function quizOf({ body }: WireEntry): Quiz | null {
  const ref = textOf(body, "ref");
  const type = QUIZ_TYPES.find((one) => one === body["type"]);
  if (ref === null || !type) return null;
  const state = body["state"];
  return {
    ref,
    type,
    text: textOf(body, "text") ?? "",
    options: listOf(body["options"]).map(String),
    state: state === "closed" || state === "revealed" ? state : "open",
    closesAt: numberOf(body, "closesAt"),
    isAnonymous: body["anonymous"] === true,
    correct: body["correct"],
    explanation: textOf(body, "explanation"),
    results: resultsOf(body["results"]),
  };
}

function resultsOf(value: unknown): Results | null {
  if (!isBody(value)) return null;
  const counts = listOf(value["counts"]).flatMap((item) =>
    isBody(item) ? [{ choice: item["choice"], count: numberOf(item, "count") ?? 0 }] : [],
  );
  return { answered: numberOf(value, "answered") ?? 0, counts };
}

/** A choice that was stored or sent; null: it is none. */
export function choiceOf(value: unknown): Choice | null {
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return Array.isArray(value) && value.every((place) => typeof place === "number") ? value : null;
}

/** Whether a choice, or one of the counted answers, is right; null: the quiz does not say. */
export function isRight({ type, correct }: Pick<Quiz, "type" | "correct">, choice: unknown): boolean | null {
  if (correct === null || correct === undefined) return null;
  if (type === "boolean") return choice === correct;
  if (type === "number") {
    const wanted: Body = isBody(correct) ? correct : { value: correct };
    const [value, tolerance] = [numberOf(wanted, "value"), numberOf(wanted, "tolerance") ?? 0];
    return value !== null && typeof choice === "number" && Math.abs(choice - value) <= tolerance + 1e-9;
  }
  if (type === "text") {
    const fold = (text: unknown) => String(text).normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
    return [correct].flat().some((one) => fold(one) === fold(choice));
  }
  return listOf(correct).includes(choice);
}

/** An answer in the words of the quiz. @param t the texts `yes` and `no` */
export function answerText({ type, options }: Quiz, choice: Choice, t: (key: "yes" | "no") => string): string {
  if (typeof choice === "boolean") return t(choice ? "yes" : "no");
  const places: readonly unknown[] = Array.isArray(choice) ? choice : [choice];
  const isPlace = type === "single" || type === "multiple";
  return places.map((one) => (isPlace && typeof one === "number" ? (options[one] ?? "") : String(one))).join(", ");
}
