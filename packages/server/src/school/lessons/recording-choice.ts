/**
 * Keeps what a person decided about the recording of a lesson. The decision is the lesson's, not its stream's: it holds for each stream of
 * the lesson until the lesson is ended by hand, or its publisher was gone for an hour.
 */
import { sql } from "kysely";
import type { Db, Lesson } from "../foundation/store/tables.ts";

/** A lesson whose publisher was gone for longer is another one: see `docs/recording.md`. */
const MAX_BREAK_MS = 3600 * 1000;

export type RecordAction = "start" | "stop";

/** Whether a lesson's stream is recorded. @param now milliseconds since 1970 */
export function isRecorded(lesson: Pick<Lesson, "record" | "record_choice" | "state" | "ended_at">, now: number): boolean {
  const { record, record_choice: choice, state, ended_at: endedAt } = lesson;
  const isOver = state === "ended" && endedAt !== null && endedAt.getTime() < now - MAX_BREAK_MS;
  return choice === null || isOver ? record : choice === "start";
}

/** Stores the decision. False: no lesson has the stream, or it was ended by hand. */
export async function chooseRecording(db: Db, app: string, name: string, action: RecordAction): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("lessons")
    .set({ record_choice: action })
    .where("stream_app", "=", app)
    .where("stream_name", "=", name)
    .where(sql<boolean>`ended_by is distinct from 'hand'`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Removes the decisions about lessons that are over, and returns their streams. @param now milliseconds since 1970 */
export function expireRecordingChoices(db: Db, now: number): Promise<readonly Pick<Lesson, "stream_app" | "stream_name">[]> {
  return db
    .updateTable("lessons")
    .set({ record_choice: null })
    .where("record_choice", "is not", null)
    .where("state", "=", "ended")
    .where("ended_at", "<", new Date(now - MAX_BREAK_MS))
    .returning(["stream_app", "stream_name"])
    .execute();
}
