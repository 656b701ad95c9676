export type * from "./answer.ts";
export { FACT_KINDS } from "./answer.ts";
export type * from "./paper.ts";
export type * from "./question.ts";
export { QUESTION_KINDS } from "./question.ts";
export type * from "./score.ts";
