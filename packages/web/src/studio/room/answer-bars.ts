/** What the bars of a quiz show: an answer, how many gave it, and whether it is correct. */
import { type Body, isBody, listOf, numberOf } from "../../room/wire.ts";
import type { Quiz } from "./entries.ts";

export type AnswerBar = {
  /** An option, a number or a text; true and false have words of the page. */
  readonly answer: string | boolean;
  readonly count: number;
  readonly isCorrect: boolean;
};

/** @param tally `{answered, counts: [{choice, count}]}`, of the signal `tally` or of the quiz's results */
export function answerBars(quiz: Quiz, tally: Body | null): readonly AnswerBar[] {
  const counts = countsOf(tally);
  const isCorrect = (choice: unknown) => correctChoices(quiz.correct).includes(choice);
  if (quiz.type === "single" || quiz.type === "multiple")
    return quiz.options.map((answer, place) => ({ answer, count: counts.get(place) ?? 0, isCorrect: isCorrect(place) }));
  if (quiz.type === "boolean")
    return [true, false].map((answer) => ({ answer, count: counts.get(answer) ?? 0, isCorrect: isCorrect(answer) }));
  // They come in the order of how many gave them.
  return [...counts].map(([choice, count]) => ({ answer: String(choice), count, isCorrect: isCorrect(choice) }));
}

function countsOf(tally: Body | null): ReadonlyMap<unknown, number> {
  return new Map(
    listOf(tally?.["counts"]).flatMap((item): [unknown, number][] =>
      isBody(item) ? [[item["choice"], numberOf(item, "count") ?? 0]] : [],
    ),
  );
}

/** Places of options, true or false, a number within a tolerance, or texts. */
function correctChoices(correct: unknown): readonly unknown[] {
  if (isBody(correct)) return [correct["value"]];
  return Array.isArray(correct) ? correct : [correct];
}
