/** Defines the kinds of lessons. */

export const LESSON_MODES = ["broadcast", "interactive-large", "interactive-small", "small", "one-to-one"] as const;
export type LessonMode = (typeof LESSON_MODES)[number];
