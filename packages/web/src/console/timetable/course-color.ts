/**
 * Provides the colours of courses in the timetable, of the series of the tokens: a course has the same one on every device, as long as no other that is
 * shown has it too.
 */

const COLORS = 6;

/** The style sheet's classes, by course. @param courseIds of the lessons that are shown; null: a lesson of no course */
export function courseClasses(courseIds: readonly (string | null)[]): (courseId: string | null) => string {
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of [...new Set(courseIds)].filter((one) => one !== null).toSorted()) {
    if (taken.size === COLORS) taken.clear();
    let color = ownColor(id);
    while (taken.has(color)) color = (color + 1) % COLORS;
    taken.add(color);
    colors.set(id, color);
  }
  return (courseId) => (courseId === null ? "course-none" : `course-${1 + (colors.get(courseId) ?? ownColor(courseId))}`);
}

function ownColor(courseId: string): number {
  let sum = 0;
  for (const letter of courseId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % COLORS;
}
