/** Keeps viewers' reports of problems with the sessions of players that they are about, so that a number leads to what the player told. */
import { sql } from "kysely";
import type { Database, Db } from "../../foundation/store/tables.ts";

type Complaint = {
  readonly number: string;
  /** Null: the viewer's player tells nothing, for instance because there was never a picture. */
  readonly viewId: string | null;
  readonly lessonId: string;
};

/** What reports without a session have in its place. */
export const NO_VIEW = "";

/** Anybody can report: a lesson has no more of them, and they go with it. */
const MAX_OF_LESSON = 5000;

/** Does nothing where the lesson does not exist, or has too many already. @param now milliseconds since 1970 */
export async function keepComplaint(db: Database, { number, viewId, lessonId }: Complaint, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`insert into view_complaints (number, view_id, lesson_id, at)
      select ${number}, ${viewId ?? NO_VIEW}, id, ${new Date(now)} from lessons where id = ${lessonId}
        and (select count(*) from view_complaints where lesson_id = ${lessonId}) < ${MAX_OF_LESSON}
      on conflict do nothing`.execute(trx);
    await markSessions(trx, viewId === null ? [] : [viewId]);
  });
}

/** A viewer may complain before the session's first beacon is stored: its row gets the number then. */
export async function markSessions(trx: Db, viewIds: readonly string[]): Promise<void> {
  if (viewIds.length === 0) return;
  await sql`update view_sessions set complaint = reported.number
    from (select distinct on (view_id, lesson_id) view_id, lesson_id, number from view_complaints
      where view_id in (${sql.join(viewIds)}) order by view_id, lesson_id, at) as reported
    where view_sessions.id = reported.view_id and view_sessions.lesson_id = reported.lesson_id
      and view_sessions.complaint is null`.execute(trx);
}

/** Reports in lessons whose session is not stored: none was named, or nothing of it has come. */
export const WITHOUT_SESSION = sql`not exists (select from view_sessions reported where reported.id = view_complaints.view_id)`;

export type FoundComplaint = { readonly viewId: string; readonly lessonId: string; readonly at: Date };

/** @param number as `readCode` gives it; null: there is no such report */
export async function findComplaint(db: Db, number: string): Promise<FoundComplaint | null> {
  const row = await db
    .selectFrom("view_complaints")
    .select(["view_id as viewId", "lesson_id as lessonId", "at"])
    .where("number", "=", number)
    .executeTakeFirst();
  return row ?? null;
}

/** The session's reports, the first one first. */
export async function complaintsOf(db: Db, viewId: string) {
  return await db
    .selectFrom("view_complaints")
    .select(["number", "at"])
    .where("view_id", "=", viewId)
    .orderBy("at")
    .limit(20)
    .execute();
}
