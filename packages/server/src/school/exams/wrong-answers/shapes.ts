/** Defines what the API takes and returns about mistakes. */
import type { AuthoredQuestion } from "@lectern/exam";
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { answerValue, questionScore } from "../answer-shapes.ts";
import { mediaList, questionShape, solutionShape } from "../papers/content.ts";
import { shownSolution } from "../results/shown-solution.ts";
import type { WrongAnswerContent } from "./contents.ts";
import { isGradable } from "./practice.ts";
import type { WrongAnswer } from "./wrong-answers.ts";

/** Of an examination: the attempt and the question; of a quiz: its id. */
export const wrongAnswerId = z.string().regex(/^\w{1,40}(\.[\w-]{1,40})?$/);

const practiceShape = z.object({
  rights: z.int().describe("Right answers in a row."),
  practisedAt: time.nullable(),
  knownAt: time.nullable().describe("Null: it is to be practised."),
});

export const wrongAnswerShape = z
  .object({
    id: z.string(),
    source: z.enum(["examination", "quiz"]),
    title: z.string().describe("Of the examination, or of the lesson with the quiz."),
    examinationId: id.nullable(),
    lessonId: id.nullable(),
    at: time.describe("When it was handed in, or answered."),
    question: questionShape,
    passage: z
      .object({ title: z.string(), text: z.string(), media: mediaList.exactOptional() })
      .nullable()
      .describe("Its pictures and sound, as those of the question, are the examination's (`getExamPaperFile`)."),
    value: answerValue.describe("The student's answer."),
    points: z.number().nullable().describe("Null: a quiz has none."),
    of: z.number().nullable(),
    solution: solutionShape,
    explanation: z.string().nullable(),
    comment: z.string().describe("Of who marked it."),
    isGradable: z.boolean().describe("Whether it can be practised: the rules grade it."),
    practice: practiceShape,
  })
  .meta({ id: "WrongAnswer" });

export const topicsShape = z
  .object({
    open: z.int().describe("WrongAnswers to practise."),
    known: z.int(),
    topics: z.array(z.object({ name: z.string(), count: z.int() })).describe("What the questions test, the most mistakes first."),
  })
  .meta({ id: "WrongAnswerTopics" });

export const practisedShape = z.object({ score: questionScore, practice: practiceShape }).meta({ id: "PractisedWrongAnswer" });
export const knownShape = practiceShape.meta({ id: "WrongAnswerPractice" });

type Practice = { readonly rights: number | null; readonly practised_at: Date | null; readonly known_at: Date | null };

export function practiceResponse({ rights, practised_at, known_at }: Practice) {
  return { rights: rights ?? 0, practisedAt: practised_at, knownAt: known_at };
}

export function wrongAnswerResponse(wrong: WrongAnswer, content: WrongAnswerContent): z.input<typeof wrongAnswerShape> {
  const { authored, passage, value, comment, lessonId } = content;
  return {
    id: wrong.id,
    source: wrong.exam_id === null ? "quiz" : "examination",
    title: wrong.title,
    examinationId: wrong.exam_id,
    lessonId,
    at: new Date(wrong.at),
    question: authored.question as z.input<typeof questionShape>,
    passage: passage && { title: passage.title, text: passage.text, ...(passage.media ? { media: [...passage.media] } : {}) },
    value: value as z.input<typeof answerValue>,
    points: wrong.points,
    of: wrong.points_of,
    solution: shownSolution(authored.solution) as z.input<typeof solutionShape>,
    explanation: shownExplanation(wrong, authored),
    comment,
    isGradable: isGradable(authored),
    practice: practiceResponse(wrong),
  };
}

function shownExplanation({ shows_explanation }: WrongAnswer, { explanation }: AuthoredQuestion): string | null {
  return shows_explanation ? (explanation ?? null) : null;
}
