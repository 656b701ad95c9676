/** Defines answers and scores in requests and answers of the API. */
import { z } from "zod";

export const answerValue = z
  .union([
    z.null(),
    z.boolean(),
    z.string(),
    z.array(z.string()),
    z.object({ typed: z.string() }).strict(),
    z.object({ uploads: z.array(z.string()) }).strict(),
    z.record(z.string(), z.string()),
  ])
  .meta({ id: "ExamAnswerValue" });

export const questionScore = z
  .object({
    points: z.number(),
    of: z.number(),
    by: z.enum(["rules", "waits", "person"]).describe("waits: for a person, and the points are 0 until then."),
  })
  .meta({ id: "ExamQuestionScore" });
