/** People: who belongs to a school, in which role. */

import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { changedUser, id, idParam, newUser, pageOf, paging, role, search, userShape } from "../requests/fields.ts";
import {
  ADMINISTRATORS,
  actsFor,
  containsPattern,
  type Desk,
  definedFields,
  requires,
  STAFF,
  schoolScope,
  takenAs,
  targetSchool,
  toPage,
} from "../requests/route-context.ts";
import { checkVersion } from "../store/change.ts";
import type { Db, User } from "../store/tables.ts";
import { hashPassword } from "./password.ts";

const TAG = "People";
const taken = takenAs("Somebody in this school has this login already.");

export function peopleRoutes({ db, changes, signIn }: Desk): ApiRoute[] {
  return [
    route({
      id: "listUsers",
      method: "GET",
      path: "/users",
      tag: TAG,
      summary: "People of a school, by name or role",
      access: requires("people:read", ...STAFF),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        role: role.optional(),
        search: search.describe("Part of the name or the login."),
      }),
      status: 200,
      answer: pageOf(userShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query: { limit, cursor = "", schoolId, search, ...rest } }) => {
        const school = schoolScope(actor, schoolId);
        let all = db
          .selectFrom("users")
          .selectAll()
          .where("id", ">", cursor)
          .orderBy("id")
          .limit(limit + 1);
        if (school !== null) all = all.where("school_id", "=", school);
        if (rest.role) all = all.where("role", "=", rest.role);
        if (search) {
          const like = containsPattern(search);
          all = all.where((where) => where.or([where("name", "ilike", like), where("login", "ilike", like)]));
        }
        return { body: toPage(await all.execute(), limit, userResponse) };
      },
    }),
    route({
      id: "createUser",
      method: "POST",
      path: "/users",
      tag: TAG,
      summary: "Add a person",
      access: requires("people:write", ...ADMINISTRATORS),
      body: newUser,
      status: 201,
      answer: userShape,
      creates: true,
      refusals: ["not-found", "conflict", "database-away"],
      handle: async ({ body, ...asker }) => {
        const { actor } = asker;
        if (body.role === "operator" && actor.role !== "operator")
          throw new RefusalError("refused-by-rule", "Only an operator makes another.");
        if (body.role === "operator" && body.schoolId) throw new RefusalError("bad-request", "An operator belongs to no school.");
        const hash = body.password === undefined ? null : await hashPassword(body.password);
        return await changes
          .transact(asker, async (change) => {
            const school = body.role === "operator" ? null : await targetSchool(change.trx, actor, body.schoolId);
            const { login, name, email } = body;
            const row = { id: newId(), school_id: school?.id ?? null, login, name, email, role: body.role, password_hash: hash };
            const user = await change.trx
              .insertInto("users")
              .values({ ...row, calendar_secret: null })
              .returningAll()
              .executeTakeFirstOrThrow();
            await change.audit({
              action: "user.create",
              schoolId: user.school_id,
              targetKind: "user",
              targetId: user.id,
              after: user,
            });
            return { body: userResponse(user) };
          })
          .catch(taken);
      },
    }),
    route({
      id: "getUser",
      method: "GET",
      path: "/users/:userId",
      tag: TAG,
      summary: "One person",
      access: requires("people:read", ...STAFF),
      params: idParam("userId"),
      status: 200,
      answer: userShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params }) => {
        const user = await findUser(db, actor, params.userId);
        return { body: userResponse(user) };
      },
    }),
    route({
      id: "changeUser",
      method: "PATCH",
      path: "/users/:userId",
      tag: TAG,
      summary: "Change a person, set a password, or shut somebody out",
      access: requires("people:write", ...ADMINISTRATORS),
      params: idParam("userId"),
      body: changedUser,
      status: 200,
      answer: userShape,
      changes: true,
      refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
      handle: async ({ actor, params, body, ifMatch }) => {
        const hash = body.password === undefined ? undefined : await hashPassword(body.password);
        return await changes
          .transact({ actor }, async (change) => {
            const before = await findUser(change.trx, actor, params.userId);
            checkVersion(before, ifMatch);
            if (before.id === actor.id && (body.disabled || (body.role && body.role !== before.role)))
              throw new RefusalError("conflict", "You cannot shut yourself out; somebody else must.");
            if (before.role === "operator" && body.role) throw new RefusalError("conflict", "An operator belongs to no school.");
            const columns = definedFields({
              login: body.login,
              name: body.name,
              email: body.email,
              role: body.role,
              password_hash: hash,
              disabled_at: body.disabled === undefined ? undefined : body.disabled ? new Date() : null,
            });
            const after = await change.trx
              .updateTable("users")
              .set((row) => ({ ...columns, version: row("version", "+", 1) }))
              .where("id", "=", before.id)
              .returningAll()
              .executeTakeFirstOrThrow();
            // A new password, or a closed door, is meant for those too who are in already.
            if (hash !== undefined || body.disabled)
              await change.trx.deleteFrom("sessions").where("user_id", "=", before.id).execute();
            await change.audit({
              action: "user.change",
              schoolId: before.school_id,
              targetKind: "user",
              targetId: before.id,
              before,
              after,
            });
            change.afterCommit(() => signIn.clearCache());
            return { body: userResponse(after) };
          })
          .catch(taken);
      },
    }),
  ];
}

/** @throws RefusalError not-found, also where the person belongs to another school */
export async function findUser(db: Db, actor: Actor, userId: string): Promise<User> {
  const user = await db.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
  if (!user || !actsFor(actor, user.school_id)) throw new RefusalError("not-found", "There is no such person.");
  return user;
}

export function userResponse(user: User) {
  return {
    id: user.id,
    schoolId: user.school_id,
    login: user.login,
    name: user.name,
    email: user.email,
    role: user.role,
    hasPassword: user.password_hash !== null,
    disabledAt: user.disabled_at,
    createdAt: user.created_at,
    version: user.version,
  };
}
