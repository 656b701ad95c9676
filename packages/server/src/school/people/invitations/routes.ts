/** Serves the API routes that invite people to their accounts, by mail or with printed slips, and say who has not come yet. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { accountInvitationText } from "../../foundation/messages/account-invitation-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, School, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "../accounts/account-context.ts";
import { createPasswordResets } from "../accounts/password-reset.ts";
import { INVITATION_HOURS } from "./invitation-link.ts";
import { INVITATION_MAILS } from "./invitation-mails.ts";
import { invitedAccounts } from "./invited-accounts.ts";
import { arrivalsShape, queuedShape, selection, slipsShape } from "./shapes.ts";

const TAG = "People";
const ACCESS = requires("people:write", ...ADMINISTRATORS);
const HOUR_MS = 3_600_000;
/** Invitations that one person or key asks for within an hour. */
const MAX_MAILS_PER_HOUR = 5000;
const MAX_UNDELIVERED = 100;

export function accountInvitationRoutes(context: AccountContext): ApiRoute[] {
  return [mailRoute(context), slipsRoute(context), arrivalsRoute(context)];
}

function mailRoute({ changes, mail }: AccountContext): ApiRoute {
  return route({
    id: "mailAccountInvitations",
    method: "POST",
    path: "/account-invitations",
    tag: TAG,
    summary: "Mail people a link with which they set their first password; those who have signed in are left out",
    access: ACCESS,
    // Without a mail server.
    rights: ["++------", "+0------"],
    body: selection,
    status: 202,
    answer: queuedShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "too-many", "database-away"],
    handle: ({ actor, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const school = await targetSchool(trx, actor, body.schoolId);
        if (!mail.canSend) throw new RefusalError("conflict", accountInvitationText("no-mail-server"));
        const { people, skipped } = await invitedAccounts(trx, actor, school, body, true);
        const requestedBy = `${actor.kind} ${actor.id ?? ""}`;
        await checkHour(trx, requestedBy, people.length);
        for (const user of people) {
          const row = { requested_by: requestedBy, created_at: new Date(), next_at: new Date(), sent_at: null, attempts: 0 };
          await trx
            .insertInto("account_mails")
            .values({ user_id: user.id, school_id: school.id, ...row })
            .onConflict((conflict) => conflict.column("user_id").doUpdateSet(row))
            .execute();
        }
        change.wake(INVITATION_MAILS);
        await auditInvitations(change, school, "mail", people);
        return { body: { queued: people.length, skipped: [...skipped] } };
      }),
  });
}

/** @throws RefusalError too-many */
async function checkHour(db: Db, requestedBy: string, more: number): Promise<void> {
  const since = new Date(systemClock.utc() - HOUR_MS);
  const { count } = await db
    .selectFrom("account_mails")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("requested_by", "=", requestedBy)
    .where("created_at", ">", since)
    .executeTakeFirstOrThrow();
  if (Number(count) + more > MAX_MAILS_PER_HOUR)
    throw new RefusalError(
      new Refusal("too-many", accountInvitationText("too-many-mails", { max: MAX_MAILS_PER_HOUR })).after(HOUR_MS / 1000),
    );
}

function slipsRoute({ changes, hourly }: AccountContext): ApiRoute {
  return route({
    id: "createInvitationSlips",
    method: "POST",
    path: "/account-invitations/slips",
    tag: TAG,
    summary: "Create links to print, one for each person, with which they set their first password",
    access: ACCESS,
    rights: ["++------", "+0------"],
    body: selection,
    // The links are kept nowhere: no answer is stored for a repeated request.
    status: 201,
    answer: slipsShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "too-many", "database-away"],
    handle: async ({ actor, body, origin }) => {
      await hourly.admit(slipCounts(actor.kind === "user" ? actor.id : null));
      return await changes.transact({ actor }, async (change) => {
        const school = await targetSchool(change.trx, actor, body.schoolId);
        const { people, skipped } = await invitedAccounts(change.trx, actor, school, body, false);
        if (people.length === 0) throw new RefusalError("conflict", accountInvitationText("nobody"));
        const tokens = await createPasswordResets(change, people, INVITATION_HOURS);
        const now = new Date(systemClock.utc());
        const ids = people.map((user) => user.id);
        await change.trx.updateTable("users").set({ invited_at: now }).where("id", "in", ids).execute();
        await auditInvitations(change, school, "slips", people);
        const slips = people.map(({ id: userId, name, login, role }, i) => {
          return { userId, name, login, role, url: `${origin}/reset/${tokens[i] ?? ""}` };
        });
        const expiresAt = new Date(now.getTime() + INVITATION_HOURS * HOUR_MS);
        return { body: { school: school.name, expiresAt, slips, skipped: [...skipped] } };
      });
    },
  });
}

function slipCounts(userId: string | null) {
  return userId === null ? [] : ([{ kind: "slips-person", subject: userId }] as const);
}

async function auditInvitations(change: Change, school: School, by: "mail" | "slips", people: readonly User[]): Promise<void> {
  if (people.length === 0) return;
  const target = { targetKind: "school", targetId: school.id };
  await change.audit({ action: "user.invite", schoolId: school.id, ...target, after: { by, people: people.length } });
}

function arrivalsRoute({ db, mail }: AccountContext): ApiRoute {
  return route({
    id: "readArrivals",
    method: "GET",
    path: "/account-invitations/arrivals",
    tag: TAG,
    summary: "Read how many people of a school have signed in, were invited, and have not come yet",
    access: requires("people:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: "people",
    query: z.strictObject({ schoolId: id.optional() }),
    status: 200,
    answer: arrivalsShape,
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query }) => {
      const school = await targetSchool(db, actor, query.schoolId);
      const counts = await db
        .selectFrom("users")
        .select(({ fn }) => [
          fn.countAll<number>().as("people"),
          fn.count<number>("signed_in_at").as("signedIn"),
          fn.count<number>("invited_at").filterWhere("signed_in_at", "is", null).as("invited"),
        ])
        .where("school_id", "=", school.id)
        .where("disabled_at", "is", null)
        .executeTakeFirstOrThrow();
      const mails = db.selectFrom("account_mails").where("account_mails.school_id", "=", school.id);
      const { waiting } = await mails.select(({ fn }) => fn.count<number>("next_at").as("waiting")).executeTakeFirstOrThrow();
      const failed = await mails
        .innerJoin("users", "users.id", "account_mails.user_id")
        .select(["users.id as userId", "users.name", "users.email"])
        .where("account_mails.next_at", "is", null)
        .where("account_mails.sent_at", "is", null)
        .orderBy("users.name")
        .limit(MAX_UNDELIVERED)
        .execute();
      const undelivered = failed.map(({ email, ...person }) => ({ ...person, email: email ?? "" }));
      const { people, signedIn, invited } = counts;
      const numbers = { people: Number(people), signedIn: Number(signedIn), invited: Number(invited), waiting: Number(waiting) };
      return { body: { ...numbers, undelivered, canMail: mail.canSend } };
    },
  });
}
