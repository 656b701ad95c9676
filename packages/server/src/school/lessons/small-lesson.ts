/** Provides lessons in which everybody publishes and watches the others: small ones, and those of two people. */
import type { LessonMode } from "../foundation/store/lesson-modes.ts";

/** Everybody watches everybody: more people are a class. The teacher is one of them. */
export const SMALL_LESSON_PEOPLE = 16;

export const SMALL_LESSON_MODES: readonly LessonMode[] = ["small", "one-to-one"];

export function isSmallLesson({ mode }: { readonly mode: LessonMode }): boolean {
  return SMALL_LESSON_MODES.includes(mode);
}

/** The most people of a lesson at the same time; null: no limit. */
export function capacityOf({ mode, capacity }: { readonly mode: LessonMode; readonly capacity: number | null }): number | null {
  return isSmallLesson({ mode }) ? Math.min(capacity ?? SMALL_LESSON_PEOPLE, SMALL_LESSON_PEOPLE) : capacity;
}
