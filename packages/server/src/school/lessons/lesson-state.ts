/** Starts and ends lessons: the state in the database, its audit entry and its webhook event. */
import type { Change } from "../foundation/store/change.ts";
import type { LessonTrigger } from "../foundation/store/lesson-tables.ts";
import type { Lesson } from "../foundation/store/tables.ts";
import { updateRow } from "../foundation/store/update-row.ts";

/** Marks a lesson as live and returns it. A lesson that is live already is returned unchanged. */
export async function startLesson(change: Change, lesson: Lesson, trigger: LessonTrigger): Promise<Lesson> {
  if (lesson.state === "live") return lesson;
  const now = new Date();
  const live = await updateRow(change, "lessons", lesson, {
    state: "live",
    // A lesson that continues after its publisher disconnected keeps its start time.
    started_at: lesson.started_at ?? now,
    started_by: trigger,
    ended_at: null,
    ended_by: null,
  });
  await auditState(change, "lesson.start", lesson, live);
  await change.emit("lesson.started", lesson.school_id, { lessonId: lesson.id, title: lesson.title, by: trigger });
  return live;
}

/** Notes since when nobody publishes to a live lesson, or that somebody does again, and returns the lesson. A time that was noted stays. */
export async function notePublisher(change: Change, lesson: Lesson, isPublished: boolean): Promise<Lesson> {
  const leftAt = isPublished ? null : (lesson.publisher_left_at ?? new Date());
  if (leftAt === lesson.publisher_left_at) return lesson;
  return await updateRow(change, "lessons", lesson, { publisher_left_at: leftAt });
}

/**
 * Marks a lesson as ended and returns it. Ending by hand is final; the publisher's end is not, and the lesson ended when the publisher left.
 */
export async function endLesson(change: Change, lesson: Lesson, trigger: LessonTrigger): Promise<Lesson> {
  if (lesson.state === "ended" && (lesson.ended_by === "hand" || trigger === "publisher")) return lesson;
  const ended = await updateRow(change, "lessons", lesson, {
    state: "ended",
    ended_at: (trigger === "publisher" && lesson.publisher_left_at) || new Date(),
    ended_by: trigger,
    publisher_left_at: null,
    // The publisher may come back.
    record_choice: trigger === "hand" ? null : lesson.record_choice,
  });
  await auditState(change, "lesson.end", lesson, ended);
  if (lesson.state !== "ended")
    await change.emit("lesson.ended", lesson.school_id, { lessonId: lesson.id, title: lesson.title, by: trigger });
  return ended;
}

function auditState(change: Change, action: string, before: Lesson, after: Lesson): Promise<void> {
  const stateOf = ({ state, started_at, started_by, ended_at, ended_by }: Lesson) => ({
    state,
    started_at,
    started_by,
    ended_at,
    ended_by,
  });
  return change.audit({
    action,
    schoolId: before.school_id,
    targetKind: "lesson",
    targetId: before.id,
    before: stateOf(before),
    after: stateOf(after),
  });
}
