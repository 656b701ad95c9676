/** Serves the API routes for passwords: changing the own password, and reset links. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { hourlyCounts } from "../limits/hourly-limits.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManage } from "./account-rights.ts";
import { type Attempt, lockedRefusal } from "./attempts.ts";
import { loginName, storedLogins } from "./login-name.ts";
import { passwordQueue } from "./password-queue.ts";
import { createPasswordReset, RESET_HOURS, redeemPasswordReset, resetOwner } from "./password-reset.ts";
import { ownAccount } from "./people-only.ts";
import { requireRecentProof } from "./recent-proof.ts";
import { sessionAnswer } from "./session-answer.ts";
import { password, sessionShape } from "./shapes.ts";
import { findUser } from "./user.ts";
import { minPassword, refuseWeakPassword } from "./weak-passwords.ts";

const TAG = "Signing in";

export function passwordRoutes(context: AccountContext): ApiRoute[] {
  return [
    changeMyPasswordRoute(context),
    createPasswordResetRoute(context),
    requestPasswordResetRoute(context),
    getPasswordResetRoute(context),
    usePasswordResetRoute(context),
  ];
}

function changeMyPasswordRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "changeMyPassword",
    method: "PUT",
    path: "/me/password",
    tag: TAG,
    summary: "Change the own password; all other sessions end",
    access: requires("people:write", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    body: z.strictObject({ current: z.string().max(256), password }),
    status: 201,
    answer: sessionShape,
    refusals: ["wrong-password", "too-many", "database-away"],
    handle: async ({ actor, body, ...request }) => {
      const me = await ownAccount(db, actor, schoolText("people-only-password"));
      await signIn.verifyPassword(me, body.current, request.ip);
      refuseWeakPassword(body.password, me);
      const hash = await passwordQueue.hash(body.password, request.ip);
      await changes.transact({ actor }, async (change) => {
        const before = await findUser(change.trx, actor, me.id);
        // The password that was typed is no longer the current one.
        if (before.password_hash !== me.password_hash) throw new RefusalError("wrong-password");
        await updateRow(change, "users", before, { password_hash: hash });
        await change.trx.deleteFrom("sessions").where("user_id", "=", me.id).execute();
        await change.audit({ action: "user.password", schoolId: me.school_id, targetKind: "user", targetId: me.id });
        change.afterCommit(() => mail.notify(me, "password"));
        change.afterCommit(() => signIn.clearCache());
        return { body: null };
      });
      const now = { ...me, password_hash: hash };
      return await sessionAnswer(signIn, now, request, { asCookie: request.credential?.from === "cookie", providerId: null });
    },
  });
}

function createPasswordResetRoute({ db, changes, mail, signIn, hourly }: AccountContext): ApiRoute {
  return route({
    id: "createPasswordReset",
    method: "POST",
    path: "/users/:userId/password-reset",
    tag: TAG,
    summary: "Create a link with which a person sets a password, to print or to send",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    status: 201,
    answer: z.object({ url: z.string(), token: z.string(), hours: z.int(), mailed: z.boolean() }).meta({ id: "PasswordReset" }),
    refusals: ["not-found", "recent-sign-in-needed", "too-many", "database-away"],
    handle: async ({ actor, params, origin, credential }) => {
      if (params.userId === actor.id) await requireRecentProof(signIn, { actor, credential });
      const user = await findUser(db, actor, params.userId);
      checkMayManage(actor, user.role);
      await hourly.admit(hourlyCounts("mail", actor, user.id));
      const { token } = await changes
        .transact({ actor }, async (change) => ({ body: await createPasswordReset(change, user, { replacesOthers: true }) }))
        .then(({ body }) => body);
      const url = `${origin}/reset/${token}`;
      const mailed = user.email !== null && (await mail.sendReset(user.email, user.name, token, RESET_HOURS));
      return { body: { url, token, hours: RESET_HOURS, mailed } };
    },
  });
}

function requestPasswordResetRoute(context: AccountContext): ApiRoute {
  const { signIn, mail } = context;
  return route({
    id: "requestPasswordReset",
    method: "POST",
    path: "/password-resets",
    tag: TAG,
    summary: "Request a reset link by mail; the answer does not reveal whether the person exists",
    access: everybody("people:write"),
    rights: ["++++++++", null],
    body: z.strictObject({ login: z.string().min(1).max(200), school: z.string().max(40).optional() }),
    status: 202,
    answer: z.object({ accepted: z.boolean() }).meta({ id: "Accepted" }),
    refusals: ["too-many", "database-away"],
    handle: async ({ actor, body, ip }) => {
      await signIn.attempts.admit(resetCounts(ip));
      const name = loginName(body.login);
      // What strangers request for a person has a limit too, and they do not learn of it.
      const mailbox: Attempt = { kind: "mailbox", subject: `${body.school ?? ""}/${name}` };
      if ((await signIn.attempts.count([mailbox])) > 0) return { body: { accepted: true } };
      // Nothing of the person is read before the answer, whose time would tell what was found.
      mail.afterAnswer(() => mailResetLinks(context, { actor }, body));
      return { body: { accepted: true } };
    },
  });
}

/** Strangers do not learn either that one mail address has enough, by whichever logins and schools it was named. */
async function mailResetLinks(
  { db, changes, hourly, mail }: AccountContext,
  request: { readonly actor: Actor },
  { login, school }: { readonly login: string; readonly school?: string | undefined },
): Promise<void> {
  if (!mail.canSend) return;
  const users = await db
    .selectFrom("users")
    .leftJoin("schools", "schools.id", "users.school_id")
    .selectAll("users")
    .where("users.login", "in", storedLogins(login))
    .where("users.email", "is not", null)
    .where("users.disabled_at", "is", null)
    .$if(school !== undefined, (query) => query.where("schools.slug", "=", school ?? ""))
    .limit(10)
    .execute();
  for (const { email, ...user } of users) {
    if (email === null) continue;
    try {
      if ((await hourly.take([{ kind: "reset-recipient", subject: email.toLowerCase() }])) !== null) continue;
      const { body: reset } = await changes.transact(request, async (change) => ({
        body: await createPasswordReset(change, { ...user, email }, { replacesOthers: false }),
      }));
      await mail.sendReset(email, user.name, reset.token, RESET_HOURS);
    } catch (error) {
      mail.noteUnsent(error);
    }
  }
}

function getPasswordResetRoute({ db, signIn }: AccountContext): ApiRoute {
  return route({
    id: "getPasswordReset",
    method: "GET",
    path: "/password-resets/:token",
    tag: TAG,
    summary: "Read whose password the token of a link sets; the link goes on working",
    access: everybody("people:read"),
    rights: ["++++++++", null],
    reads: { unlogged: "of the person whose link it is" },
    params: z.strictObject({ token: z.string().max(100) }),
    status: 200,
    answer: z
      .object({
        name: z.string(),
        login: z.string(),
        school: z.object({ name: z.string(), slug: z.string() }).nullable().describe("Null for an operator."),
        isFirst: z.boolean().describe("Whether the person has never signed in."),
        minPassword: z.int().describe("Characters that the password has at least."),
      })
      .meta({ id: "PasswordResetOwner" }),
    refusals: ["link-expired", "too-many", "database-away"],
    handle: async ({ params, ip }) => {
      const owner = await resetOwner(db, params.token);
      if (!owner) throw await unknownLink(signIn, ip);
      const school = await db
        .selectFrom("schools")
        .select(["name", "slug"])
        .where("id", "=", owner.school_id ?? "")
        .executeTakeFirst();
      const { name, login, role } = owner;
      const isFirst = owner.signed_in_at === null;
      return { body: { name, login, school: school ?? null, isFirst, minPassword: minPassword(role) } };
    },
  });
}

function usePasswordResetRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "usePasswordReset",
    method: "POST",
    path: "/password-resets/:token",
    tag: TAG,
    summary: "Set a password with the token of a reset link; it works once",
    access: everybody("people:write"),
    rights: ["++++++++", null],
    params: z.strictObject({ token: z.string().max(100) }),
    body: z.strictObject({ password }),
    status: 204,
    answer: null,
    refusals: ["link-expired", "too-many", "database-away"],
    handle: async ({ actor, params, body, ip }) => {
      passwordQueue.refuseWhileBusy(ip);
      // A valid link is never refused for the mistakes of others at this address.
      const owner = await resetOwner(db, params.token);
      if (!owner) throw await unknownLink(signIn, ip);
      refuseWeakPassword(body.password, owner);
      const hash = await passwordQueue.hash(body.password, ip);
      const used = await changes.transact({ actor }, async (change) => ({
        body: await redeemPasswordReset(change, params.token, hash),
      }));
      if (!used.body) throw await unknownLink(signIn, ip);
      mail.notify(owner, "password");
      signIn.clearCache();
      return { body: null };
    },
  });
}

/** Counts a failed attempt of the address. */
async function unknownLink({ attempts }: AccountContext["signIn"], ip: string): Promise<RefusalError> {
  const seconds = await attempts.count(resetCounts(ip));
  return seconds > 0 ? lockedRefusal(seconds) : new RefusalError("link-expired", schoolText("reset-link-expired"));
}

function resetCounts(ip: string): readonly Attempt[] {
  return [{ kind: "reset", subject: addressOwner(ip) }];
}
