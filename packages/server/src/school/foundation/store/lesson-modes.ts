/** Defines the kinds of lessons: who is seen and heard. */
export const LESSON_MODES = ["broadcast", "interactive-large", "interactive-small", "small", "one-to-one"] as const;
export type LessonMode = (typeof LESSON_MODES)[number];
