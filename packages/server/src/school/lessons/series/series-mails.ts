/**
 * Tells the teacher of a series by mail when its lessons are: one mail about all of them, some minutes after the last change. What the teacher does
 * is not told to the teacher.
 */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { nextTry } from "../../foundation/delivery/retry-schedule.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { dueItem, type Look, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { Mail } from "../../people/accounts/mail.ts";
import { seriesMail } from "./series-mail.ts";

export const SERIES_MAILS = "lesson-series-mails";
const PLACES = { total: 4, perSchool: 2 };
/** Several changes after each other are one mail. */
const QUIET_MS = 5 * 60_000;

/** Columns of a series that was changed. The change wakes `SERIES_MAILS`. @param teacherId who teaches it from now on */
export function noticeColumns(teacherId: string | null, { id }: Actor) {
  const isOwn = teacherId === null || teacherId === id;
  return { notify_at: isOwn ? null : new Date(Date.now() + QUIET_MS), notify_attempts: 0 };
}

export type SeriesMailsOptions = { readonly db: Database; readonly mail: Pick<Mail, "sendSeries"> };

/** An item is a series. */
export function seriesMails({ db, mail }: SeriesMailsOptions): WorkKind<WorkItem> {
  return {
    name: SERIES_MAILS,
    places: PLACES,
    failure: "mail about a series of lessons not noted as sent, trying again",
    find: (look) => findDue(db, look),
    perform: async ({ id }, { now }) => {
      const due = await readDue(db, id);
      if (!due) return;
      const isWanted = due.email !== null && due.disabled_at === null;
      const isSent = isWanted && (await mail.sendSeries(due, ...seriesMail(due, await readAhead(db, id, now))));
      await db
        .updateTable("lesson_series")
        .set({ notify_attempts: due.notify_attempts + 1, notify_at: nextTry(due.notify_attempts, isSent || !isWanted, now) })
        .where("id", "=", id)
        // A change that came meanwhile is told of, too.
        .where("notify_at", "=", due.notify_at)
        .execute();
    },
  };
}

async function readDue(db: Database, id: string) {
  return await db
    .selectFrom("lesson_series")
    .leftJoin("users", "users.id", "lesson_series.teacher_id")
    .selectAll("lesson_series")
    .select(["users.name", "users.email", "users.disabled_at"])
    .where("lesson_series.id", "=", id)
    .where("lesson_series.notify_at", "is not", null)
    .executeTakeFirst();
}

/** The lessons that have not begun. */
async function readAhead(db: Db, seriesId: string, now: number) {
  return await db
    .selectFrom("lessons")
    .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("starts_at").as("next"), fn.max("starts_at").as("last")])
    .where("series_id", "=", seriesId)
    .where("state", "=", "scheduled")
    .where("deleted_at", "is", null)
    .where("starts_at", ">", new Date(now))
    .executeTakeFirstOrThrow();
}

/** The first series of each school. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const rows = await db
    .with("due", (query) =>
      query
        .selectFrom("lesson_series")
        .innerJoin("schools", "schools.id", "lesson_series.school_id")
        .select(["lesson_series.id", "lesson_series.school_id", "notify_at", "notify_attempts"])
        .select(sql<number>`row_number() over (partition by lesson_series.school_id order by notify_at)`.as("place"))
        .where("notify_at", "<=", new Date(until))
        .where("lesson_series.id", "not in", ["", ...busy])
        .where("schools.archived_at", "is", null),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("notify_at")
    .execute();
  return rows.map((row) => dueItem({ ...row, next_at: row.notify_at, attempts: row.notify_attempts }));
}
