/** Reads how often each minute of a lesson's recordings was played. */
import { sql } from "kysely";
import type { Chapter } from "../../foundation/store/lesson-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

export type RecordingHeat = {
  readonly recordingId: string;
  readonly title: string;
  readonly seconds: number;
  readonly chapters: readonly Chapter[];
  readonly playedMs: number;
  /** How often each minute was played: 1 is once from its beginning to its end. */
  readonly minutes: readonly number[];
};

/** A page shows so many; a lesson that was interrupted often has some tens. */
const MAX_RECORDINGS = 50;
const MINUTE_MS = 60_000;

export async function replayHeat(db: Db, lessonId: string): Promise<readonly RecordingHeat[]> {
  const recordings = await db
    .selectFrom("recordings")
    .select(["id", "title", "seconds", "chapters"])
    .where("lesson_id", "=", lessonId)
    .where("deleted_at", "is", null)
    .orderBy("started_at")
    .orderBy("id")
    .limit(MAX_RECORDINGS)
    .execute();
  if (recordings.length === 0) return [];
  const { rows } = await sql<{ recording: string; minute: number; ms: number }>`
    select recording_id as recording, minute, played_ms::int8 as ms from recording_minutes
    where recording_id in (${sql.join(recordings.map(({ id }) => id))})`.execute(db);
  const played = Map.groupBy(rows, ({ recording }) => recording);
  return recordings.map(({ id, title, seconds, chapters }) => {
    const known = new Map((played.get(id) ?? []).map(({ minute, ms }) => [minute, ms]));
    const minutes = Array.from({ length: Math.ceil(seconds / 60) }, (_, minute) => {
      const lengthMs = Math.min(MINUTE_MS, seconds * 1000 - minute * MINUTE_MS);
      return Math.round(((known.get(minute) ?? 0) / Math.max(lengthMs, 1000)) * 100) / 100;
    });
    const playedMs = [...known.values()].reduce((sum, ms) => sum + ms, 0);
    return { recordingId: id, title, seconds, chapters, playedMs, minutes };
  });
}
