/**
 * Mails invitations to accounts, a few at a time, from a queue in the database. The token of a link is made when its mail is sent, so that only its
 * hash is ever stored. A mail that the mail server does not accept is tried again with growing delays.
 */
import { sql } from "kysely";
import { nextTry } from "../../foundation/delivery/retry-schedule.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, User } from "../../foundation/store/tables.ts";
import { dueItem, type Look, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { Mail } from "../accounts/mail.ts";
import { createPasswordReset } from "../accounts/password-reset.ts";
import { INVITATION_HOURS } from "./invitation-link.ts";

export const INVITATION_MAILS = "invitation-mails";
/** The mail server gets few at a time; 2000 invitations of one school hold up no other school. */
const PLACES = { total: 4, perSchool: 2 };

export type InvitationMailsOptions = {
  readonly db: Database;
  readonly changes: Pick<Changes, "transact">;
  readonly mail: Pick<Mail, "sendInvitation">;
};

type Due = User & { readonly attempts: number; readonly school: string };

/** An item is a person. */
export function invitationMails(options: InvitationMailsOptions): WorkKind<WorkItem> {
  const { db } = options;
  return {
    name: INVITATION_MAILS,
    places: PLACES,
    failure: "invitation not noted as sent, trying again",
    find: (look) => findDue(db, look),
    perform: async ({ id }, { now }) => {
      const person = await readDue(db, id);
      if (person) await sendOne(options, person, now);
    },
  };
}

async function sendOne(options: InvitationMailsOptions, person: Due, now: number): Promise<void> {
  // Suspended, or without an address, since the invitation.
  const isWanted = person.disabled_at === null && person.email !== null;
  const isSent = isWanted && (await mailLink(options, person));
  await options.db
    .updateTable("account_mails")
    .set({
      attempts: person.attempts + 1,
      next_at: nextTry(person.attempts, isSent || !isWanted, now),
      sent_at: isSent ? new Date(now) : null,
    })
    .where("user_id", "=", person.id)
    .execute();
}

/** True where the mail server accepted the mail. The link of a mail that was not sent does not work. */
async function mailLink({ db, changes, mail }: InvitationMailsOptions, { attempts: _, school, ...user }: Due): Promise<boolean> {
  const { body: link } = await changes.transact(SYSTEM, async (change) => ({
    body: await createPasswordReset(change, user, { replacesOthers: false, hours: INVITATION_HOURS }),
  }));
  const isSent = await mail.sendInvitation(user, school, link.token, INVITATION_HOURS / 24);
  if (isSent) await db.updateTable("users").set({ invited_at: new Date() }).where("id", "=", user.id).execute();
  else await db.deleteFrom("password_resets").where("token_hash", "=", link.hash).execute();
  return isSent;
}

/** The first invitations of each school. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const rows = await db
    .with("due", (query) =>
      query
        .selectFrom("account_mails")
        .innerJoin("schools", "schools.id", "account_mails.school_id")
        .select(["account_mails.user_id", "account_mails.school_id", "account_mails.next_at", "account_mails.attempts"])
        .select(sql<number>`row_number() over (partition by account_mails.school_id order by account_mails.next_at)`.as("place"))
        .where("account_mails.next_at", "<=", new Date(until))
        .where("account_mails.user_id", "not in", ["", ...busy])
        .where("schools.archived_at", "is", null),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("next_at")
    .execute();
  return rows.map((row) => dueItem({ ...row, id: row.user_id }));
}

async function readDue(db: Database, userId: string): Promise<Due | undefined> {
  return await db
    .selectFrom("account_mails")
    .innerJoin("users", "users.id", "account_mails.user_id")
    .innerJoin("schools", "schools.id", "account_mails.school_id")
    .selectAll("users")
    .select(["account_mails.attempts", "schools.name as school"])
    .where("account_mails.user_id", "=", userId)
    .where("account_mails.next_at", "is not", null)
    .executeTakeFirst();
}
