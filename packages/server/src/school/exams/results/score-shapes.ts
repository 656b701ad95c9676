/** Defines scores in answers of the API. */
import { z } from "zod";

export const questionScore = z
  .object({
    points: z.number(),
    of: z.number(),
    by: z.enum(["rules", "waits", "person"]).describe("waits: for a person, and the points are 0 until then."),
  })
  .meta({ id: "ExamQuestionScore" });
