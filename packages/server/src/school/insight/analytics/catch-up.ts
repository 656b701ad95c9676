/** Defines what a student should catch up on: a path through the lessons that they missed, and the chapters of recordings that they have not seen. */
import type { StudentLesson } from "./student-lessons.ts";

export type CatchUpStep = {
  readonly lessonId: string;
  readonly lesson: string;
  readonly course: string | null;
  readonly startedAt: Date;
  /** The whole lesson, or what of it is missing. */
  readonly why: "missed" | "chapter";
  /** Null: there is no recording of the lesson. */
  readonly recordingId: string | null;
  readonly chapter: string | null;
  /** Where to begin in the recording. */
  readonly fromSeconds: number;
  /** How long it takes. */
  readonly seconds: number;
  /** The page on which the student plays it; null where nothing can be played. */
  readonly path: string | null;
};

/** A section of which less was seen is a step. */
const SEEN_ENOUGH = 0.5;

/** The steps of a lesson, in the order of its recordings. */
export function catchUpOf(lesson: StudentLesson): readonly CatchUpStep[] {
  if (lesson.outcome === "live") return [];
  const about = { lessonId: lesson.lessonId, lesson: lesson.title, course: lesson.course, startedAt: lesson.startedAt };
  if (lesson.recordings.length === 0) {
    if (lesson.outcome === "attended") return [];
    const lengthMs = (lesson.endedAt?.getTime() ?? lesson.startedAt.getTime()) - lesson.startedAt.getTime();
    const nothing = { recordingId: null, chapter: null, fromSeconds: 0, path: null };
    return [{ ...about, why: "missed", ...nothing, seconds: Math.round((lengthMs - lesson.presentMs) / 1000) }];
  }
  return lesson.recordings.flatMap(({ id, sections }) =>
    sections
      .filter(({ seen, unseenFromSeconds }) => seen < SEEN_ENOUGH && unseenFromSeconds !== null)
      .map(({ title, unseenFromSeconds, unseenSeconds }): CatchUpStep => {
        const fromSeconds = Math.floor(unseenFromSeconds ?? 0);
        const path = `/console/record?recording=${id}&at=${fromSeconds}`;
        const why = lesson.outcome === "missed" ? "missed" : "chapter";
        return { ...about, why, recordingId: id, chapter: title, fromSeconds, seconds: Math.round(unseenSeconds), path };
      }),
  );
}
