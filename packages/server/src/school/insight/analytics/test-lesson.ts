/** Writes lessons with who was there, what was watched and said, for tests of analytics. */

import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { Chapter } from "../../foundation/store/lesson-tables.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import { insertLesson } from "../../foundation/store/test-database.ts";

/** When lessons of tests begin. */
export const START = Date.UTC(2026, 10, 23, 9, 0, 0);
export const MINUTE_MS = 60_000;
const at = (minute: number, start = START) => new Date(start + minute * MINUTE_MS);

type LessonOf = { readonly courseId?: string; readonly teacherId?: string; readonly start?: number; readonly minutes?: number };

/** A lesson that has ended, whose room is there. Default: of an hour. */
export async function endedLesson(db: Database, schoolId: string, of: LessonOf = {}): Promise<Lesson> {
  const { courseId: course_id = null, teacherId: teacher_id = null, start = START, minutes = 60 } = of;
  const { id } = await insertLesson(db, schoolId, { state: "ended", course_id, teacher_id });
  const times = { started_at: at(0, start), ended_at: at(minutes, start) };
  await db
    .insertInto("room_presence")
    .values({ lesson_id: id, owner: "", seen_at: at(minutes, start), version: 0 })
    .execute();
  return await db.updateTable("lessons").set(times).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

type PersonOf = { readonly userId?: string; readonly role?: "student" | "guest" | "teacher"; readonly name?: string };

/** A participant who was in the room in these minutes of the lesson. @param to null: until the lesson ended */
export async function attend(
  db: Database,
  lesson: Lesson,
  of: PersonOf,
  ...spans: readonly (readonly [from: number, to: number | null])[]
): Promise<string> {
  const id = newId();
  const { userId: user_id = null, role = "student", name = "P" } = of;
  const start = lesson.started_at?.getTime() ?? START;
  const joined = { joined_at: at(0, start), seen_at: at(0, start) };
  await db
    .insertInto("participants")
    .values({ id, lesson_id: lesson.id, user_id, name, role, ...joined })
    .execute();
  for (const [from, to] of spans) {
    const times = { from_at: at(from, start), to_at: to === null ? null : at(to, start) };
    await db
      .insertInto("attendance")
      .values({ participant_id: id, lesson_id: lesson.id, ...times, device: "", present: false, version: 1 })
      .execute();
  }
  return id;
}

/** A session of a player that watched from one minute of the lesson to another. */
export async function watch(db: Database, lesson: Lesson, participantId: string | null, from: number, to: number): Promise<void> {
  const start = lesson.started_at?.getTime() ?? START;
  await db
    .insertInto("view_sessions")
    .values({
      id: newId(),
      cid: `live/${lesson.stream_name}`,
      lesson_id: lesson.id,
      school_id: lesson.school_id,
      participant_id: participantId,
      trace: "",
      node: "n",
      edge: "e:1",
      engine: "flv",
      device: "phone",
      os: "",
      browser: "",
      line: "wifi",
      network: "",
      carrier: "telecom",
      region: "",
      started_at: at(from, start),
      last_at: at(to, start),
      ended_at: at(to, start),
      end_reason: "left",
      first_frame_ms: 300,
      complaint: null,
      heard_ms: 0,
      stalls: 0,
      stall_ms: 0,
      watched_ms: (to - from) * MINUTE_MS,
      frames: 99,
      dropped_frames: 1,
      bytes: 0,
      switches: 0,
      reconnects: 0,
      errors: 0,
      moments: json<readonly ViewMoment[]>([]),
    })
    .execute();
  for (let minute = from; minute < to; minute++) await watchMinute(db, lesson, minute);
}

async function watchMinute(db: Database, lesson: Lesson, minute: number): Promise<void> {
  await db
    .insertInto("view_minutes")
    .values({
      cid: `live/${lesson.stream_name}`,
      minute: at(minute, lesson.started_at?.getTime()),
      node: newId(),
      carrier: "telecom",
      region: "",
      engine: "flv",
      device: "phone",
      lesson_id: lesson.id,
      school_id: lesson.school_id,
      beacons: 6,
      sessions: 1,
      first_frames: json({}),
      stall_lengths: json({}),
      watched_ms: MINUTE_MS,
      heard_ms: 0,
      stalls: 0,
      stall_ms: 0,
      frames: 99,
      dropped_frames: 1,
      bytes: 0,
      switches: 0,
      reconnects: 0,
      errors: 0,
    })
    .execute();
}

let entries = 0;

/** Something that a participant did in the room. */
export async function say(db: Database, lesson: Lesson, from: string, kind: string, of: SayOf = {}): Promise<void> {
  const seq = ++entries;
  await db
    .insertInto("room_entries")
    .values({
      lesson_id: lesson.id,
      epoch: "e",
      seq,
      at: at(1),
      media_time: null,
      id: newId(),
      from_id: from,
      from_name: "P",
      from_role: of.role ?? "member",
      kind,
      audience: "all",
      key: of.key ?? null,
      gone: false,
      sampled: false,
      body: json<Readonly<Record<string, unknown>>>(of.body ?? {}),
    })
    .execute();
}

type SayOf = {
  readonly role?: "member" | "guest" | "staff";
  readonly key?: string;
  readonly body?: Readonly<Record<string, unknown>>;
};

/** A quiz with the answers of participants; null: it has no right answer. */
export async function quiz(db: Database, lesson: Lesson, answers: Readonly<Record<string, boolean | null>>): Promise<void> {
  const id = newId();
  await db
    .insertInto("quizzes")
    .values({
      id,
      lesson_id: lesson.id,
      type: "boolean",
      text: "?",
      options: json<readonly string[]>([]),
      correct: json(null),
      state: "closed",
      anonymous: false,
      person_salt: null,
      explanation: null,
      opened_at: at(1),
    })
    .execute();
  for (const [participant_id, is_correct] of Object.entries(answers))
    await db
      .insertInto("quiz_answers")
      .values({ quiz_id: id, participant_id, choice: json(true), answered_at: at(2), is_correct })
      .execute();
}

/** A published recording of the whole lesson. */
export async function record(db: Database, lesson: Lesson, chapters: readonly Chapter[] = []): Promise<string> {
  const id = newId();
  const begin = lesson.started_at ?? at(0);
  await db
    .insertInto("recordings")
    .values({
      id,
      school_id: lesson.school_id,
      lesson_id: lesson.id,
      app: "live",
      name: lesson.stream_name,
      epoch: "e",
      title: lesson.title,
      started_at: begin,
      seconds: ((lesson.ended_at ?? begin).getTime() - begin.getTime()) / 1000,
      bytes: 1,
      whole: true,
      files: json<readonly string[]>([]),
      published: true,
      chapters: json(chapters),
    })
    .execute();
  return id;
}
