/** Opens examinations to the server and to pages. Start with `question.ts` and `paper.ts`. */
export type * from "./answer.ts";
export { FACT_KINDS } from "./answer.ts";
export { answersOf } from "./answers-of.ts";
export * from "./bank-questions.ts";
export { checkAnswer, isAnswerValue } from "./check-answer.ts";
export { checkPaper } from "./check-paper.ts";
export { checkQuestion } from "./check-question.ts";
export { answerGrader, gradeAnswer, hasContent } from "./grade-answer.ts";
export * from "./grade-sheet.ts";
export * from "./limits.ts";
export type * from "./paper.ts";
export { PAPER_ERRORS, type PaperError, type PaperErrorCode } from "./paper-errors.ts";
export { concealOrders, paperOf } from "./paper-of.ts";
export type * from "./question.ts";
export { QUESTION_KINDS } from "./question.ts";
export type * from "./score.ts";
export { type Sheet, type SheetSection, sheetOf } from "./sheet.ts";
export { readNumber } from "./typed-text.ts";
