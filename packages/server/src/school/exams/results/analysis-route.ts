/** Serves the API route that says what the questions of an examination are worth, and how its points are distributed. */
import { REVISE_RULES } from "@lectern/exam/analysis";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS } from "../exam-rights.ts";
import type { Analyses } from "./analyses.ts";

const share = z.number().nullable().describe("0 to 1. Null: nothing is graded.");
const analysisShape = z
  .object({
    candidates: z.int(),
    waiting: z.int().describe("Candidates whose answers people have to mark still: they are not in the distribution."),
    distribution: z
      .object({
        candidates: z.int(),
        mean: z.number(),
        median: z.number(),
        deviation: z.number().describe("The standard deviation."),
        lowest: z.number(),
        highest: z.number(),
        bins: z.array(z.object({ from: z.number(), count: z.int() })).describe("Of 5 % of the reachable points each."),
        totals: z.array(z.object({ points: z.number(), count: z.int() })).describe("The most points first."),
      })
      .nullable(),
    reliability: z
      .object({
        alpha: z.number().describe("Cronbach's."),
        standardError: z.number().describe("Of measurement, in points."),
      })
      .nullable()
      .describe("Null: candidates were asked different questions, or too little is there."),
    items: z.array(
      z.object({
        question: z.string(),
        candidates: z.int().describe("Whose answer is graded."),
        answered: z.int(),
        waiting: z.int(),
        difficulty: share.describe("The mean share of its points, 0 to 1."),
        discrimination: z.number().nullable().describe("The correlation of its points with those of the other questions."),
        groups: z.array(z.int()).describe("Candidates in each fifth, the weakest first."),
        choices: z
          .array(z.object({ choice: z.string(), count: z.int(), byGroup: z.array(z.int()), isRight: z.boolean() }))
          .nullable()
          .describe("Empty `choice`: no answer. Null: the question has no options."),
        revise: z.array(z.enum(REVISE_RULES)).describe("Why to look at the question again."),
      }),
    ),
    sections: z.array(z.object({ section: z.string(), share })),
    knowledge: z.array(z.object({ knowledge: z.string(), questions: z.int(), share })),
  })
  .meta({ id: "ExamItemAnalysis" });

const analysisAnswer = z
  .object({
    computedAt: time.nullable(),
    progress: z.object({ done: z.int(), of: z.int() }).nullable().describe("Of a newer analysis that is being made. Ask again."),
    analysis: analysisShape.nullable().describe("The last one that was finished; null: none was."),
  })
  .meta({ id: "ExamAnalysis" });

export function analysisRoute({ db }: ExamContext, analyses: Analyses): ApiRoute {
  return route({
    id: "analyseExamination",
    method: "GET",
    path: "/exams/:examinationId/analysis",
    tag: "Results of examinations",
    summary: "Analyse the questions and the points of an examination, of what is graded so far",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "figures of questions, and of no single candidate" },
    params: z.strictObject({ examinationId: id }),
    status: 200,
    answer: analysisAnswer,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params }) => {
      const exam = published(await findExam(db, actor, params.examinationId));
      const { analysis, computedAt, progress } = await analyses.of(exam.id);
      return {
        body: {
          computedAt: computedAt === null ? null : new Date(computedAt),
          progress,
          analysis: analysis as z.input<typeof analysisShape> | null,
        },
      };
    },
  });
}
