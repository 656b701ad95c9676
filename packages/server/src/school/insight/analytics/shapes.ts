/** Defines what the API returns of analytics. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { LESSON_OUTCOMES } from "./student-lessons.ts";

const whole = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const title = z.string();

const interaction = {
  lines: whole.describe("Lines of chat and bullet comments, of students and guests."),
  questions: whole,
  hands: whole.describe("How often a hand was raised."),
  answers: whole.describe("Answers to quizzes."),
};

const division = z
  .array(
    z
      .object({ name: z.string().describe("Empty: not known."), sessions: whole, watchedMs: whole })
      .meta({ id: "AnalyticsDivision" }),
  )
  .readonly();

export const lessonAnalyticsShape = z
  .object({
    lessonId: id,
    title,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    expected: whole.nullable().describe("Students of the course; null: the lesson has no course."),
    came: whole.nullable().describe("Students of the course who joined."),
    people: whole.describe("Students and guests who were in the room while the lesson went on."),
    presentMs: whole.describe("Of all of them."),
    viewers: whole.nullable().describe("Students and guests who watched it live; null: the school keeps no sessions."),
    sessions: whole,
    watchedMs: whole.describe("Live, by all players."),
    stallMs: whole,
    peak: whole.describe("The most players at one moment; where the school keeps no sessions, the highest mean of a minute."),
    ...interaction,
    minutes: z.array(z.object({ at: time, present: whole, watching: whole })).readonly(),
    replays: z
      .array(
        z.object({
          recordingId: id,
          title,
          seconds: z.number(),
          chapters: z.array(z.object({ seconds: z.number(), title })).readonly(),
          playedMs: whole,
          minutes: z
            .array(z.number().min(0))
            .readonly()
            .describe("How often each minute was played; 1: once, or by two people half of it each."),
        }),
      )
      .readonly(),
    by: z.object({ device: division, engine: division, carrier: division, region: division }),
    ranking: z.boolean().describe("Whether the school has rankings."),
  })
  .meta({ id: "LessonAnalytics" });

export const lessonPersonShape = z
  .object({
    id: id.describe("The participant's id."),
    userId: id.nullable(),
    name: z.string(),
    role: z.string(),
    presentMs: whole,
    watchedMs: whole.nullable().describe("Live; null: the school keeps no names with views."),
    ...interaction,
    correct: whole.describe("Right answers."),
    interactions: whole.describe("Lines, questions, hands and answers."),
  })
  .meta({ id: "LessonPerson" });

export const schoolReportRowShape = z
  .object({
    key: z.string().describe("The day or an id; empty: none."),
    name: z.string(),
    lessons: whole.describe("Lessons that have ended."),
    viewers: whole.describe("Students and guests who watched live, by lesson."),
    watchedMs: whole,
    people: whole.describe("Students and guests who were in the room, by lesson."),
    presentMs: whole,
    peak: whole.describe("The most players at a time: of a day, in all its lessons together; otherwise in one lesson."),
    interactions: whole,
    stallRatio: share.describe("Time stalled of the time that a picture should have moved; null: nobody watched."),
    completionRate: share.describe("Viewers whose last session did not end by a failure."),
  })
  .meta({ id: "SchoolReportRow" });

const own = {
  presentMs: whole.describe("In the room, while lessons went on."),
  watchedMs: whole.nullable().describe("Live; null: the school keeps no names with views."),
  quizzes: whole.describe("Quizzes with names that were asked."),
  answered: whole,
  graded: whole.describe("Of those answered, which have a right answer."),
  correct: whole,
  stars: whole.describe("That staff gave in the rooms of lessons."),
};

const section = z
  .object({
    title: z.string().nullable().describe("Of the chapter; null: none."),
    fromSeconds: z.number(),
    toSeconds: z.number(),
    seen: z.number().min(0).max(1).describe("In the lesson, or since."),
    unseenFromSeconds: z.number().nullable(),
    unseenSeconds: z.number(),
  })
  .meta({ id: "RecordingSection" });

export const studentLessonShape = z
  .object({
    lessonId: id,
    title,
    courseId: id.nullable(),
    course: z.string().nullable(),
    startedAt: time,
    endedAt: time.nullable(),
    outcome: z
      .enum(LESSON_OUTCOMES)
      .describe("attended: half of the lesson or more. partly: less. missed: nothing. live: it goes on."),
    ...own,
    recordings: z
      .array(z.object({ id, title, seconds: z.number(), playedMs: whole, sections: z.array(section).readonly() }))
      .readonly(),
  })
  .meta({ id: "StudentLesson" });

const step = z
  .object({
    lessonId: id,
    lesson: z.string(),
    course: z.string().nullable(),
    startedAt: time,
    why: z.enum(["missed", "chapter"]).describe("The whole lesson, or what of it is missing."),
    recordingId: id.nullable().describe("Null: there is no recording."),
    chapter: z.string().nullable(),
    fromSeconds: whole.describe("Where to begin in the recording."),
    seconds: whole.describe("How long it takes."),
    path: z.string().nullable().describe("The page on which the student plays it."),
  })
  .meta({ id: "CatchUpStep" });

const outcomes = {
  lessons: whole.describe("Lessons that have ended."),
  attended: whole,
  partly: whole,
  missed: whole,
  caughtUp: whole.describe("Of those not attended, which have been watched since."),
};

export const studentRecordShape = z
  .object({
    userId: id,
    name: z.string(),
    from: time,
    to: time,
    ...outcomes,
    ...own,
    replayMs: whole,
    catchUp: z.array(step).readonly().describe("The oldest lessons first; at most 100 steps."),
  })
  .meta({ id: "StudentRecord" });

export const courseResultShape = z.object({ userId: id, name: z.string(), ...outcomes, ...own }).meta({ id: "CourseResult" });
