/** Derives what media workers need to know about a recording to admit its viewers. */
import type { RecordingInfo } from "../../../access/policies/recording-info.ts";
import { isExamStream } from "../../../access/policies/stream-policy.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { endedViewers } from "../ended-permissions.ts";

/** Null where there is no such recording. Recordings of lessons need a signed link. */
export async function recordingInfo(db: Db, id: string): Promise<RecordingInfo | null> {
  const row = await db
    .selectFrom("recordings")
    .leftJoin("schools", "schools.id", "recordings.school_id")
    .selectAll("recordings")
    .leftJoin("lessons", "lessons.id", "recordings.lesson_id")
    .select(["schools.archived_at", "lessons.course_id"])
    .where("recordings.id", "=", id)
    .executeTakeFirst();
  if (!row) return null;
  const { app, name, epoch, files, whole } = row;
  return {
    id,
    app,
    name,
    epoch,
    files,
    whole,
    open: row.deleted_at === null && row.archived_at === null,
    signed: row.lesson_id !== null || row.school_id !== null || isExamStream(name),
    schoolId: row.school_id,
    courseId: row.course_id,
    lessonId: row.lesson_id,
    removed: await endedViewers(db, row),
  };
}
