/** Defines what the API takes and returns about lessons. */

import { z } from "zod";
import { fieldText } from "../foundation/messages/field-texts.ts";
import { externalId, id, instant, text, time, version } from "../foundation/requests/fields.ts";
import { ladderChoiceFields, ladderFields } from "../foundation/schools/ladder-choice.ts";
import { LESSON_MODES } from "../foundation/store/lesson-modes.ts";
import { LESSON_STATES } from "../foundation/store/lesson-tables.ts";
import type { Lesson } from "../foundation/store/tables.ts";
import { type Hosts, playUrls, publishUrls } from "./play-urls.ts";

export const lessonShape = z
  .object({
    id,
    schoolId: id,
    courseId: id.nullable(),
    teacherId: id.nullable(),
    title: z.string(),
    mode: z.enum(LESSON_MODES),
    state: z.enum(LESSON_STATES),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    endedBy: z
      .enum(["publisher", "hand"])
      .nullable()
      .describe("A lesson that its publisher ended continues when the publisher returns."),
    publisherLeftAt: time
      .nullable()
      .describe("Since when nobody publishes to the live lesson; null: somebody does, or nobody has yet."),
    record: z.boolean(),
    captions: z.boolean().describe("Whether what is said is written down while the lesson is live."),
    guests: z.boolean().describe("Whether people without an account may join with the code."),
    locked: z.boolean().describe("Whether new guests are refused. People of the lesson and guests who are inside stay."),
    waitingRoom: z.boolean().describe("Whether new guests wait until they are let in."),
    openToSchool: z
      .boolean()
      .describe("Whether all students of the school may see and join it. Counts for a lesson without a course."),
    capacity: z
      .int()
      .nullable()
      .describe(
        "Maximum number of people at the same time; null: no limit. One place is kept for the teacher; members have theirs before guests.",
      ),
    code: z.string().nullable().describe("For teachers of the lesson, and for everyone where guests may join."),
    joinUrl: z.string().nullable(),
    stream: z
      .object({
        app: z.string(),
        name: z.string(),
        publishKey: z.string(),
        rtmpUrl: z.string(),
        srtUrl: z.string().nullable().describe("Null: SRT is off."),
        whipUrl: z.string(),
      })
      .nullable()
      .describe("Where to publish; for teachers of the lesson, and API keys with publish-keys:write."),
    play: z
      .object({ flv: z.string(), hls: z.string(), whep: z.string(), rtmp: z.string(), srt: z.string().nullable() })
      .describe("Unsigned. Only the signed links that joining returns open the stream. `srt` is null where SRT is off."),
    ...ladderFields,
    deletedAt: time.nullable().describe("When the lesson was moved to the bin."),
    externalId: z.string().nullable().describe("The lesson's id in the school's own system."),
    seriesId: id.nullable().describe("The series that the lesson belongs to."),
    occurrence: z.string().nullable().describe("Its day in the series, which stays when the lesson is moved: `2026-12-24`."),
    isEdited: z.boolean().describe("Whether the lesson differs from its series, whose changes leave it as it is."),
    createdAt: time,
    updatedAt: time,
    version,
  })
  .meta({ id: "Lesson" });

export const capacity = z.int().min(1).max(1_000_000).nullable();
export const newLesson = z
  .strictObject({
    schoolId: id.optional(),
    title: text(200),
    startsAt: instant.optional(),
    endsAt: instant.optional(),
    courseId: id.optional(),
    teacherId: id.optional(),
    mode: z.enum(LESSON_MODES).default("broadcast"),
    record: z.boolean().default(false),
    captions: z.boolean().default(false),
    guests: z.boolean().optional().describe("Default: the school's setting."),
    externalId: externalId.optional(),
    waitingRoom: z.boolean().default(false),
    openToSchool: z.boolean().default(false),
    ...ladderChoiceFields,
    capacity: capacity
      .optional()
      .describe(
        "Default: 2 for one to one, 16 for a small lesson, 20 for a small interactive lesson, else no limit. A small lesson never has more than 16.",
      ),
  })
  .refine(endsAfterStart, { path: ["endsAt"], error: fieldText.key("ends-before-start") });
export const changedLesson = z.strictObject({
  title: text(200).optional(),
  startsAt: instant.nullable().optional(),
  endsAt: instant.nullable().optional(),
  courseId: id.nullable().optional(),
  teacherId: id.nullable().optional(),
  mode: z.enum(LESSON_MODES).optional(),
  record: z.boolean().optional(),
  captions: z.boolean().optional(),
  guests: z.boolean().optional(),
  locked: z.boolean().optional(),
  waitingRoom: z.boolean().optional(),
  openToSchool: z.boolean().optional(),
  capacity: capacity.optional(),
  ...ladderChoiceFields,
  externalId: externalId.nullable().optional(),
});

/** Whether a lesson ends after it starts; true where one of the times is missing. */
export function endsAfterStart({
  startsAt,
  endsAt,
}: {
  readonly startsAt?: string | null | undefined;
  readonly endsAt?: string | null | undefined;
}): boolean {
  return !startsAt || !endsAt || Date.parse(endsAt) > Date.parse(startsAt);
}

/** What a reader of a lesson sees of its secrets. */
export type LessonReader = {
  /** The join code. A lesson for guests shows it to everyone. */
  readonly mayInvite: boolean;
  /** The publish key. */
  readonly mayPublish: boolean;
};

export const GUEST_READER: LessonReader = { mayInvite: false, mayPublish: false };

/** A lesson as the API returns it. */
export function lessonResponse(lesson: Lesson, hosts: Hosts, reader: LessonReader) {
  const { stream_app: app, stream_name: name, publish_key: publishKey } = lesson;
  const mayInvite = reader.mayInvite || lesson.guests;
  return {
    id: lesson.id,
    schoolId: lesson.school_id,
    courseId: lesson.course_id,
    teacherId: lesson.teacher_id,
    title: lesson.title,
    mode: lesson.mode,
    state: lesson.state,
    startsAt: lesson.starts_at,
    endsAt: lesson.ends_at,
    startedAt: lesson.started_at,
    endedAt: lesson.ended_at,
    endedBy: lesson.ended_by,
    publisherLeftAt: lesson.publisher_left_at,
    record: lesson.record,
    captions: lesson.captions,
    guests: lesson.guests,
    locked: lesson.locked,
    waitingRoom: lesson.waiting_room,
    openToSchool: lesson.open_to_school,
    capacity: lesson.capacity,
    code: mayInvite ? lesson.code : null,
    joinUrl: mayInvite ? `${hosts.origin}/j/${lesson.code}` : null,
    stream: reader.mayPublish ? { app, name, publishKey, ...publishUrls(lesson, hosts) } : null,
    play: playUrls(lesson, hosts),
    ladder: lesson.ladder,
    ladderStart: lesson.ladder_start,
    deletedAt: lesson.deleted_at,
    externalId: lesson.external_id,
    seriesId: lesson.series_id,
    occurrence: lesson.occurrence,
    isEdited: lesson.series_edited,
    createdAt: lesson.created_at,
    updatedAt: lesson.updated_at,
    version: lesson.version,
  };
}
