/** Defines the type of the table of mistakes that students practise, for Kysely. What they got wrong is in the tables of examinations and quizzes. */
import type { MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type PractisedWrongAnswerTable = {
  readonly user_id: string;
  /** Of an examination: the attempt and the question, with a point between; of a quiz: its id. */
  readonly wrong_answer: string;
  /** The row goes with the attempt, or with the quiz. */
  readonly attempt_id: string | null;
  readonly quiz_id: string | null;
  /** Right answers in a row. */
  rights: number;
  practised_at: MaybeInstant;
  /** Since when the student knows it; null: not yet. */
  known_at: MaybeInstant;
};

export type WrongAnswerTables = { practised_wrong_answers: PractisedWrongAnswerTable };

export const WRONG_ANSWER_PRIVACY = {
  practised_wrong_answers: { erasure: "erased", atRest: "figures" },
} as const satisfies PrivacyOf<WrongAnswerTables>;
