/** Defines what the API takes and returns about several markers: who marks what, the answer that one has, and how far all are. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { pageOf } from "../../foundation/requests/paging.ts";
import { answerFile } from "../answer-files.ts";
import { answerValue } from "../answer-shapes.ts";
import { criterion, mediaList } from "../papers/content.ts";
import { proposalShape } from "../score-proposals.ts";

export const MAX_MARKERS = 100;
/** As many as a section may have. */
const MAX_QUESTIONS = 300;
/** Answers that a marker's page has ahead. */
const MAX_AHEAD = 5;
/** The digits of a keyboard choose the first nine. */
export const MAX_COMMENTS = 30;

export const questionId = z.string().min(1).max(40);
const questions = z.array(questionId).max(MAX_QUESTIONS).nullable().describe("Null: all.");
const double = z.object({
  question: questionId,
  tolerance: z.number().min(0).max(100).describe("Points by which two markers may differ; beyond, a third decides."),
});

export const markingPlanBody = z.strictObject({
  markers: z
    .array(z.strictObject({ userId: id, questions }))
    .max(MAX_MARKERS)
    .describe("Teachers, assistants and administrators. Empty: who works with the examination marks all of it."),
  double: z.array(z.strictObject(double.shape)).max(MAX_QUESTIONS).describe("Questions that two people mark."),
  scored: z
    .array(questionId)
    .max(MAX_QUESTIONS)
    .optional()
    .describe("Questions whose answers go to the school's scoring service. Absent: as before."),
});
export const markingPlanShape = z
  .object({
    markers: z.array(z.object({ userId: id, name: z.string(), questions })),
    double: z.array(double),
    scored: z.array(questionId),
  })
  .meta({ id: "ExamMarkingPlan" });

export const assignmentShape = z
  .object({
    examinationId: id,
    title: z.string(),
    leads: z.boolean().describe("Whether the person works with the examination, and so sees what all markers gave."),
    marks: z.boolean(),
    questions: z
      .array(
        z.object({
          question: z.string(),
          text: z.string(),
          media: mediaList.exactOptional().describe("Of the question and its passage (`getExamPaperFile`). Absent: none."),
          of: z.number(),
          rubric: z.string().describe("Empty: none."),
          criteria: z.array(criterion),
          isDouble: z.boolean().describe("Whether two people mark it."),
          waiting: z.int().describe("Answers without points that count yet."),
          marked: z.int().describe("Answers whose points count."),
          own: z.int().describe("Answers that this person has marked."),
        }),
      )
      .describe("Those that this person marks."),
  })
  .meta({ id: "MarkingAssignment" });

export const assignmentsShape = z
  .object({
    items: z.array(z.object({ examinationId: id, title: z.string() })).describe("Newest first, at most 100."),
  })
  .meta({ id: "MarkingAssignments" });

export const nextBody = z.strictObject({
  question: questionId,
  besides: z.array(id).max(MAX_AHEAD).default([]).describe("Attempts whose answers the page has already."),
});
const earlier = z.object({ points: z.number(), comment: z.string() });
export const nextShape = z
  .object({
    item: z
      .object({
        attemptId: id,
        question: z.string(),
        value: answerValue,
        files: z.array(answerFile).describe("What the answer names, and has arrived."),
        turn: z.int().describe("1; 2: the second of two; 3: the two differ, and this person decides."),
        earlier: z.array(earlier).describe("What the two gave, for a third alone."),
        proposal: proposalShape.nullable().describe("Of the school's scoring service; null: none, or not yet."),
        leasedUntil: time.describe("Until then nobody else gets it. Renew it."),
      })
      .nullable()
      .describe("Null: nothing waits for this person."),
  })
  .meta({ id: "NextAnswer" });

export const markingBody = z.strictObject({
  points: z.number().min(0).max(100).describe("Of the question's, in steps of 0.5."),
  criteria: z.array(z.string().max(40)).max(50).default([]).describe("Ids of the criteria that are met."),
  comment: z.string().trim().max(2000).default("").describe("For the candidate, with the answers."),
});
export const givenShape = z
  .object({ attemptId: id, question: z.string(), points: z.number(), markedAt: time })
  .meta({ id: "GivenMarking" });
export const undoneShape = z
  .object({
    attemptId: id,
    question: z.string(),
    value: answerValue,
    files: z.array(answerFile),
    turn: z.int(),
    earlier: z.array(earlier),
    proposal: proposalShape.nullable(),
    leasedUntil: time,
    points: z.number().describe("What was given."),
    criteria: z.array(z.string()),
    comment: z.string(),
  })
  .meta({ id: "UndoneMarking" });
export const leaseShape = z.object({ leasedUntil: time }).meta({ id: "MarkingLease" });

export const progressShape = z
  .object({
    questions: z.array(
      z.object({
        question: z.string(),
        text: z.string(),
        of: z.number(),
        tolerance: z.number().nullable().describe("Null: one person marks it."),
        waiting: z.int(),
        marked: z.int(),
        once: z.int().describe("Of those that wait: one of two has marked them."),
        differing: z.int().describe("Of those that wait: two differ, and a third decides."),
        markers: z.array(z.object({ userId: id, name: z.string(), marked: z.int(), open: z.int() })),
      }),
    ),
  })
  .meta({ id: "ExamMarkingProgress" });

export const STATES = ["once", "differing", "settled"] as const;
const oneMarking = z.object({
  turn: z.int(),
  markerId: id.nullable().describe("Null: a person who is no more."),
  name: z.string().nullable(),
  points: z.number(),
  comment: z.string(),
  markedAt: time.nullable(),
});
export const markingsPage = pageOf(
  z
    .object({
      attemptId: id,
      question: z.string(),
      state: z.enum(STATES),
      points: z.number().nullable().describe("That count. Null: none yet."),
      markings: z.array(oneMarking),
    })
    .meta({ id: "AnswerMarkings" }),
);

export const commentsShape = z
  .object({ comments: z.array(z.string().trim().min(1).max(500)).max(MAX_COMMENTS) })
  .meta({ id: "MarkingComments" });
