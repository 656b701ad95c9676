/** Serves the API routes for the second factor: people turn on and off their own, administrators remove one that is lost. */
import { z } from "zod";
import type { Access, Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManage } from "./account-rights.ts";
import { endOtherSessions } from "./other-sessions.ts";
import { hasPasskey } from "./passkeys.ts";
import { MAX_PASSWORD } from "./password.ts";
import { ownAccount } from "./people-only.ts";
import { requireRecentProof } from "./recent-proof.ts";
import {
  beginSecondFactor,
  hasApp,
  hasSecondFactor,
  removeApp,
  removeSecondFactor,
  replaceRecoveryCodes,
  useTotp,
} from "./second-factor.ts";
import { findUser } from "./user.ts";

const TAG = "Second factor";
/** For programs. */
const NO_PASSWORD = schoolText("people-only-password");
const code = z.string().min(1).max(50).describe("Six digits of the authenticator app, or a recovery code.");
const current = z.string().max(MAX_PASSWORD).describe("The person's password.");
const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe("Each works once, instead of a code. Shown only here.") })
  .meta({ id: "RecoveryCodes" });
/** A person whose school requires a second factor can do nothing else before. */
const BEFORE: Pick<Access, "beforeSecondFactor"> = { beforeSecondFactor: true };

export function secondFactorRoutes(context: AccountContext): ApiRoute[] {
  return [
    getMySecondFactorRoute(context),
    beginMySecondFactorRoute(context),
    confirmMySecondFactorRoute(context),
    renewRecoveryCodesRoute(context),
    turnOffMySecondFactorRoute(context),
    removeSecondFactorRoute(context),
  ];
}

function getMySecondFactorRoute({ db, signIn }: AccountContext): ApiRoute {
  return route({
    id: "getMySecondFactor",
    method: "GET",
    path: "/me/second-factor",
    tag: TAG,
    summary: "Get whether the own account has a second factor",
    access: { ...requires("people:read", ...EVERY_ROLE), ...BEFORE },
    rights: ["+++++++-", null],
    status: 200,
    answer: z
      .object({
        on: z.boolean().describe("Whether an authenticator app is set up."),
        passkeys: z.int().describe("How many there are; each is a second factor too."),
        required: z.boolean().describe("Whether the school, or for operators the server, requires it of this person."),
        recoveryCodes: z.int().describe("How many are left."),
      })
      .meta({ id: "SecondFactor" }),
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      const me = await ownAccount(db, actor, NO_PASSWORD);
      const left = await db.selectFrom("recovery_codes").select("user_id").where("user_id", "=", me.id).execute();
      const on = await hasApp(db, me.id);
      const passkeys = await db.selectFrom("passkeys").select("id").where("user_id", "=", me.id).execute();
      const required = await signIn.sessions.requiresFactor(me);
      return { body: { on, passkeys: passkeys.length, required, recoveryCodes: left.length } };
    },
  });
}

function beginMySecondFactorRoute({ db, changes, signIn, storedSecrets }: AccountContext): ApiRoute {
  return route({
    id: "beginMySecondFactor",
    method: "POST",
    path: "/me/second-factor",
    tag: TAG,
    summary: "Create the secret for an authenticator app; a first code turns the second factor on",
    access: { ...requires("people:write", ...EVERY_ROLE), ...BEFORE },
    rights: ["+++++++-", null],
    body: z.strictObject({ current }),
    status: 201,
    answer: z
      .object({ secret: z.string().describe("Base32."), uri: z.string().describe("For a QR code: otpauth://…") })
      .meta({ id: "SecondFactorSecret" }),
    refusals: ["wrong-password", "conflict", "too-many", "database-away"],
    handle: async ({ actor, body, ip }) => {
      const me = await ownAccount(db, actor, NO_PASSWORD);
      await signIn.verifyPassword(me, body.current, ip);
      return await changes.transact({ actor }, async (change) => {
        if (await hasApp(change.trx, me.id)) throw new RefusalError("conflict", schoolText("second-factor-on"));
        return { body: await beginSecondFactor(change, storedSecrets, me) };
      });
    },
  });
}

function confirmMySecondFactorRoute({ db, changes, signIn, storedSecrets, mail }: AccountContext): ApiRoute {
  return route({
    id: "confirmMySecondFactor",
    method: "PUT",
    path: "/me/second-factor",
    tag: TAG,
    summary: "Turn the authenticator app on with a first code; all other sessions end",
    access: { ...requires("people:write", ...EVERY_ROLE), ...BEFORE },
    // A wrong code.
    rights: ["--------", null],
    body: z.strictObject({ code }),
    status: 200,
    answer: recoveryCodes,
    refusals: ["wrong-code", "conflict", "too-many", "database-away"],
    handle: async ({ actor, body, credential }) => {
      const me = await ownAccount(db, actor, NO_PASSWORD);
      const counted = [{ kind: "factor", subject: me.id } as const];
      await signIn.attempts.admit(counted);
      const answer = await changes.transact({ actor }, async (change) => {
        const { trx } = change;
        if (await hasApp(trx, me.id)) throw new RefusalError("conflict", schoolText("second-factor-on"));
        if (!(await useTotp(trx, storedSecrets, me.id, body.code, Date.now()))) throw new RefusalError("wrong-code");
        await trx.updateTable("second_factors").set({ confirmed_at: new Date() }).where("user_id", "=", me.id).execute();
        await endOtherSessions(change, me.id, credential);
        const codes = await replaceRecoveryCodes(change, me.id);
        await change.audit({ action: "user.second-factor", schoolId: me.school_id, targetKind: "user", targetId: me.id });
        change.afterCommit(() => {
          signIn.clearCache();
          mail.notify(me, "second-factor-on");
        });
        return { body: { recoveryCodes: [...codes] } };
      });
      await signIn.attempts.clear(counted);
      return answer;
    },
  });
}

function renewRecoveryCodesRoute({ db, changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "renewRecoveryCodes",
    method: "POST",
    path: "/me/second-factor/recovery-codes",
    tag: TAG,
    summary: "Create new recovery codes; earlier ones stop working",
    access: requires("people:write", ...EVERY_ROLE),
    // None of them has a second factor.
    rights: ["0000000-", null],
    body: z.strictObject({ code }),
    status: 201,
    answer: recoveryCodes,
    refusals: ["wrong-code", "not-found", "too-many", "database-away"],
    handle: async ({ actor, body }) => {
      const me = await withFactor(db, actor, hasSecondFactor);
      await signIn.secondFactors.verify(me.id, body.code);
      return await changes.transact({ actor }, async (change) => {
        const codes = await replaceRecoveryCodes(change, me.id);
        await change.audit({ action: "user.recovery-codes", schoolId: me.school_id, targetKind: "user", targetId: me.id });
        return { body: { recoveryCodes: [...codes] } };
      });
    },
  });
}

function turnOffMySecondFactorRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "turnOffMySecondFactor",
    method: "POST",
    path: "/me/second-factor/off",
    tag: TAG,
    summary: "Turn the authenticator app off, unless the school requires a second factor and there is no passkey",
    access: requires("people:write", ...EVERY_ROLE),
    // None of them has a second factor.
    rights: ["0000000-", null],
    body: z.strictObject({ current, code }),
    status: 204,
    answer: null,
    refusals: ["wrong-password", "wrong-code", "not-found", "conflict", "too-many", "database-away"],
    handle: async ({ actor, body, ip }) => {
      const me = await withFactor(db, actor, hasApp);
      if ((await signIn.sessions.requiresFactor(me)) && !(await hasPasskey(db, me.id)))
        throw new RefusalError("conflict", schoolText("second-factor-required-here"));
      await signIn.verifyPassword(me, body.current, ip);
      await signIn.secondFactors.verify(me.id, body.code);
      return await changes.transact({ actor }, async (change) => {
        await removeApp(change, me.id);
        await change.audit({ action: "user.second-factor-off", schoolId: me.school_id, targetKind: "user", targetId: me.id });
        change.afterCommit(() => mail.notify(me, "second-factor-off"));
        return { body: null };
      });
    },
  });
}

function removeSecondFactorRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "removeSecondFactor",
    method: "DELETE",
    path: "/users/:userId/second-factor",
    tag: TAG,
    summary: "Remove the authenticator app and the passkeys of a person who has lost them, and sign the person out",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "recent-sign-in-needed", "database-away"],
    handle: async ({ actor, params, credential }) => {
      if (params.userId === actor.id) await requireRecentProof(signIn, { actor, credential });
      const user = await findUser(db, actor, params.userId);
      checkMayManage(actor, user.role);
      return await changes.transact({ actor }, async (change) => {
        await removeSecondFactor(change, user.id);
        await change.trx.deleteFrom("sessions").where("user_id", "=", user.id).execute();
        await change.audit({ action: "user.second-factor-off", schoolId: user.school_id, targetKind: "user", targetId: user.id });
        change.afterCommit(() => {
          signIn.clearCache();
          mail.notify(user, "second-factor-off");
        });
        return { body: null };
      });
    },
  });
}

/** @param has what the person needs to have. @throws RefusalError not-found */
async function withFactor(db: Db, actor: Actor, has: (db: Db, userId: string) => Promise<boolean>): Promise<User> {
  const me = await ownAccount(db, actor, NO_PASSWORD);
  if (!(await has(db, me.id))) throw new RefusalError("not-found", schoolText("no-second-factor"));
  return me;
}
