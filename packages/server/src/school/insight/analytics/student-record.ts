/** Provides a student's record over a term: the totals of their lessons, and what to catch up on. */
import type { Actor } from "../../../access/actor.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { type CatchUpStep, catchUpOf } from "./catch-up.ts";
import { type StudentLesson, type StudentScope, studentLessons } from "./student-lessons.ts";

export type StudentRecord = {
  /** Lessons that have ended. */
  readonly lessons: number;
  readonly attended: number;
  readonly partly: number;
  readonly missed: number;
  /** Of those not attended, which have been watched since. */
  readonly caughtUp: number;
  readonly presentMs: number;
  readonly watchedMs: number | null;
  readonly replayMs: number;
  readonly quizzes: number;
  readonly answered: number;
  readonly graded: number;
  readonly correct: number;
  readonly stars: number;
  /** The oldest lessons first. */
  readonly catchUp: readonly CatchUpStep[];
};

const LESSONS_PER_STEP = 200;
/** More than a student has in a year. */
const MAX_LESSONS = 4000;
/** A longer path is begun at its beginning. */
const MAX_STEPS = 100;

type Span = Pick<StudentScope, "from" | "to" | "courseId">;

export async function studentRecord(db: Db, student: User, reader: Actor, span: Span, now: Date): Promise<StudentRecord> {
  let record = EMPTY;
  for await (const lesson of allLessons(db, student, reader, span, now)) record = withLesson(record, lesson);
  return { ...record, catchUp: record.catchUp.slice(0, MAX_STEPS) };
}

/** The oldest first. */
export async function* allLessons(
  db: Db,
  student: User,
  reader: Actor,
  span: Span,
  now: Date,
): AsyncGenerator<StudentLesson, void> {
  let after: NonNullable<StudentScope["after"]> | null = null;
  for (let count = 0; count < MAX_LESSONS; count += LESSONS_PER_STEP) {
    const scope: StudentScope = { ...span, after, limit: LESSONS_PER_STEP, order: "oldest" };
    const page: readonly StudentLesson[] = await studentLessons(db, student, reader, scope, now);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < LESSONS_PER_STEP) return;
    after = { startedAt: last.startedAt, id: last.lessonId };
  }
}

const EMPTY: StudentRecord = {
  lessons: 0,
  attended: 0,
  partly: 0,
  missed: 0,
  caughtUp: 0,
  presentMs: 0,
  watchedMs: null,
  replayMs: 0,
  quizzes: 0,
  answered: 0,
  graded: 0,
  correct: 0,
  stars: 0,
  catchUp: [],
};

function withLesson(record: StudentRecord, lesson: StudentLesson): StudentRecord {
  const steps = catchUpOf(lesson);
  const { outcome } = lesson;
  const isOver = outcome !== "live";
  const one = (holds: boolean) => (holds ? 1 : 0);
  return {
    lessons: record.lessons + one(isOver),
    attended: record.attended + one(outcome === "attended"),
    partly: record.partly + one(outcome === "partly"),
    missed: record.missed + one(outcome === "missed"),
    caughtUp: record.caughtUp + one(isOver && outcome !== "attended" && steps.length === 0),
    presentMs: record.presentMs + lesson.presentMs,
    watchedMs: lesson.watchedMs === null ? record.watchedMs : (record.watchedMs ?? 0) + lesson.watchedMs,
    replayMs: record.replayMs + lesson.recordings.reduce((sum, { playedMs }) => sum + playedMs, 0),
    quizzes: record.quizzes + lesson.quizzes,
    answered: record.answered + lesson.answered,
    graded: record.graded + lesson.graded,
    correct: record.correct + lesson.correct,
    stars: record.stars + lesson.stars,
    catchUp: [...record.catchUp, ...steps],
  };
}
