/**
 * Tells guardians by mail of lessons that their child missed, and of check-ins. What is to be told is written with the change that causes it, once
 * for each guardian, and sent in the background, with growing delays where the mail server fails.
 */

import { sql } from "kysely";
import { newId } from "../../../platform/id.ts";
import { nextTry } from "../../foundation/delivery/retry-schedule.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { dueItem, type Look, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { Mail } from "../accounts/mail.ts";

const GUARDIAN_NOTICES = "guardian-notices";

export type GuardianNotice = {
  readonly kind: "absence" | "check-in";
  readonly childId: string;
  /** The lesson, or the form and the day. */
  readonly about: string;
  readonly subject: string;
  /** English and Chinese: nothing says which language a guardian reads. */
  readonly text: (child: string) => string;
};

/** Writes what the guardians of children are to be told; one that was told before is told nothing. */
export async function queueNotices({ trx, wake }: Pick<Change, "trx" | "wake">, notices: readonly GuardianNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const kinds = { absence: "guardians.absences", "check-in": "guardians.check_ins" } as const;
  const guardians = await trx
    .selectFrom("guardians")
    .innerJoin("users", "users.id", "guardians.child_id")
    .select(["guardians.id", "guardians.child_id", "guardians.absences", "guardians.check_ins", "users.name as child"])
    .where("guardians.child_id", "in", [...new Set(notices.map(({ childId }) => childId))])
    .where("users.disabled_at", "is", null)
    .where(({ eb, or }) => or([eb(kinds.absence, "=", true), eb(kinds["check-in"], "=", true)]))
    .execute();
  const now = new Date();
  const rows = guardians.flatMap((guardian) =>
    notices
      .filter(({ childId, kind }) => childId === guardian.child_id && (kind === "absence" ? guardian.absences : guardian.check_ins))
      .map(({ kind, about, subject, text }) => ({
        id: newId(),
        guardian_id: guardian.id,
        kind,
        about,
        subject,
        body: text(guardian.child),
        next_at: now,
      })),
  );
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await trx
      .insertInto("guardian_notices")
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.constraint("guardian_notices_once").doNothing())
      .execute();
  wake(GUARDIAN_NOTICES);
}

/** A statement has at most 65,535 parameters. */
const ROWS_AT_ONCE = 1000;
/** The mail server gets few at a time; what is slow for one school holds up no other. */
const PLACES = { total: 4, perSchool: 2 };
/** A notice that could not be sent for so long is no news any more. */
const NEWS_MS = 24 * 3600_000;

export type GuardianNoticesOptions = {
  readonly db: Database;
  readonly mail: Pick<Mail, "sendToGuardian">;
};

export function guardianNotices({ db, mail }: GuardianNoticesOptions): WorkKind<WorkItem> {
  return {
    name: GUARDIAN_NOTICES,
    places: PLACES,
    failure: "notice to a guardian not noted as sent, trying again",
    find: (look) => findDue(db, look),
    perform: async ({ id }, { now }) => {
      const notice = await readNotice(db, id);
      if (!notice) return;
      const { subject, body, attempts, created_at: createdAt, email, name } = notice;
      const isSent = await mail.sendToGuardian({ email, name }, subject, body);
      const isNews = now - createdAt.getTime() < NEWS_MS;
      await db
        .updateTable("guardian_notices")
        .set({
          attempts: attempts + 1,
          next_at: nextTry(attempts, isSent || !isNews, now),
          sent_at: isSent ? new Date() : null,
        })
        .where("id", "=", id)
        .execute();
    },
  };
}

/** The first notices of each school. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const rows = await db
    .with("due", (query) =>
      query
        .selectFrom("guardian_notices")
        .innerJoin("guardians", "guardians.id", "guardian_notices.guardian_id")
        .innerJoin("users", "users.id", "guardians.child_id")
        .select(["guardian_notices.id", "guardian_notices.next_at", "guardian_notices.attempts", "users.school_id"])
        .select(sql<number>`row_number() over (partition by users.school_id order by guardian_notices.next_at)`.as("place"))
        .where("next_at", "<=", new Date(until))
        .where("guardian_notices.id", "not in", ["", ...busy]),
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
    .selectFrom("guardian_notices")
    .innerJoin("guardians", "guardians.id", "guardian_notices.guardian_id")
    .select(["subject", "body", "attempts", "guardian_notices.created_at", "guardians.email", "guardians.name"])
    .where("guardian_notices.id", "=", id)
    .where("next_at", "is not", null)
    .executeTakeFirst();
}
