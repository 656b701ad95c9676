/** Defines types of the tables of quizzes and of the question bank, for Kysely. */
import type { Choice, QuizType } from "@lectern/room";
import type { Generated, Selectable } from "kysely";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** Of a number: within the tolerance. Of a text: any of these. */
export type CorrectAnswer =
  | readonly number[]
  | boolean
  | { readonly value: number; readonly tolerance: number }
  | readonly string[];

/** The columns of a question, asked in a lesson or kept in the bank. */
type QuestionColumns = {
  type: QuizType;
  text: string;
  options: Json<readonly string[]>;
  /** Null: no answer is right or wrong. */
  correct: Json<CorrectAnswer | null>;
  explanation: string | null;
  anonymous: boolean;
};

export type QuizTable = QuestionColumns & {
  /** Also the reference in the room's entries. */
  readonly id: string;
  readonly lesson_id: string;
  state: "open" | "closed" | "revealed";
  readonly closes_at: MaybeInstant;
  /** What turns participants into the ids of an anonymous quiz's answers. Removed when the quiz closes: from then on nobody can. */
  person_salt: string | null;
  readonly opened_at: Instant;
  closed_at: MaybeInstant;
  revealed_at: MaybeInstant;
};

export type QuizAnswerTable = {
  readonly quiz_id: string;
  /** The participant; of an anonymous quiz, as `answer-person.ts` says. */
  readonly participant_id: string;
  /** JSON's null: a text that was erased with the person's name. */
  choice: Json<Choice | null>;
  answered_at: Instant;
  is_correct: boolean | null;
};

export type QuizBankTable = QuestionColumns & {
  readonly id: string;
  readonly school_id: string;
  /** Null: for all courses of the school. */
  course_id: string | null;
  /** The time limit; null: none. */
  seconds: number | null;
  tags: Json<readonly string[]>;
  readonly created_at: Created;
  version: Generated<number>;
};

export type QuizTables = { readonly quizzes: QuizTable; readonly quiz_answers: QuizAnswerTable; readonly quiz_bank: QuizBankTable };
export type Quiz = Selectable<QuizTable>;
export type BankItem = Selectable<QuizBankTable>;

export const QUIZ_PRIVACY = {
  quizzes: {
    erasure: "school",
    atRest: {
      type: "school",
      text: "encrypted",
      options: "encrypted",
      correct: "encrypted",
      explanation: "encrypted",
      state: "school",
      person_salt: "school",
    },
  },
  quiz_answers: { erasure: "erased", atRest: { participant_id: "figures", choice: "encrypted" } },
  quiz_bank: {
    erasure: "school",
    atRest: { type: "school", text: "personal", options: "school", correct: "school", explanation: "school", tags: "school" },
  },
} as const satisfies PrivacyOf<QuizTables>;
