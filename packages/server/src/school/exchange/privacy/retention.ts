/** Erases the names of participants when a school's time for them is over, in small steps. */
import { sql } from "kysely";
import { eraseGuestAttempts } from "../../exams/privacy/personal-attempts.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { ERASED_PARTICIPANT, eraseParticipants, REMOVED_PERSON } from "./erase.ts";

const DAY_MS = 86_400_000;
/** A few milliseconds on the embedded database. */
const ROWS_PER_STEP = 500;

/** @param now milliseconds since 1970 */
export async function sweepPersonalData(db: Database, now: number): Promise<void> {
  const schools = await db.selectFrom("schools").select(["id", "keep_names_days"]).where("keep_names_days", ">", 0).execute();
  for (const { id, keep_names_days: days } of schools) {
    const before = new Date(now - days * DAY_MS);
    await inSteps(() => eraseNames(db, id, before));
    await inSteps(() => deleteReplays(db, id, before));
    await inSteps(() => eraseGuestAttempts(db, { schoolId: id, before, name: REMOVED_PERSON, rows: ROWS_PER_STEP }));
  }
}

async function eraseNames(db: Database, schoolId: string, before: Date): Promise<number> {
  const old = db
    .selectFrom("participants")
    .innerJoin("lessons", "lessons.id", "participants.lesson_id")
    .select("participants.id")
    .where("lessons.school_id", "=", schoolId)
    .where("participants.erased_at", "is", null)
    .where("participants.seen_at", "<", before)
    .limit(ROWS_PER_STEP);
  // Nobody can tell any more which account it was; the person still counts.
  const erased = { ...ERASED_PARTICIPANT, user_id: null };
  return await db.transaction().execute(async (trx) => {
    const rows = await trx.updateTable("participants").set(erased).where("id", "in", old).returning("id").execute();
    const ids = rows.map(({ id }) => id);
    await eraseParticipants(trx, ids);
    return ids.length;
  });
}

/** What each person has played of recordings; the counts of all people together stay. */
async function deleteReplays(db: Database, schoolId: string, before: Date): Promise<number> {
  const { rows } = await sql`
    delete from replay_views where (user_id, recording_id) in (
      select replay_views.user_id, recording_id from replay_views join users on users.id = replay_views.user_id
      where users.school_id = ${schoolId} and played_at < ${before} limit ${ROWS_PER_STEP}) returning 1`.execute(db);
  return rows.length;
}

/** Repeats a step until it finds nothing more. */
async function inSteps(step: () => Promise<number>): Promise<void> {
  while ((await step()) === ROWS_PER_STEP);
}
