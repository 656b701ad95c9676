/** Signing in and out, who one is, and new passwords. */

import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { credentials, idParam, password, sessionShape, userShape } from "../requests/fields.ts";
import { ADMINISTRATORS, type Desk, EVERY_ROLE, requires } from "../requests/route-context.ts";
import { hashPassword } from "./password.ts";
import { createPasswordReset, RESET_HOURS, redeemPasswordReset } from "./password-reset.ts";
import { findUser, userResponse } from "./people-routes.ts";

const TAG = "Signing in";

export function sessionRoutes({ db, changes, signIn, mail }: Desk): ApiRoute[] {
  return [
    route({
      id: "signIn",
      method: "POST",
      path: "/sessions",
      tag: TAG,
      summary: "Sign in with a name and a password",
      access: "everybody",
      body: credentials,
      status: 201,
      answer: sessionShape,
      refusals: ["wrong-password", "refused-by-rule", "database-away"],
      handle: async ({ body, ip, agent }) => {
        const { token, expiresAt, user } = await signIn.signIn(body.login, body.password, body.school ?? null, ip, agent);
        return { body: { token, expiresAt, user: userResponse(user) } };
      },
    }),
    route({
      id: "signOut",
      method: "DELETE",
      path: "/sessions/current",
      tag: TAG,
      summary: "Sign out: the session that asks ends",
      access: requires("people:write", ...EVERY_ROLE),
      status: 204,
      answer: null,
      refusals: ["database-away"],
      handle: async ({ actor, token }) => {
        if (actor.kind !== "user" || token === null) throw new RefusalError("refused-by-rule", "Only a person is signed in.");
        await signIn.signOut(token);
        return { body: null };
      },
    }),
    route({
      id: "getMe",
      method: "GET",
      path: "/me",
      tag: TAG,
      summary: "Who I am",
      access: requires("people:read", ...EVERY_ROLE),
      status: 200,
      answer: z.object({
        kind: z.enum(["user", "key", "token"]),
        name: z.string(),
        role: z.string(),
        schoolId: z.string().nullable(),
        user: userShape.nullable(),
      }),
      refusals: ["database-away"],
      handle: async ({ actor }) => {
        const user = actor.kind === "user" && actor.id ? userResponse(await findUser(db, actor, actor.id)) : null;
        const { kind, name, role, schoolId } = actor;
        return { body: { kind: kind === "nobody" ? "user" : kind, name, role: role ?? "", schoolId, user } };
      },
    }),
    route({
      id: "changeMyPassword",
      method: "PUT",
      path: "/me/password",
      tag: TAG,
      summary: "Set my own password; all my other sessions end",
      access: requires("people:write", ...EVERY_ROLE),
      body: z.strictObject({ current: z.string().max(256), password }),
      status: 201,
      answer: sessionShape,
      refusals: ["wrong-password", "database-away"],
      handle: async ({ actor, body, ip, agent }) => {
        if (actor.kind !== "user" || !actor.id) throw new RefusalError("refused-by-rule", "Only a person has a password.");
        const me = await findUser(db, actor, actor.id);
        await signIn.verifyPassword(me, body.current, ip);
        const hash = await hashPassword(body.password);
        await changes.transact({ actor }, async (change) => {
          await change.trx.updateTable("users").set({ password_hash: hash }).where("id", "=", me.id).execute();
          await change.trx.deleteFrom("sessions").where("user_id", "=", me.id).execute();
          await change.audit({ action: "user.password", schoolId: me.school_id, targetKind: "user", targetId: me.id });
          change.afterCommit(() => signIn.clearCache());
          return { body: null };
        });
        return { body: { ...(await signIn.openSession(me, ip, agent)), user: userResponse(me) } };
      },
    }),
    route({
      id: "createPasswordReset",
      method: "POST",
      path: "/users/:userId/password-reset",
      tag: TAG,
      summary: "A link by which a person sets a password, to print or to send",
      access: requires("people:write", ...ADMINISTRATORS),
      params: idParam("userId"),
      status: 201,
      answer: z.object({ url: z.string(), token: z.string(), hours: z.int(), mailed: z.boolean() }).meta({ id: "PasswordReset" }),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params, origin }) => {
        const user = await findUser(db, actor, params.userId);
        const { token } = await changes
          .transact({ actor }, async (change) => ({ body: await createPasswordReset(change, user) }))
          .then(({ body }) => body);
        const url = `${origin}/reset/${token}`;
        const mailed = user.email !== null && (await mail.sendReset(user.email, user.name, token));
        return { body: { url, token, hours: RESET_HOURS, mailed } };
      },
    }),
    route({
      id: "requestPasswordReset",
      method: "POST",
      path: "/password-resets",
      tag: TAG,
      summary: "Have a reset link mailed to oneself; says nothing of whether there is such a person",
      access: "everybody",
      body: z.strictObject({ login: z.string().min(1).max(200), school: z.string().max(40).optional() }),
      status: 202,
      answer: z.object({ accepted: z.boolean() }).meta({ id: "Accepted" }),
      refusals: ["too-many", "database-away"],
      handle: async ({ actor, body, ip }) => {
        const tried = [{ kind: "address", of: `reset ${ip}` } as const];
        await signIn.attempts.check(tried);
        await signIn.attempts.failed(tried);
        const users = await db
          .selectFrom("users")
          .leftJoin("schools", "schools.id", "users.school_id")
          .selectAll("users")
          .where("users.login", "=", body.login.trim().toLowerCase())
          .where("users.email", "is not", null)
          .where("users.disabled_at", "is", null)
          .$if(body.school !== undefined, (query) => query.where("schools.slug", "=", body.school ?? ""))
          .limit(10)
          .execute();
        for (const user of users) {
          const { body: reset } = await changes.transact({ actor }, async (change) => ({
            body: await createPasswordReset(change, user),
          }));
          if (user.email) void mail.sendReset(user.email, user.name, reset.token);
        }
        return { body: { accepted: true } };
      },
    }),
    route({
      id: "usePasswordReset",
      method: "POST",
      path: "/password-resets/:token",
      tag: TAG,
      summary: "Set a password with the token of a reset link, once",
      access: "everybody",
      params: z.strictObject({ token: z.string().max(100) }),
      body: z.strictObject({ password }),
      status: 204,
      answer: null,
      refusals: ["link-expired", "too-many", "database-away"],
      handle: async ({ actor, params, body, ip }) => {
        const tried = [{ kind: "address", of: `reset ${ip}` } as const];
        await signIn.attempts.check(tried);
        const used = await changes.transact({ actor }, async (change) => ({
          body: await redeemPasswordReset(change, params.token, body.password),
        }));
        if (!used.body) {
          await signIn.attempts.failed(tried);
          throw new RefusalError("link-expired", "This link was used, is too old, or is not complete. Ask for a new one.");
        }
        signIn.clearCache();
        return { body: null };
      },
    }),
  ];
}
