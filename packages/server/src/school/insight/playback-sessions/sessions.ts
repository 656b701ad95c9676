/** Finds sessions of players with the name of their viewer, where it is kept. */
import type { Db } from "../../foundation/store/tables.ts";

export function sessions(db: Db) {
  return db
    .selectFrom("view_sessions")
    .leftJoin("participants", "participants.id", "view_sessions.participant_id")
    .selectAll("view_sessions")
    .select("participants.name");
}
