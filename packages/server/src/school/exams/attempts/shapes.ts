/** Defines what the API takes and returns about candidates: the invitation behind a code, entering, and attempts as staff see them. */
import { FACT_KINDS } from "@lectern/exam";
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { type Exam, type ExamAttempt, HANDED_IN_BY } from "../../foundation/store/exam-tables.ts";
import { personName } from "../../people/accounts/shapes.ts";
import { answerFile } from "../answer-files.ts";
import { answerValue, questionScore } from "../answer-shapes.ts";
import { supervisionShape } from "../examinations/shapes.ts";
import { CONSENT_LINES } from "../supervised.ts";

export const examInvitationShape = z
  .object({
    id,
    title: z.string(),
    schoolName: z.string(),
    instruction: z.string().describe("What the paper says before the first section."),
    questions: z.int().describe("As many as a candidate gets."),
    formulas: z.boolean().describe("Whether the paper may have mathematics: a page loads its typesetter before the start."),
    opensAt: time,
    closesAt: time,
    latestEntryAt: time.nullable(),
    entryAt: time.describe("When candidates can enter."),
    seconds: z.int(),
    attempts: z.int(),
    guests: z.boolean(),
    guestConsent: z.string().describe("What guests agree to before they enter; empty: nothing."),
    needsAccessCode: z.boolean(),
    practice: z.boolean(),
    facts: z.array(z.enum(FACT_KINDS)).describe("What is noted for those who supervise: candidates are told."),
    offlineSeconds: z.int(),
    supervision: z.object({
      ...supervisionShape.shape,
      lines: z
        .array(z.object({ code: z.enum(CONSENT_LINES), days: z.int().optional() }))
        .describe("What a candidate is told, and agrees to, before entering; empty: the examination is not supervised."),
    }),
    now: time.describe("The server's clock."),
  })
  .meta({ id: "ExamInvitation" });

export const entryBody = z.strictObject({
  name: personName.optional().describe("A guest's name."),
  consent: z.boolean().default(false).describe("Whether a guest agrees to the school's `guestConsent`."),
  accessCode: z.string().max(100).optional(),
  token: z.string().max(600).optional().describe("From an earlier entry: comes back to the same attempt."),
  supervisionConsent: z
    .boolean()
    .default(false)
    .describe(
      "Whether the candidate agrees to the `supervision` of the invitation: needed for a new attempt at a supervised examination.",
    ),
  takeOver: z.boolean().default(false).describe("Goes on here with an attempt that another device has."),
});

export const enteredShape = z
  .object({
    attempt: z.object({
      id,
      name: z.string(),
      number: z.int().describe("From 1, of the attempts of the person."),
      seed: z.int().describe("Draws and shuffles the questions (`sheetOf`)."),
      seat: z.int().describe("Of this device; answers of an older seat are refused."),
      opensAt: time,
      startedAt: time.nullable().describe("Null: the key of the paper was not given out yet."),
      endsAt: time.nullable().describe("Null: not started."),
      handedInAt: time.nullable(),
      extraSeconds: z.int(),
    }),
    token: z.string().describe("`Authorization: Bearer` at /exams/…; comes back to the attempt, and reads the result."),
    package: z.object({
      url: z.string().describe("Of the encrypted paper, from the root of this server."),
      hash: z.string().describe("SHA-256 of the bytes, hex."),
      bytes: z.int(),
    }),
    supervision: supervisionShape,
    pollSeconds: z.int().describe("Send answers, or none, at least so often: messages and pauses are in the answers."),
    now: time,
  })
  .meta({ id: "ExamEntry" });

const ATTEMPT_STATES = ["waiting", "sitting", "handed-in"] as const;
const attempt = {
  id,
  userId: id.nullable().describe("Null: a guest."),
  name: z.string(),
  number: z.int(),
  state: z.enum(ATTEMPT_STATES).describe("waiting: entered, and not started."),
  enteredAt: time,
  startedAt: time.nullable(),
  endsAt: time.nullable(),
  extraSeconds: z.int(),
  seat: z.int(),
  handedInAt: time.nullable(),
  handedInBy: z.enum(HANDED_IN_BY).nullable(),
  gradedAt: time.nullable(),
  points: z.number().nullable().describe("Null: not graded yet. Without what waits for a person."),
  pointsOf: z.number().nullable(),
  waiting: z.int().nullable().describe("Questions that wait for a person."),
};
export const attemptShape = z
  .object({
    ...attempt,
    answered: z.int().describe("Questions with an answer."),
    facts: z.record(z.string(), z.int()).describe("How often each fact was noted."),
  })
  .meta({ id: "ExamAttempt" });

export const attemptDetailShape = z
  .object({
    ...attempt,
    seed: z.int(),
    sections: z
      .array(
        z.object({
          section: z.string(),
          seconds: z.int().describe("What the candidate has for it."),
          begunAt: time.nullable(),
          endsAt: time.nullable(),
        }),
      )
      .describe("Those with a time of their own."),
    answers: z.array(
      z.object({
        question: z.string(),
        value: answerValue,
        isMarked: z.boolean().describe("The candidate wanted to look at it again."),
        writtenAt: time.describe("By the device."),
        receivedAt: time,
        isLate: z.boolean().describe("It came after the end."),
      }),
    ),
    files: z.array(answerFile).describe("Photos and sound that are stored, also those that no answer names any more."),
    facts: z.array(z.object({ fact: z.string(), detail: z.string(), seat: z.int(), writtenAt: time, receivedAt: time })),
    questions: z.record(z.string(), questionScore).nullable().describe("The score of each question; null: not graded yet."),
    marks: z.array(
      z.object({ question: z.string(), points: z.number(), comment: z.string(), markerId: id.nullable(), markedAt: time }),
    ),
  })
  .meta({ id: "ExamAttemptDetail" });

export const changedAttempt = z.strictObject({
  extraSeconds: z.int().min(0).max(86_400).optional().describe("Beyond the examination's own time, and its closing."),
  end: z.literal(true).optional().describe("Hands in now what is stored."),
});

export function attemptColumns(row: Omit<ExamAttempt, "questions" | "paused_seconds">) {
  const state: (typeof ATTEMPT_STATES)[number] = row.handed_in_at ? "handed-in" : row.started_at ? "sitting" : "waiting";
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    number: row.number,
    state,
    enteredAt: row.entered_at,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    extraSeconds: row.extra_seconds,
    seat: row.seat,
    handedInAt: row.handed_in_at,
    handedInBy: row.handed_in_by,
    gradedAt: row.graded_at,
    points: row.points,
    pointsOf: row.points_of,
    waiting: row.waiting,
  };
}

export function entryAttempt(exam: Exam, row: ExamAttempt) {
  return {
    id: row.id,
    name: row.name,
    number: row.number,
    seed: row.seed,
    seat: row.seat,
    opensAt: exam.opens_at,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    handedInAt: row.handed_in_at,
    extraSeconds: row.extra_seconds,
  };
}
