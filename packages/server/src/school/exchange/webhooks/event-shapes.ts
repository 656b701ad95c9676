/**
 * Defines what the data of each webhook event has, for the `webhooks` of the OpenAPI document. Tests compare it with the deliveries of the school's
 * tests.
 */

import { QUIZ_TYPES } from "@lectern/room";
import { z } from "zod";
import { SCALED_ROLES } from "../../../platform/config/scaling-schema.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import { ACTS, APPROVAL_STATES } from "../../foundation/store/approval-tables.ts";
import { EVENTS, type EventName } from "../../foundation/store/events.ts";
import { HANDED_IN_BY } from "../../foundation/store/exam-tables.ts";
import { LESSON_STATES } from "../../foundation/store/lesson-tables.ts";

const lesson = z
  .object({
    lessonId: id,
    title: z.string(),
    state: z.enum(LESSON_STATES),
    courseId: id.nullable(),
    teacherId: id.nullable(),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
  })
  .meta({ id: "LessonEvent" });
const lessonState = z.object({ lessonId: id, title: z.string(), by: z.enum(["hand", "publisher"]) });
const recording = z
  .object({ recordingId: id, title: z.string(), lessonId: id.nullable(), app: z.string(), name: z.string() })
  .meta({ id: "RecordingEvent" });
const user = z
  .object({
    userId: id,
    login: z.string(),
    name: z.string(),
    role: z.string(),
    externalId: z.string().nullable(),
    disabled: z.boolean(),
  })
  .meta({ id: "UserEvent" });
const course = z.object({ courseId: id, name: z.string(), externalId: z.string().nullable() }).meta({ id: "CourseEvent" });
const stream = z
  .object({ app: z.string(), name: z.string(), epoch: z.string(), lessonId: id.nullable() })
  .meta({ id: "StreamEvent" });
const alarm = z
  .object({ alarmId: id, code: z.string(), subject: z.string(), detail: z.string(), severity: z.string() })
  .meta({ id: "AlarmEvent" });
const exam = z
  .object({ examinationId: id, title: z.string(), courseId: id.nullable(), opensAt: time, closesAt: time })
  .meta({ id: "ExamEvent" });
const candidate = { examinationId: id, attemptId: id, userId: id.nullable().describe("Null: a guest.") };
const approval = z
  .object({
    approvalId: id,
    act: z.enum(ACTS),
    targetKind: z.string(),
    targetId: z.string(),
    state: z.enum(APPROVAL_STATES),
    askedBy: id.nullable().describe("Null: the operator's token."),
    decidedBy: id.nullable(),
  })
  .meta({ id: "ApprovalEvent" });
const person = z.object({
  id: z.string().describe("The participant."),
  name: z.string(),
  role: z.enum(["staff", "member", "guest", "watcher"]),
  watches: z.boolean().optional(),
});
const line = { lessonId: id, ref: id, text: z.string() };
const quiz = { lessonId: id, quizId: id, type: z.enum(QUIZ_TYPES), text: z.string(), anonymous: z.boolean() };
const signed = { ref: id, title: z.string(), signed: z.int(), late: z.int() };

export const EVENT_DATA: Readonly<Record<EventName, z.ZodObject>> = {
  "lesson.created": lesson,
  "lesson.changed": lesson,
  "lesson.deleted": lesson,
  "lesson.restored": lesson,
  "lesson.started": lessonState,
  "lesson.ended": lessonState,
  "recording.started": recording,
  "recording.ready": recording.extend({ seconds: z.number(), bytes: z.number() }).meta({ id: "ReadyRecordingEvent" }),
  "recording.deleted": recording,
  "recording.restored": recording,
  "user.created": user,
  "user.changed": user,
  "user.erased": user,
  "course.created": course,
  "course.changed": course,
  "course.deleted": course,
  "import.finished": z.object({ importId: id, kind: z.string(), rows: z.int(), added: z.int() }),
  "participant.joined": z.object({
    participantId: id,
    lessonId: id,
    userId: id.nullable().describe("Null: a guest."),
    name: z.string(),
    role: z.string(),
  }),
  "check-in.made": z.object({
    formId: id,
    form: z.string(),
    userId: id,
    day: z.string().describe("YYYY-MM-DD, in the school's time zone."),
  }),
  "attendance.absent": z.object({
    lessonId: id,
    title: z.string(),
    userId: id,
    externalId: z.string().nullable(),
    name: z.string(),
  }),
  "participant.removed": z.object({ lessonId: id, participantId: id, name: z.string() }),
  "stream.started": stream,
  "stream.ended": stream,
  "alarm.raised": alarm,
  "alarm.cleared": alarm,
  "room.chat": z.object({
    ...line,
    masked: z.literal(true).optional().describe("Words were replaced."),
    replyTo: id.optional(),
    to: z.union([z.enum(["all", "staff"]), z.object({ participant: id })]),
    from: person,
  }),
  "room.question": z.object({
    ...line,
    masked: z.literal(true).optional().describe("Words were replaced."),
    votes: z.int(),
    state: z.enum(["open", "answered"]),
    answer: z.string().optional(),
    author: z.object({ id: z.string(), name: z.string() }),
    to: z.literal("all").optional(),
    from: person.optional().describe("With a question that staff had to approve."),
  }),
  "room.announcement": z.object({ ...line, from: person }),
  "room.hand": z.object({
    lessonId: id,
    person: id,
    name: z.string().optional().describe("Not with `lowered`."),
    state: z.enum(["raised", "called", "lowered"]),
    since: z.int().optional().describe("Milliseconds since 1970. Not with `lowered`."),
  }),
  "room.quiz.opened": z.object(quiz),
  "room.quiz.closed": z.object({
    ...quiz,
    answered: z.int(),
    correct: z.int().nullable().describe("Null: the quiz has no correct answer."),
    counts: z
      .array(z.object({ choice: z.union([z.number(), z.boolean(), z.string()]), count: z.int() }))
      .describe("All options in their order, or the most frequent answers first."),
    others: z.int(),
  }),
  "exam.published": exam,
  "exam.handed-in": z.object({ ...candidate, at: time, by: z.enum(HANDED_IN_BY) }),
  "exam.graded": z.object({
    ...candidate,
    points: z.number(),
    of: z.number(),
    waiting: z.int().describe("Answers that people have to mark."),
  }),
  "exam.released": exam,
  "approval.requested": approval,
  "approval.decided": approval,
  "capacity.wanted": z.object({
    role: z.enum(SCALED_ROLES),
    region: z.string(),
    nodes: z.int().describe("Nodes that admit clients."),
    wanted: z.int().describe("How many there should be."),
    reason: z.string().describe("What decides: `load`, `timetable`, `held`, `smallest` or `largest`."),
    surplus: z.array(z.string()).describe("Nodes to drain and then to stop, where fewer are wanted than there are."),
  }),
  "room.signin.closed": z.object({ lessonId: id, ...signed }),
  "attendance.ready": z.object({
    lessonId: id,
    title: z.string(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    present: z.int(),
    guests: z.int(),
    absent: z.int(),
    attended: z.int(),
    averageSeconds: z.int(),
    signins: z.array(z.object(signed)),
  }),
};

/** The bodies of deliveries, by event. */
export function deliveryBodies(): Readonly<Record<string, z.ZodObject>> {
  const body = (event: EventName) =>
    z.object({
      id: id.describe("Stays the same in retries."),
      event: z.literal(event),
      at: time,
      schoolId: id.nullable().describe("Null: of the platform."),
      data: EVENT_DATA[event],
    });
  return Object.fromEntries(EVENTS.map((event) => [event, body(event)]));
}
