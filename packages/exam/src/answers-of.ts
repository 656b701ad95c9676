/** Folds stored answers to the newest of each question. */
import type { Answer, AnswerSheet, AnswerValue } from "./answer.ts";

type SeatAnswer = Pick<Answer, "question" | "seq" | "value"> & { readonly seat: number };

/** The newest is that of the highest seat, and of this the one with the highest number; when they were written does not count. In any order. */
export function answersOf(answers: Iterable<SeatAnswer>): AnswerSheet {
  const newest = new Map<string, SeatAnswer>();
  for (const answer of answers) {
    const known = newest.get(answer.question);
    if (!known || answer.seat > known.seat || (answer.seat === known.seat && answer.seq > known.seq))
      newest.set(answer.question, answer);
  }
  return Object.fromEntries([...newest].map(([question, { value }]): [string, AnswerValue] => [question, value]));
}
