/** Tells the guardians of students, and webhooks, who did not come to a lesson. */
import type { Change } from "../../foundation/store/change.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { type GuardianNotice, queueNotices } from "./notices.ts";

type Person = {
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly name: string;
  readonly status: string;
};

/** Events of one lesson; a course has far fewer students. */
const MAX_EVENTS = 2000;

/** To be called once for each lesson that has ended. */
export async function tellOfAbsences(change: Change, lesson: Lesson, people: readonly Person[]): Promise<void> {
  const { id: lessonId, title, school_id: schoolId, started_at: startedAt } = lesson;
  const absent = people.filter(({ status }) => status === "absent").slice(0, MAX_EVENTS);
  const day = (startedAt ?? lesson.starts_at)?.toISOString().slice(0, 10) ?? "";
  const notices = absent.flatMap(({ userId }): GuardianNotice[] => {
    if (userId === null) return [];
    const subject = `${title} (${day})`;
    const text = (child: string) =>
      `${child} was not in the lesson “${title}” (${day}).\n\n${child} 缺席了课程“${title}”（${day}）。\n`;
    return [{ kind: "absence", childId: userId, about: lessonId, subject, text }];
  });
  await queueNotices(change, notices);
  for (const { userId, externalId, name } of absent)
    await change.emit("attendance.absent", schoolId, { lessonId, title, userId, externalId, name });
}
