/**
 * Defines the form of a paper in requests and answers: sections of questions with what is right. What the parts mean together, such as that a right option is one
 * of the options, is `checkPaper`'s of `@lectern/exam`.
 */
import type { AuthoredPaper, AuthoredQuestion, Solution } from "@lectern/exam";
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";

const MAX_TEXT = 10_000;
const MAX_OPTIONS = 20;
const MAX_SECTIONS = 30;
const MAX_QUESTIONS = 300;
const MAX_PASSAGES = 100;

const part = z.string().min(1).max(40);
const words = (max: number) => z.string().max(max, fieldText.key("too-long"));
const option = z.strictObject({
  id: part,
  text: words(1000),
  isAnchored: z.boolean().exactOptional().describe("It keeps its place when options are shuffled."),
});
const options = z.array(option).max(MAX_OPTIONS);

const file = part.describe("The id of a file of the paper (`addPaperFile`).");
export const mediaList = z
  .array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("picture"),
        file,
        alt: words(500).describe("What it shows, for those who do not see it."),
        width: z.int().min(1).max(65_535),
        height: z.int().min(1).max(65_535),
      }),
      z.strictObject({
        kind: z.literal("sound"),
        file,
        title: words(500),
        plays: z
          .int()
          .min(1)
          .max(20)
          .exactOptional()
          .describe("How often a candidate may play it. Default: as often as they like."),
      }),
    ]),
  )
  .describe("Pictures and sound below the text.");
const media = mediaList.max(8).exactOptional();

const base = {
  id: part.describe("Unique in the paper."),
  text: words(MAX_TEXT).describe("With mathematics between `$`. Of gaps: with `{{ID}}` where each gap is."),
  points: z.number().describe("More than 0, a multiple of 0.5."),
  media,
  passage: part.exactOptional().describe("The id of a passage of the section."),
  knowledge: z.array(words(100)).max(10).exactOptional().describe("What it tests, as the school names it."),
  difficulty: z.int().min(1).max(5).exactOptional(),
};
const gap = z.strictObject({ id: part, form: z.enum(["text", "number"]), unit: words(20).exactOptional() });

export const questionShape = z
  .discriminatedUnion("kind", [
    z.strictObject({ ...base, kind: z.enum(["single", "multiple"]), options }),
    z.strictObject({ ...base, kind: z.literal("boolean") }),
    z.strictObject({ ...base, kind: z.literal("gaps"), gaps: z.array(gap).max(20) }),
    z.strictObject({ ...base, kind: z.literal("matching"), left: options, right: options }),
    z.strictObject({ ...base, kind: z.literal("ordering"), items: options }),
    z.strictObject({ ...base, kind: z.literal("text") }),
    z.strictObject({
      ...base,
      kind: z.literal("essay"),
      form: z.enum(["typed", "photos"]),
      maxLetters: z.int().min(1).max(20_000).exactOptional(),
    }),
    z.strictObject({ ...base, kind: z.literal("speaking"), maxSeconds: z.int().min(1).max(600) }),
  ])
  .meta({ id: "ExamQuestion" });

const scoring = z.enum(["all", "part"]).describe("part: each right part counts. all: all points or none.");
const acceptedTexts = z.strictObject({ texts: z.array(words(200)).max(20), isCaseSensitive: z.boolean().exactOptional() });
const acceptedNumber = z.strictObject({ value: z.number(), tolerance: z.number().min(0), unit: words(20).exactOptional() });

export const criterion = z
  .strictObject({
    id: part,
    text: words(500),
    points: z.number().describe("More than 0, a multiple of 0.5; together not more than the question's."),
  })
  .meta({ id: "ExamCriterion" });

export const solutionShape = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("single"), right: part }),
    z.strictObject({ kind: z.literal("multiple"), right: z.array(part).max(MAX_OPTIONS), scoring }),
    z.strictObject({ kind: z.literal("boolean"), right: z.boolean() }),
    z.strictObject({ kind: z.literal("gaps"), accepted: z.record(part, z.union([acceptedTexts, acceptedNumber])), scoring }),
    z.strictObject({ kind: z.literal("matching"), pairs: z.record(part, part), scoring }),
    z.strictObject({ kind: z.literal("ordering"), order: z.array(part).max(MAX_OPTIONS), scoring }),
    z.strictObject({ kind: z.literal("text"), accepted: acceptedTexts.describe("Without texts, a person marks it.") }),
    z.strictObject({
      kind: z.enum(["essay", "speaking"]),
      rubric: words(MAX_TEXT).describe("A person marks it by this."),
      criteria: z.array(criterion).max(20).exactOptional().describe("What gives points, each by itself."),
    }),
  ])
  .meta({ id: "ExamSolution" });

const authoredQuestion = z
  .strictObject({
    question: questionShape,
    solution: solutionShape,
    explanation: words(MAX_TEXT).exactOptional().describe("For candidates, with their results."),
  })
  .meta({ id: "AuthoredExamQuestion" });

const section = z
  .strictObject({
    id: part,
    title: words(200),
    instruction: words(MAX_TEXT),
    passages: z.array(z.strictObject({ id: part, title: words(200), text: words(MAX_TEXT), media })).max(MAX_PASSAGES),
    draw: z.int().min(1).exactOptional().describe("So many of the questions are drawn for each candidate. Default: all."),
    isShuffled: z.boolean(),
    areOptionsShuffled: z.boolean(),
    minutes: z
      .int()
      .min(1)
      .max(600)
      .exactOptional()
      .describe("A time of its own, from when the candidate begins the section. Default: only the paper's."),
    questions: z.array(authoredQuestion).max(MAX_QUESTIONS),
  })
  .meta({ id: "ExamSection" });

export const paperContent = z
  .strictObject({ title: words(200), instruction: words(MAX_TEXT), sections: z.array(section).max(MAX_SECTIONS) })
  .meta({ id: "ExamPaperContent" });

/** Both say the same: the one to the compiler, the other to requests. */
export type PaperContent = z.output<typeof paperContent>;
const _isAuthored = (content: PaperContent): AuthoredPaper => content;
const _isContent = (paper: z.output<typeof solutionShape>): Solution => paper;
void [_isAuthored, _isContent];

export type Sized = { readonly questions: number; readonly points: number };

/** How many questions a paper has, and how many points a candidate can reach. */
export function sizeOf({ sections }: AuthoredPaper): Sized {
  const questions = sections.reduce((sum, each) => sum + each.questions.length, 0);
  const points = sections.reduce((sum, { questions: of, draw }) => sum + reachable(of, draw), 0);
  return { questions, points };
}

/** How many questions a candidate gets. */
export function questionCount({ sections }: AuthoredPaper): number {
  return sections.reduce((sum, { questions, draw }) => sum + Math.min(draw ?? questions.length, questions.length), 0);
}

/** Questions that are drawn have the same points. */
function reachable(questions: readonly AuthoredQuestion[], draw: number | undefined): number {
  if (draw === undefined || draw >= questions.length) return questions.reduce((sum, { question }) => sum + question.points, 0);
  return (questions[0]?.question.points ?? 0) * draw;
}
