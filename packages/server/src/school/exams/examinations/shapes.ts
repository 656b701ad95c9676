/** Defines what the API takes and returns about examinations. */
import { FACT_KINDS } from "@lectern/exam";
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, instant, text, time, version } from "../../foundation/requests/fields.ts";
import { CAMERAS, type Exam, RESULTS_SHOWN, STANDINGS, type Supervision } from "../../foundation/store/exam-tables.ts";

const HOUR = 3600;
const MAX_SECONDS = 24 * HOUR;
const MAX_OFFLINE_SECONDS = 24 * HOUR;
const MAX_ATTEMPTS = 20;
const OFFLINE_SECONDS = 1200;
const MAX_KEEP_DAYS = 365;

export const supervisionShape = z
  .strictObject({
    camera: z.enum(CAMERAS),
    screen: z.boolean().describe("Whether candidates share their screens."),
    phone: z.boolean().describe("Whether a phone is a second camera."),
    keepDays: z
      .int()
      .min(0)
      .max(MAX_KEEP_DAYS)
      .describe("Recordings are deleted so many days after the examination has closed; 0: nothing is recorded."),
  })
  .meta({ id: "ExamSupervision" });
export const UNSUPERVISED: Supervision = { camera: "none", screen: false, phone: false, keepDays: 0 };

const fields = {
  courseId: id
    .nullish()
    .describe("The course whose members are the candidates, and whose teachers manage it. Default: the school."),
  paperId: id.nullish(),
  title: text(200),
  opensAt: instant.describe("The start: the paper's key is given out from then on. Candidates enter from 30 minutes before."),
  closesAt: instant.describe("Nobody answers after this, whenever they began."),
  latestEntryAt: instant.nullish().describe("Nobody enters after this. Default: until it closes."),
  seconds: z.int().min(60).max(MAX_SECONDS).describe("How long a candidate has, from the own start on."),
  attempts: z.int().min(1).max(MAX_ATTEMPTS).describe("How often a candidate may sit. Default: once."),
  guests: z.boolean().describe("Whether people without an account enter with the code. Default: no."),
  accessCode: z
    .string()
    .trim()
    .max(40, fieldText.key("too-long"))
    .describe("What a candidate types at the entrance. Default: none."),
  practice: z.boolean().describe("Whether candidates get their results at once. Default: no."),
  facts: z
    .array(z.enum(FACT_KINDS))
    .max(FACT_KINDS.length)
    .describe("What is noted for those who supervise, without conclusions. Default: all."),
  offlineSeconds: z
    .int()
    .min(0)
    .max(MAX_OFFLINE_SECONDS)
    .describe("Answers that were written before the end are accepted for so long after it. Default: 20 minutes."),
  resultsShown: z.enum(RESULTS_SHOWN).describe("What candidates see of their results. Default: the score."),
  standing: z.enum(STANDINGS).describe("What candidates learn of their place among all, with released results. Default: none."),
  supervision: supervisionShape.describe("What candidates publish for those who supervise. Default: nothing."),
};

export const newExam = z.strictObject({
  schoolId: id.optional(),
  courseId: fields.courseId,
  paperId: fields.paperId,
  title: fields.title,
  opensAt: fields.opensAt,
  closesAt: fields.closesAt,
  latestEntryAt: fields.latestEntryAt,
  seconds: fields.seconds,
  attempts: fields.attempts.default(1),
  guests: fields.guests.default(false),
  accessCode: fields.accessCode.default(""),
  practice: fields.practice.default(false),
  facts: fields.facts.default([...FACT_KINDS]),
  offlineSeconds: fields.offlineSeconds.default(OFFLINE_SECONDS),
  resultsShown: fields.resultsShown.default("score"),
  standing: fields.standing.default("none"),
  supervision: fields.supervision.default(UNSUPERVISED),
});
export const changedExam = z.strictObject(fields).partial();

export const examShape = z
  .object({
    id,
    schoolId: id,
    courseId: id.nullable(),
    paperId: id.nullable().describe("Null: none was chosen, or it was deleted. What was published has its own copy."),
    title: z.string(),
    code: z.string().describe("Candidates enter at /exam/CODE."),
    opensAt: time,
    closesAt: time,
    latestEntryAt: time.nullable(),
    seconds: z.int(),
    attempts: z.int(),
    guests: z.boolean(),
    accessCode: z.string().describe("Empty: none."),
    practice: z.boolean(),
    facts: z.array(z.enum(FACT_KINDS)),
    offlineSeconds: z.int(),
    resultsShown: fields.resultsShown,
    standing: fields.standing,
    supervision: supervisionShape,
    publishedAt: time.nullable().describe("Null: nobody can enter yet."),
    releasedAt: time.nullable().describe("Since when candidates see their results; null: not yet."),
    createdAt: time,
    version,
  })
  .meta({ id: "Examination" });

/** @param accessCode decrypted */
export function examResponse(exam: Exam, accessCode: string): z.input<typeof examShape> {
  return {
    id: exam.id,
    schoolId: exam.school_id,
    courseId: exam.course_id,
    paperId: exam.paper_id,
    title: exam.title,
    code: exam.code,
    opensAt: exam.opens_at,
    closesAt: exam.closes_at,
    latestEntryAt: exam.latest_entry_at,
    seconds: exam.seconds,
    attempts: exam.attempts,
    guests: exam.guests,
    accessCode,
    practice: exam.practice,
    facts: [...exam.facts],
    offlineSeconds: exam.offline_seconds,
    resultsShown: exam.results_shown,
    standing: exam.standing,
    supervision: { ...exam.supervision },
    publishedAt: exam.published_at,
    releasedAt: exam.released_at,
    createdAt: exam.created_at,
    version: exam.version,
  };
}

/** The data of an examination's webhook events. */
export function examEventData({ id: examinationId, title, course_id, opens_at, closes_at }: Exam) {
  return { examinationId, title, courseId: course_id, opensAt: opens_at.toISOString(), closesAt: closes_at.toISOString() };
}
