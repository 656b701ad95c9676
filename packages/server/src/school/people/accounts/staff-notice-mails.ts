/** Mails what staff are to be told, a few at a time, from a queue in the database. What the mail server does not accept is tried again with growing delays. */
import { sql } from "kysely";
import { nextTry } from "../../foundation/delivery/retry-schedule.ts";
import { STAFF_NOTICES } from "../../foundation/delivery/staff-notices.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { dueItem, type Look, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { Mail } from "./mail.ts";

/** The mail server gets few at a time; what is slow for one school holds up no other. */
const PLACES = { total: 4, perSchool: 2 };
/** A notice that could not be sent for so long is no news any more. */
const NEWS_MS = 24 * 3600_000;
/** What was sent, or could not be, is kept for so long. */
const KEEP_MS = 30 * 24 * 3600_000;

export type StaffNoticeMailsOptions = { readonly db: Database; readonly mail: Pick<Mail, "sendToStaff"> };

export function staffNoticeMails({ db, mail }: StaffNoticeMailsOptions): WorkKind<WorkItem> {
  return {
    name: STAFF_NOTICES,
    places: PLACES,
    failure: "notice to staff not noted as sent, trying again",
    find: (look) => findDue(db, look),
    perform: async ({ id }, { now }) => {
      const notice = await readNotice(db, id);
      if (!notice) return;
      const { subject, body, attempts, created_at: createdAt, disabled_at: disabledAt, ...recipient } = notice;
      const isWanted = disabledAt === null && recipient.email !== null;
      const isSent = isWanted && (await mail.sendToStaff(recipient, subject, body));
      const isNews = now - createdAt.getTime() < NEWS_MS;
      await db
        .updateTable("staff_notices")
        .set({
          attempts: attempts + 1,
          next_at: nextTry(attempts, isSent || !isWanted || !isNews, now),
          sent_at: isSent ? new Date(now) : null,
        })
        .where("id", "=", id)
        .execute();
    },
  };
}

export async function sweepStaffNotices(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom("staff_notices")
    .where("next_at", "is", null)
    .where("created_at", "<", new Date(now - KEEP_MS))
    .execute();
}

/** The first notices of each school; operators count as one. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const rows = await db
    .with("due", (query) =>
      query
        .selectFrom("staff_notices")
        .innerJoin("users", "users.id", "staff_notices.user_id")
        .select(["staff_notices.id", "staff_notices.next_at", "staff_notices.attempts", "users.school_id"])
        .select(sql<number>`row_number() over (partition by users.school_id order by staff_notices.next_at)`.as("place"))
        .where("staff_notices.next_at", "<=", new Date(until))
        .where("staff_notices.id", "not in", ["", ...busy]),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("next_at")
    .execute();
  return rows.map(dueItem);
}

async function readNotice(db: Database, id: string) {
  return await db
    .selectFrom("staff_notices")
    .innerJoin("users", "users.id", "staff_notices.user_id")
    .select(["subject", "body", "attempts", "staff_notices.created_at"])
    .select(["users.name", "users.email", "users.disabled_at"])
    .where("staff_notices.id", "=", id)
    .where("next_at", "is not", null)
    .executeTakeFirst();
}
