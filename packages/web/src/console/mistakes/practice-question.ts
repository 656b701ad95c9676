/** Makes of a mistake the question that is asked again: options in another order, so that no place is learned by heart. */
import type { WrongAnswer } from "@lectern/client";
import { type AnswerValue, gradeAnswer, type Question, type QuestionScore, sheetOf } from "@lectern/exam";

/** @param seed another one each time */
export function practiceQuestion({ question }: Pick<WrongAnswer, "question">, seed: number): Question {
  const { passage: _shownApart, ...alone } = question;
  const section = { id: "s", title: "", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: true };
  const sheet = sheetOf({ title: "", instruction: "", sections: [{ ...section, questions: [alone] }] }, seed);
  return sheet.sections[0]?.questions[0] ?? alone;
}

/** By the rules of examinations, on the device. */
export function gradePractice(
  { question, solution }: Pick<WrongAnswer, "question" | "solution">,
  value: AnswerValue,
): QuestionScore {
  return gradeAnswer(question, solution, value);
}
