/** Quizzes: staff open, close and reveal them, members and guests answer. An answer makes no entry. */
import {
  anyOf,
  BOOLEAN,
  choice,
  declared,
  type FieldsOf,
  ID,
  integer,
  line,
  list,
  NUMBER,
  nullable,
  number,
  object,
  optional,
  STRING,
  TRUE,
  text,
} from "./fields.ts";
import { kind } from "./kind.ts";
import { type Body, isBody, listOf, numberOf, textOf, type WireEntry } from "./wire.ts";

export const QUIZ_TYPES = ["single", "multiple", "boolean", "number", "text"] as const;
export type QuizType = (typeof QUIZ_TYPES)[number];
export const QUIZ_STATES = ["open", "closed", "revealed"] as const;
export type QuizState = (typeof QUIZ_STATES)[number];

export const MAX_QUIZ_TEXT = 1000;
export const MAX_OPTIONS = 20;
/** Of an option, and of an answer that is a text. */
export const MAX_ANSWER_LETTERS = 200;
export const MAX_EXPLANATION = 2000;
const MIN_SECONDS = 5;
/** A day. */
const MAX_SECONDS = 86_400;
/** Numbers that were typed and numbers that were computed differ by this much: 0.1 + 0.2 is 0.3. */
const ROUNDING = 1e-9;

/** Places of options, from 0; true or false; a number; a text. */
export type Choice = readonly number[] | boolean | number | string;

/**
 * single, multiple: the places of the right options, from 0. boolean: true or false. number: a number, or {value, tolerance}. text: a text, or several that are
 * right.
 */
export const CORRECT_ANSWER = /* @__PURE__ */ declared(() =>
  anyOf(
    list(integer(0, MAX_OPTIONS - 1), { min: 1, max: MAX_OPTIONS }),
    list(line(MAX_ANSWER_LETTERS), { min: 1, max: MAX_OPTIONS }),
    BOOLEAN,
    NUMBER,
    line(MAX_ANSWER_LETTERS),
    object({ value: NUMBER, tolerance: number(0) }),
  ),
);

/** A question, as staff send it. */
export const QUESTION_FIELDS = /* @__PURE__ */ declared(() => ({
  type: choice(QUIZ_TYPES),
  text: text(MAX_QUIZ_TEXT),
  /** Of single and multiple choice: 2 to 20. */
  options: optional(list(line(MAX_ANSWER_LETTERS), { max: MAX_OPTIONS })),
  /** Null: no answer is right or wrong, as in a poll. */
  correct: optional(nullable(CORRECT_ANSWER)),
  /** Shown with the right answer. */
  explanation: optional(nullable(text(MAX_EXPLANATION))),
}));
export const QUIZ_SECONDS = /* @__PURE__ */ integer(MIN_SECONDS, MAX_SECONDS);

const COUNTS = /* @__PURE__ */ declared(() => ({
  /** People who have answered. */
  answered: NUMBER,
  /** Of these, how many are right; null: no answer is right or wrong. */
  correct: nullable(NUMBER),
  counts: list(object({ choice: anyOf(NUMBER, BOOLEAN, STRING), count: NUMBER })),
  /** Answers that are none of `counts`. */
  others: NUMBER,
}));
/** The signal `tally` has the same. */
export const TALLY = /* @__PURE__ */ object(COUNTS);

export const QUIZ = /* @__PURE__ */ kind(() => ({
  kind: "quiz",
  sends: {
    actions: {
      open: {
        /** A question of the bank, in place of the fields of a question. */
        bank: optional(ID),
        type: optional(QUESTION_FIELDS.type),
        /** Default: staff ask the question aloud. */
        text: optional(QUESTION_FIELDS.text),
        options: QUESTION_FIELDS.options,
        correct: QUESTION_FIELDS.correct,
        explanation: QUESTION_FIELDS.explanation,
        /** The quiz closes by itself after this time. */
        seconds: optional(nullable(QUIZ_SECONDS)),
        anonymous: optional(BOOLEAN),
      },
      close: { ref: ID },
      reveal: { ref: ID },
      remove: { ref: ID },
    },
  },
  entries: [
    {
      key: "quiz/REF",
      fields: {
        ref: ID,
        type: choice(QUIZ_TYPES),
        /** Empty: the question is asked aloud, and each page says so in its own language. */
        text: STRING,
        options: list(STRING),
        state: choice(QUIZ_STATES),
        /** Milliseconds since 1970; null: until it is closed. */
        closesAt: nullable(NUMBER),
        anonymous: BOOLEAN,
        // Once it is revealed.
        correct: optional(nullable(anyOf(list(NUMBER), BOOLEAN, object({ value: NUMBER, tolerance: NUMBER }), list(STRING)))),
        explanation: optional(nullable(STRING)),
        results: optional(TALLY),
      },
      gone: { ref: ID },
    },
  ],
}));

export const ANSWER = /* @__PURE__ */ kind(() => ({
  kind: "answer",
  sends: {
    forms: [
      {
        quiz: ID,
        choice: anyOf(list(integer(0), { min: 1, max: MAX_OPTIONS }), BOOLEAN, NUMBER, line(MAX_ANSWER_LETTERS)),
      },
      /** Asks for the own answers. */
      { mine: TRUE },
    ],
  },
  entries: [],
}));

export type TallyResult = FieldsOf<typeof COUNTS>;

/** The counts of answers, of the signal `tally` or of a revealed quiz. */
export type Results = {
  readonly answered: number;
  readonly counts: readonly { readonly choice: unknown; readonly count: number }[];
  readonly others: number;
};

export type Quiz = {
  readonly ref: string;
  readonly seq: number;
  readonly type: QuizType;
  /** Empty: the question is asked aloud. */
  readonly text: string;
  readonly options: readonly string[];
  readonly state: QuizState;
  /** Milliseconds since 1970; null: until the teacher closes it. */
  readonly closesAt: number | null;
  readonly isAnonymous: boolean;
  readonly correct: unknown;
  readonly explanation: string | null;
  /** Null until it is revealed. */
  readonly results: Results | null;
};

/** The newest first. A quiz of an unknown type is left out. */
export function quizzesOf(entries: readonly WireEntry[]): readonly Quiz[] {
  return entries.flatMap((entry) => quizOf(entry) ?? []).sort((one, other) => (one.ref < other.ref ? 1 : -1));
}

function quizOf({ body, seq }: WireEntry): Quiz | null {
  const ref = textOf(body, "ref");
  const type = QUIZ_TYPES.find((one) => one === body["type"]);
  if (ref === null || !type) return null;
  return {
    ref,
    seq,
    type,
    text: textOf(body, "text") ?? "",
    options: listOf(body["options"]).map(String),
    state: QUIZ_STATES.find((one) => one === body["state"]) ?? "open",
    closesAt: numberOf(body, "closesAt"),
    isAnonymous: body["anonymous"] === true,
    correct: body["correct"],
    explanation: textOf(body, "explanation"),
    results: resultsOf(body["results"]),
  };
}

/** Null: there are none. */
export function resultsOf(value: unknown): Results | null {
  if (!isBody(value)) return null;
  const counts = listOf(value["counts"]).filter(isBody);
  return {
    answered: numberOf(value, "answered") ?? 0,
    counts: counts.map((one) => ({ choice: one["choice"], count: numberOf(one, "count") ?? 0 })),
    others: numberOf(value, "others") ?? 0,
  };
}

/** A choice that was stored or sent; null: it is none. */
export function choiceOf(value: unknown): Choice | null {
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return Array.isArray(value) && value.every((place) => typeof place === "number") ? value : null;
}

/** Whether one of the counted answers is right: the place of an option, true or false, a number, or a text. Null: the quiz does not say. */
export function isRightAnswer({ type, correct }: Pick<Quiz, "type" | "correct">, answer: unknown): boolean | null {
  if (correct === null || correct === undefined) return null;
  if (type === "boolean") return answer === correct;
  if (type === "number") {
    const wanted: Body = isBody(correct) ? correct : { value: correct };
    const [value, tolerance] = [numberOf(wanted, "value"), numberOf(wanted, "tolerance") ?? 0];
    return value !== null && typeof answer === "number" && isWithin(answer, value, tolerance);
  }
  if (type === "text") return [correct].flat().some((one) => foldText(String(one)) === foldText(String(answer)));
  return listOf(correct).includes(answer);
}

/** Whether a number is another, or differs by no more than the tolerance. */
export function isWithin(answer: number, value: number, tolerance: number): boolean {
  return Math.abs(answer - value) <= tolerance + ROUNDING * Math.max(1, Math.abs(value));
}

/** Texts that count as the same answer have the same folded text: in any case, full or normal width (NFKC), with any spaces. */
export function foldText(answer: string): string {
  return answer.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}
