/** Builds the row of a new lesson. */
import { newLessonStream } from "../../access/policies/stream-policy.ts";
import { newId } from "../../platform/id.ts";
import { newSecret } from "../../platform/secrets.ts";
import type { LessonMode } from "../foundation/store/lesson-modes.ts";
import { newCode } from "./join-code.ts";
import { SMALL_LESSON_PEOPLE } from "./small-lesson.ts";

/** Capacity of a new lesson by its mode; null: no limit. */
const CAPACITY: Readonly<Record<LessonMode, number | null>> = {
  broadcast: null,
  "interactive-large": null,
  "interactive-small": 20,
  small: SMALL_LESSON_PEOPLE,
  "one-to-one": 2,
};
const LESSON_APP = "live";

export type NewLesson = {
  readonly schoolId: string;
  readonly title: string;
  readonly courseId: string | null;
  readonly teacherId: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly mode: LessonMode;
  readonly record: boolean;
  readonly guests: boolean;
  readonly capacity?: number | null | undefined;
  readonly externalId?: string | null | undefined;
  /** Default: false. */
  readonly waitingRoom?: boolean;
  /** Default: false. */
  readonly openToSchool?: boolean;
};

/** A row for a new lesson, with a stream, publish key and join code of its own. */
export function newLessonRow(lesson: NewLesson, app = LESSON_APP) {
  return {
    id: newId(),
    school_id: lesson.schoolId,
    course_id: lesson.courseId,
    teacher_id: lesson.teacherId,
    title: lesson.title,
    mode: lesson.mode,
    state: "scheduled" as const,
    starts_at: lesson.startsAt,
    ends_at: lesson.endsAt,
    record: lesson.record,
    guests: lesson.guests,
    waiting_room: lesson.waitingRoom ?? false,
    open_to_school: lesson.openToSchool ?? false,
    capacity: capacityOf(lesson.mode, lesson.capacity),
    external_id: lesson.externalId ?? null,
    code: newCode(),
    stream_app: app,
    stream_name: newLessonStream(),
    publish_key: newSecret(),
  };
}

/** @param capacity undefined: that of the mode; null: no limit */
export function capacityOf(mode: LessonMode, capacity: number | null | undefined): number | null {
  return capacity === undefined ? CAPACITY[mode] : capacity;
}
