/** Selects what needs attention on the console's home page. */

/** A teacher may be this late before the lesson is listed. */
const LATE_MS = 5 * 60_000;
/** A lesson without a teacher is listed this long before it starts. */
const NO_TEACHER_AHEAD_MS = 86_400_000;

export type PlannedLesson = { readonly startsAt: string | null; readonly teacherId: string | null };

/** Lessons that should have started. @param now milliseconds since 1970 */
export function lateLessons<Lesson extends PlannedLesson>(planned: readonly Lesson[], now: number): readonly Lesson[] {
  return planned.filter(({ startsAt }) => startsAt !== null && Date.parse(startsAt) < now - LATE_MS);
}

/** Lessons of the next day without a teacher. @param now milliseconds since 1970 */
export function lessonsWithoutTeacher<Lesson extends PlannedLesson>(planned: readonly Lesson[], now: number): readonly Lesson[] {
  return planned.filter(({ startsAt, teacherId }) => {
    if (startsAt === null || teacherId !== null) return false;
    const aheadMs = Date.parse(startsAt) - now;
    return aheadMs > 0 && aheadMs < NO_TEACHER_AHEAD_MS;
  });
}

/** Sorted by their start; those without a time come last. */
export function byStart<Lesson extends { readonly startsAt: string | null }>(lessons: readonly Lesson[]): readonly Lesson[] {
  const start = ({ startsAt }: Lesson) => (startsAt ? Date.parse(startsAt) : Number.POSITIVE_INFINITY);
  return lessons.toSorted((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
}
