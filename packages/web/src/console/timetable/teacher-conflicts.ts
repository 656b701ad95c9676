/** Finds lessons of one teacher that are at the same time. */
import type { PlacedLesson } from "./use-timetable.ts";

export type Conflict = { readonly teacherId: string; readonly first: PlacedLesson; readonly second: PlacedLesson };

/** Each lesson with those that begin before it ends; lessons that are over do not count. */
export function conflictsOf(placed: readonly PlacedLesson[]): readonly Conflict[] {
  const ahead = placed.filter(({ lesson }) => lesson.teacherId !== null && lesson.state !== "ended");
  const byTeacher = Map.groupBy(ahead, ({ lesson }) => lesson.teacherId ?? "");
  return [...byTeacher].flatMap(([teacherId, lessons]) => {
    const sorted = lessons.toSorted((a, b) => a.slot.start.toMillis() - b.slot.start.toMillis());
    return sorted.flatMap((first, i) =>
      sorted
        .slice(i + 1)
        .filter((second) => second.slot.start < first.slot.end)
        .map((second) => ({ teacherId, first, second })),
    );
  });
}
