/** Defines what a field for answers is given. */
import type { AnswerValue, Question } from "@lectern/exam";

export type AnswerFieldProps<Kind extends Question["kind"] = Question["kind"]> = {
  readonly question: Extract<Question, { kind: Kind }>;
  readonly value: AnswerValue;
  /** @param isTyped more letters may follow at once */
  readonly onChange: (value: AnswerValue, isTyped?: boolean) => void;
  readonly isDisabled: boolean;
  /** The id of the question's text. */
  readonly labelId: string;
};
