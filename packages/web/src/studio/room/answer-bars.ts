/** Defines what the bars of a quiz show: an answer, how many gave it, and whether it is correct. */
import { isRightAnswer, type Quiz, type Results } from "@lectern/room";

export type AnswerBar = {
  /** An option, a number or a text; true and false have words of the page. */
  readonly answer: string | boolean;
  readonly count: number;
  readonly isCorrect: boolean;
};

/** @param results of the signal `tally`, or of a quiz that was revealed */
export function answerBars(quiz: Quiz, results: Results | null): readonly AnswerBar[] {
  const counts = new Map((results?.counts ?? []).map(({ choice, count }) => [choice, count]));
  const bar = (choice: unknown, answer: AnswerBar["answer"]): AnswerBar => ({
    answer,
    count: counts.get(choice) ?? 0,
    isCorrect: isRightAnswer(quiz, choice) === true,
  });
  if (quiz.type === "single" || quiz.type === "multiple") return quiz.options.map((answer, place) => bar(place, answer));
  if (quiz.type === "boolean") return [true, false].map((answer) => bar(answer, answer));
  // They come in the order of how many gave them.
  return [...counts.keys()].map((choice) => bar(choice, String(choice)));
}
