/** Serves the API routes for the passkeys of the own account: people see, add, rename and remove them, but never the last way to sign in. */
import { z } from "zod";
import type { Access } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, Passkey, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "../accounts/account-context.ts";
import { endOtherSessions } from "../accounts/other-sessions.ts";
import { createdPasskey, passkeyName, passkeyOptions, passkeyShape } from "../accounts/passkey-shapes.ts";
import { ownAccount } from "../accounts/people-only.ts";
import { requireRecentProof } from "../accounts/recent-proof.ts";
import { dropUnneededCodes, hasSecondFactor, replaceRecoveryCodes } from "../accounts/second-factor.ts";
import { hasWayIn } from "../sign-on/ways-in.ts";

const TAG = "Passkeys";
/** Devices, password managers and security keys of one person. */
const MAX_PASSKEYS = 20;
const LIMIT = { max: MAX_PASSKEYS, refusal: schoolText("too-many-passkeys", { max: MAX_PASSKEYS }) };
/** A person whose school requires a second factor can do nothing else before. */
const BEFORE: Pick<Access, "beforeSecondFactor"> = { beforeSecondFactor: true };

export function passkeyRoutes(context: AccountContext): ApiRoute[] {
  return [
    listMyPasskeysRoute(context),
    askForNewPasskeyRoute(context),
    addMyPasskeyRoute(context),
    renameMyPasskeyRoute(context),
    removeMyPasskeyRoute(context),
  ];
}

function listMyPasskeysRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "listMyPasskeys",
    method: "GET",
    path: "/me/passkeys",
    tag: TAG,
    summary: "List the passkeys of the own account",
    access: { ...requires("people:read", ...EVERY_ROLE), ...BEFORE },
    rights: ["+++++++-", null],
    status: 200,
    answer: z.object({ items: z.array(passkeyShape) }).meta({ id: "Passkeys" }),
    refusals: ["refused-by-rule", "database-away"],
    handle: async ({ actor }) => {
      const { id } = await ownAccount(db, actor);
      const passkeys = await db.selectFrom("passkeys").selectAll().where("user_id", "=", id).orderBy("id").execute();
      return { body: { items: passkeys.map(passkeyResponse) } };
    },
  });
}

function askForNewPasskeyRoute({ db, signIn }: AccountContext): ApiRoute {
  return route({
    id: "askForNewPasskey",
    method: "POST",
    path: "/me/passkeys/options",
    tag: TAG,
    summary: "Get how a browser makes a passkey for the own account; a cookie keeps the challenge for five minutes",
    access: { ...requires("people:write", ...EVERY_ROLE), ...BEFORE },
    rights: ["+++++++-", null],
    status: 201,
    answer: passkeyOptions,
    refusals: ["recent-sign-in-needed", "refused-by-rule", "database-away"],
    handle: async (call) => {
      const me = await ownAccount(db, call.actor);
      await requireRecentProof(signIn, call);
      const { creation, cookie } = await signIn.passkeys.askForNew(me, call);
      return { body: creation, headers: { "set-cookie": cookie } };
    },
  });
}

function addMyPasskeyRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "addMyPasskey",
    method: "POST",
    path: "/me/passkeys",
    tag: TAG,
    summary: "Add a passkey to the own account; where it is the first second factor, all other sessions end",
    access: { ...requires("people:write", ...EVERY_ROLE), ...BEFORE },
    // Nobody's passkey.
    rights: ["--------", null],
    body: z.strictObject({ name: passkeyName, passkey: createdPasskey }),
    status: 201,
    answer: z
      .object({
        passkey: passkeyShape,
        recoveryCodes: z
          .array(z.string())
          .describe("Each works once, instead of a passkey. Shown only here; empty where the person has some."),
      })
      .meta({ id: "NewPasskey" }),
    refusals: ["passkey-failed", "conflict", "recent-sign-in-needed", "refused-by-rule", "database-away"],
    handle: async (call) => {
      const { actor, body, credential } = call;
      const me = await ownAccount(db, actor);
      await requireRecentProof(signIn, call);
      const key = await signIn.passkeys.checkNew(body.passkey, call, me);
      const { transports } = body.passkey.response;
      return await changes.transact({ actor }, async (change) => {
        const { trx } = change;
        await assertQuota(trx, "passkeys", { person: me.id }, LIMIT);
        if (!(await hasSecondFactor(trx, me.id))) await endOtherSessions(change, me.id, credential);
        const row = { ...key, id: newId(), user_id: me.id, name: body.name, transports: json<readonly string[]>(transports) };
        const passkey = await trx
          .insertInto("passkeys")
          .values(row)
          .onConflict((conflict) => conflict.column("credential_id").doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!passkey) throw new RefusalError("conflict", schoolText("passkey-taken"));
        const left = await trx.selectFrom("recovery_codes").select("user_id").where("user_id", "=", me.id).executeTakeFirst();
        const recoveryCodes = left ? [] : await replaceRecoveryCodes(change, me.id);
        await auditPasskey(change, "user.passkey-add", me, { after: passkey });
        change.afterCommit(() => {
          signIn.clearCache();
          mail.notify(me, "passkey-added");
        });
        return { body: { passkey: passkeyResponse(passkey), recoveryCodes: [...recoveryCodes] } };
      });
    },
  });
}

function renameMyPasskeyRoute({ db, changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "renameMyPasskey",
    method: "PATCH",
    path: "/me/passkeys/:passkeyId",
    tag: TAG,
    summary: "Rename a passkey of the own account",
    access: requires("people:write", ...EVERY_ROLE),
    // The passkey is nobody's.
    rights: ["0000000-", null],
    params: idParam("passkeyId"),
    body: z.strictObject({ name: passkeyName }),
    status: 200,
    answer: passkeyShape,
    refusals: ["not-found", "recent-sign-in-needed", "refused-by-rule", "database-away"],
    handle: async (call) => {
      const { actor, params, body } = call;
      const me = await ownAccount(db, actor);
      await requireRecentProof(signIn, call);
      return await changes.transact({ actor }, async (change) => {
        const before = await ownPasskey(change.trx, me.id, params.passkeyId);
        const { name } = body;
        await change.trx.updateTable("passkeys").set({ name }).where("id", "=", before.id).execute();
        const after = { ...before, name };
        await auditPasskey(change, "user.passkey-rename", me, { before, after });
        return { body: passkeyResponse(after) };
      });
    },
  });
}

function removeMyPasskeyRoute({ db, changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "removeMyPasskey",
    method: "DELETE",
    path: "/me/passkeys/:passkeyId",
    tag: TAG,
    summary: "Remove a passkey from the own account, unless it is the last way to sign in; other sessions that it opened end",
    access: requires("people:write", ...EVERY_ROLE),
    // The passkey is nobody's.
    rights: ["0000000-", null],
    params: idParam("passkeyId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "recent-sign-in-needed", "refused-by-rule", "database-away"],
    handle: async (call) => {
      const { actor, params, credential } = call;
      const me = await ownAccount(db, actor);
      await requireRecentProof(signIn, call);
      const isRequired = await signIn.sessions.requiresFactor(me);
      return await changes.transact({ actor }, async (change) => {
        const { trx } = change;
        // The lock makes removals at the same time count one after the other.
        await trx.selectFrom("users").select("id").where("id", "=", me.id).forNoKeyUpdate().execute();
        const before = await ownPasskey(trx, me.id, params.passkeyId);
        await trx.deleteFrom("passkeys").where("id", "=", before.id).execute();
        if (isRequired && !(await hasSecondFactor(trx, me.id)))
          throw new RefusalError("conflict", schoolText("second-factor-required-here"));
        if (!(await hasWayIn(trx, me.id))) throw new RefusalError("conflict", schoolText("last-way-in"));
        await dropUnneededCodes(change, me.id);
        await endOtherSessions(change, me.id, credential, { column: "passkey_id", id: before.id });
        await auditPasskey(change, "user.passkey-remove", me, { before });
        change.afterCommit(() => {
          signIn.clearCache();
          mail.notify(me, "passkey-removed");
        });
        return { body: null };
      });
    },
  });
}

/** @throws RefusalError not-found, also where it is another person's */
async function ownPasskey(db: Db, userId: string, passkeyId: string): Promise<Passkey> {
  const passkeys = db.selectFrom("passkeys").selectAll().where("id", "=", passkeyId);
  const passkey = await passkeys.where("user_id", "=", userId).executeTakeFirst();
  if (!passkey) throw new RefusalError("not-found", schoolText("no-passkey"));
  return passkey;
}

type Rows = { readonly before?: Passkey; readonly after?: Passkey };

async function auditPasskey({ audit }: Change, action: string, { id, school_id }: User, { before, after }: Rows): Promise<void> {
  const named = (passkey: Passkey) => ({ id: passkey.id, name: passkey.name });
  await audit({
    action,
    schoolId: school_id,
    targetKind: "user",
    targetId: id,
    ...(before ? { before: named(before) } : {}),
    ...(after ? { after: named(after) } : {}),
  });
}

function passkeyResponse({ id, name, created_at: createdAt, used_at: usedAt }: Passkey) {
  return { id, name, createdAt, usedAt };
}
