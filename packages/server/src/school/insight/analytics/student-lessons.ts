/**
 * Provides a student's lessons in a span of time: those of their courses, those they were invited to, and those they joined; each with what the
 * student did in it and saw of it since.
 */
import { type SqlBool, sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Buckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { Db, Lesson, Recording, User } from "../../foundation/store/tables.ts";
import { givenStars } from "../../lessons/given-stars.ts";
import { assistsLesson } from "../../lessons/student-access.ts";
import { covered, type SectionSeen, type Span, sectionsSeen } from "./coverage.ts";

/** attended: half of the lesson or more. partly: less. missed: nothing. live: it goes on. */
export const LESSON_OUTCOMES = ["attended", "partly", "missed", "live"] as const;
export type LessonOutcome = (typeof LESSON_OUTCOMES)[number];

export type StudentRecording = {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly playedMs: number;
  readonly sections: readonly SectionSeen[];
};

export type StudentLesson = {
  readonly lessonId: string;
  readonly title: string;
  readonly courseId: string | null;
  readonly course: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: LessonOutcome;
  /** In the room, while the lesson went on. */
  readonly presentMs: number;
  /** Live. Null: the school keeps no names with views. */
  readonly watchedMs: number | null;
  readonly quizzes: number;
  readonly answered: number;
  /** Of those answered, which have a right answer; and which of them were right. */
  readonly graded: number;
  readonly correct: number;
  /** That staff gave in the room. */
  readonly stars: number;
  /** Published, the oldest first. */
  readonly recordings: readonly StudentRecording[];
};

export type StudentScope = {
  readonly from: Date;
  readonly to: Date;
  readonly courseId?: string | undefined;
  /** The last lesson of the page before. */
  readonly after?: { readonly startedAt: Date; readonly id: string } | null;
  readonly limit: number;
  readonly order: "newest" | "oldest";
};

type LessonRow = Pick<Lesson, "id" | "title" | "course_id" | "started_at" | "ended_at" | "state"> & {
  readonly course: string | null;
};
type Own = Pick<StudentLesson, "quizzes" | "answered" | "graded" | "correct">;

const ATTENDED_SHARE = 0.5;

/** @param reader sees those lessons in which they assist; the student sees all */
export async function studentLessons(
  db: Db,
  student: User,
  reader: Actor,
  scope: StudentScope,
  now: Date,
): Promise<readonly StudentLesson[]> {
  const lessons = await lessonRows(db, student, reader, scope);
  const ids = lessons.map(({ id }) => id);
  if (ids.length === 0) return [];
  const present = await presentSpans(db, student.id, ids);
  const watched = await watchedSpans(db, student.id, ids);
  const answers = await answersIn(db, student.id, ids);
  const stars = await starsIn(db, student.id, ids);
  const recordings = await recordingsOf(db, student.id, ids);
  const { view_details: keeps } = await db
    .selectFrom("schools")
    .select("view_details")
    .where("id", "=", student.school_id)
    .executeTakeFirstOrThrow();
  return lessons.map((lesson) => {
    const there = present.get(lesson.id) ?? [];
    const views = watched.get(lesson.id) ?? [];
    const began = lesson.started_at ?? now;
    const whole = { from: began.getTime(), to: (lesson.ended_at ?? now).getTime() };
    const seen = [...there, ...views];
    const share = covered(whole, seen) / Math.max(1, whole.to - whole.from);
    return {
      lessonId: lesson.id,
      title: lesson.title,
      courseId: lesson.course_id,
      course: lesson.course,
      startedAt: began,
      endedAt: lesson.ended_at,
      outcome: lesson.state === "live" ? "live" : share >= ATTENDED_SHARE ? "attended" : share > 0 ? "partly" : "missed",
      presentMs: Math.round(covered(whole, there)),
      watchedMs: keeps === "names" ? views.reduce((sum, { watchedMs }) => sum + watchedMs, 0) : null,
      ...(answers.get(lesson.id) ?? { quizzes: 0, answered: 0, graded: 0, correct: 0 }),
      stars: stars.get(lesson.id) ?? 0,
      recordings: (recordings.get(lesson.id) ?? []).map((recording) => recordingSeen(recording, seen)),
    };
  });
}

async function lessonRows(db: Db, student: User, reader: Actor, scope: StudentScope): Promise<readonly LessonRow[]> {
  const { from, to, courseId, after, limit, order } = scope;
  const me = student.id;
  const direction = order === "newest" ? "desc" : "asc";
  let rows = db
    .selectFrom("lessons")
    .leftJoin("courses", "courses.id", "lessons.course_id")
    .select(["lessons.id", "lessons.title", "lessons.course_id", "lessons.started_at", "lessons.ended_at", "lessons.state"])
    .select("courses.name as course")
    .where("lessons.school_id", "=", student.school_id)
    .where("lessons.deleted_at", "is", null)
    .where("lessons.state", "!=", "scheduled")
    .where("lessons.started_at", ">=", from)
    .where("lessons.started_at", "<", to)
    .where(
      sql<SqlBool>`(lessons.course_id = any(array(select course_id from course_members where user_id = ${me} and role = 'student'))
        or lessons.id = any(array(select lesson_id from lesson_invitations where user_id = ${me}))
        or lessons.id = any(array(select lesson_id from participants where user_id = ${me} and waiting_since is null)))`,
    )
    .orderBy("lessons.started_at", direction)
    .orderBy("lessons.id", direction)
    .limit(limit);
  if (reader.id !== me || reader.kind !== "user") rows = rows.where(assistsLesson(reader));
  if (courseId !== undefined) rows = rows.where("lessons.course_id", "=", courseId);
  if (after)
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("lessons.started_at", "lessons.id"), order === "newest" ? "<" : ">", tuple(after.startedAt, after.id)),
    );
  return await rows.execute();
}

async function presentSpans(db: Db, userId: string, lessonIds: readonly string[]): Promise<Map<string, Span[]>> {
  const rows = await db
    .selectFrom("attendance")
    .innerJoin("participants", "participants.id", "attendance.participant_id")
    .innerJoin("room_presence", "room_presence.lesson_id", "attendance.lesson_id")
    .select(["attendance.lesson_id as lesson", "from_at", "to_at", "room_presence.seen_at"])
    .where("participants.user_id", "=", userId)
    .where("participants.lesson_id", "in", [...lessonIds])
    .execute();
  const spans = rows.map(({ lesson, from_at, to_at, seen_at }) => ({
    lesson,
    from: from_at.getTime(),
    // Who is there was there until the owner of the room last wrote.
    to: to_at?.getTime() ?? Math.max(seen_at.getTime(), from_at.getTime()),
  }));
  return Map.groupBy(spans, ({ lesson }) => lesson);
}

type WatchedSpan = Span & { readonly watchedMs: number };

/** When the student's players watched the lesson live. */
async function watchedSpans(db: Db, userId: string, lessonIds: readonly string[]): Promise<Map<string, WatchedSpan[]>> {
  const rows = await db
    .selectFrom("view_sessions")
    .innerJoin("participants", "participants.id", "view_sessions.participant_id")
    .select(["view_sessions.lesson_id as lesson", "started_at", "last_at", "watched_ms"])
    .where("participants.user_id", "=", userId)
    .where("participants.lesson_id", "in", [...lessonIds])
    .where("cid", "not like", "vod/%")
    .execute();
  // A page that is open and paused watches nothing.
  const spans = rows.map(({ lesson, started_at, last_at, watched_ms: watchedMs }) => ({
    lesson: lesson ?? "",
    from: started_at.getTime(),
    watchedMs,
    to: Math.min(last_at.getTime(), started_at.getTime() + watchedMs),
  }));
  return Map.groupBy(spans, ({ lesson }) => lesson);
}

async function answersIn(db: Db, userId: string, lessonIds: readonly string[]): Promise<Map<string, Own>> {
  const { rows } = await sql<Own & { readonly lesson: string }>`
    select quizzes.lesson_id as lesson, count(*)::int8 as quizzes, count(own.participant_id)::int8 as answered,
      count(own.is_correct)::int8 as graded, count(*) filter (where own.is_correct)::int8 as correct
    from quizzes
    left join (select quiz_answers.* from quiz_answers join participants on participants.id = quiz_answers.participant_id
      where participants.user_id = ${userId} and participants.lesson_id in (${sql.join(lessonIds)})) own on own.quiz_id = quizzes.id
    where quizzes.lesson_id in (${sql.join(lessonIds)}) and not quizzes.anonymous group by 1`.execute(db);
  return new Map(rows.map(({ lesson, ...own }) => [lesson, own]));
}

/** By lesson. */
async function starsIn(db: Db, userId: string, lessonIds: readonly string[]): Promise<Map<string, number>> {
  const joined = await db
    .selectFrom("participants")
    .select(["id", "lesson_id"])
    .where("user_id", "=", userId)
    .where("lesson_id", "in", [...lessonIds])
    .execute();
  const stars = await givenStars(db, { lessonIds, participants: joined.map(({ id }) => id) });
  return new Map(joined.map(({ id, lesson_id }) => [lesson_id, stars.get(id) ?? 0]));
}

type RecordingRow = Pick<Recording, "id" | "title" | "seconds" | "chapters" | "started_at"> & {
  readonly lesson: string | null;
  readonly minutes: Buckets | null;
};

async function recordingsOf(db: Db, userId: string, lessonIds: readonly string[]): Promise<Map<string | null, RecordingRow[]>> {
  const rows = await db
    .selectFrom("recordings")
    .leftJoin("replay_views", (join) =>
      join.onRef("replay_views.recording_id", "=", "recordings.id").on("replay_views.user_id", "=", userId),
    )
    .select(["recordings.id", "recordings.lesson_id as lesson", "title", "seconds", "chapters", "started_at", "minutes"])
    .where("lesson_id", "in", [...lessonIds])
    .where("published", "=", true)
    .where("whole", "=", true)
    .where("deleted_at", "is", null)
    .orderBy("started_at")
    .orderBy("recordings.id")
    .execute();
  return Map.groupBy(rows, ({ lesson }) => lesson);
}

function recordingSeen(
  { id, title, seconds, chapters, started_at, minutes }: RecordingRow,
  present: readonly Span[],
): StudentRecording {
  const played = minutes ?? {};
  return {
    id,
    title,
    seconds,
    playedMs: Object.values(played).reduce((sum, ms) => sum + ms, 0),
    sections: sectionsSeen({ startedAt: started_at.getTime(), seconds, chapters }, present, played),
  };
}
