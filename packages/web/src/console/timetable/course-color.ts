/** Provides the colour of a course in the timetable: one of the series of the tokens, the same for a course on every device. */

const COLORS = 6;

/** The style sheet's class. @param courseId null: a lesson of no course */
export function courseClass(courseId: string | null): string {
  if (courseId === null) return "course-none";
  let sum = 0;
  for (const letter of courseId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return `course-${1 + (sum % COLORS)}`;
}
