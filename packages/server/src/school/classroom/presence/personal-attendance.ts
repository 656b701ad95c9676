/** Provides a person's attendance and sign-ins: for the archive that the person takes along, and for erasing. */
import { sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

/** In the lessons of all time. */
export async function attendanceOfPerson(db: Db, userId: string) {
  const attendance = await db
    .selectFrom("attendance")
    .innerJoin("participants", "participants.id", "attendance.participant_id")
    .select(["attendance.lesson_id as lessonId", "from_at as from", "to_at as to", "device"])
    .where("participants.user_id", "=", userId)
    .orderBy("from_at")
    .execute();
  const signins = await db
    .selectFrom("signins")
    .innerJoin("participants", "participants.id", "signins.participant_id")
    .innerJoin("signin_rounds", "signin_rounds.id", "signins.round_id")
    .select(["signin_rounds.lesson_id as lessonId", "signin_rounds.title", "signins.at", "signins.late"])
    .where("participants.user_id", "=", userId)
    .orderBy("signins.at")
    .execute();
  return { attendance, signins };
}

/** When the nameless participants were there stays; with what they were there goes. */
export async function eraseDevicesOf(db: Db, participants: readonly string[]): Promise<void> {
  if (participants.length === 0) return;
  await db
    .updateTable("attendance")
    .set({ device: "" })
    .where("participant_id", "=", sql<string>`any(${[...participants]}::text[])`)
    .execute();
}
