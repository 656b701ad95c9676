/** Defines what the API takes and returns about marking by people, and about grading again. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { answerFile } from "../answer-files.ts";
import { answerValue } from "../answer-shapes.ts";
import { solutionShape } from "../papers/content.ts";

export const markBody = z.strictObject({
  points: z.number().min(0).max(100).describe("Of the question's, in steps of 0.5."),
  comment: z.string().trim().max(2000).default("").describe("For the candidate, with the answers."),
});
export const markShape = z
  .object({
    attemptId: id,
    question: z.string(),
    points: z.number(),
    comment: z.string(),
    markedAt: time,
    attemptPoints: z.number().describe("Of the whole attempt now."),
    waiting: z.int().describe("Questions of the attempt that wait still."),
  })
  .meta({ id: "ExamMark" });

export const markingShape = z
  .object({
    questions: z
      .array(
        z.object({
          question: z.string(),
          text: z.string(),
          of: z.number(),
          rubric: z.string().describe("Empty: none."),
          waiting: z.int(),
          marked: z.int(),
        }),
      )
      .describe("All that people mark, or have marked."),
    items: z
      .array(
        z.object({
          attemptId: id,
          question: z.string(),
          value: answerValue,
          files: z.array(answerFile).describe("What the answer names, and has arrived."),
          points: z.number().nullable().describe("Null: it waits."),
          comment: z.string(),
        }),
      )
      .describe("Answers to the question that is asked for, without names."),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "ExamMarking" });

export const regradeBody = z.strictObject({ question: z.string().max(40), solution: solutionShape });
export const regradeShape = z
  .object({
    id,
    question: z.string(),
    solutionBefore: solutionShape,
    solution: solutionShape,
    changedBy: id.nullable().describe("Null: an API key, or a person who is no more."),
    changedAt: time,
    remaining: z.int().describe("Attempts that wait to be graded again."),
    changes: z.int().describe("Attempts whose points are others now."),
  })
  .meta({ id: "ExamRegrade" });
export const scoreChangeShape = z
  .object({ attemptId: id, name: z.string(), pointsBefore: z.number(), points: z.number() })
  .meta({ id: "ExamScoreChange" });
