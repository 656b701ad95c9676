/** Defines what is kept of a person as a viewer: given out to the person, and taken from the rows that stay. */
import { sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

/** Sessions of players in lessons, and what was played of recordings. */
export async function viewsOfPerson(db: Db, userId: string) {
  const views = await db
    .selectFrom("view_sessions")
    .innerJoin("participants", "participants.id", "view_sessions.participant_id")
    .select(["view_sessions.lesson_id as lessonId", "started_at as startedAt", "last_at as lastAt", "watched_ms as watchedMs"])
    .select(["view_sessions.device", "view_sessions.os", "view_sessions.browser", "network", "carrier", "region"])
    .where("participants.user_id", "=", userId)
    .orderBy("started_at")
    .execute();
  const replays = await db
    .selectFrom("replay_views")
    .innerJoin("recordings", "recordings.id", "replay_views.recording_id")
    .select(["recordings.id as recordingId", "recordings.title", "minutes", "played_at as playedAt"])
    .where("user_id", "=", userId)
    .orderBy("played_at")
    .execute();
  return { views, replays };
}

/** What the nameless participants watched stays; where and with what they watched goes. */
export async function eraseViewsOf(db: Db, participants: readonly string[]): Promise<void> {
  if (participants.length === 0) return;
  await db
    .updateTable("view_sessions")
    .set({ network: "", os: "", browser: "" })
    .where("participant_id", "=", sql<string>`any(${[...participants]}::text[])`)
    .execute();
}
