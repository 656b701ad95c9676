/** Serves the API routes for people: the accounts of a school, and their roles. */
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { hasMail, hidesMail } from "../../foundation/encryption/blind-index.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, externalId, flag, id, idParam, personWatermark, search } from "../../foundation/requests/fields.ts";
import { hasWords } from "../../foundation/requests/folded.ts";
import { listingQuery, listOf, listPage } from "../../foundation/requests/listing.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import { conflictAs } from "../../foundation/requests/route-context.ts";
import { schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Db, Tables } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManage } from "./account-rights.ts";
import { checkKeepsOneSignIn } from "./break-glass.ts";
import { passwordQueue } from "./password-queue.ts";
import { recordChanged, recordCreated } from "./person-record.ts";
import { markColumn } from "./person-watermark.ts";
import { requireRecentProof } from "./recent-proof.ts";
import { changedUser, newUser, role, userShape } from "./shapes.ts";
import { findUser, USER_ORDERS, userResponse } from "./user.ts";
import { refuseWeakPassword } from "./weak-passwords.ts";

const TAG = "People";
const taken = conflictAs(schoolText("login-taken"));

export function peopleRoutes(context: AccountContext): ApiRoute[] {
  return [listUsersRoute(context), createUserRoute(context), getUserRoute(context), changeUserRoute(context)];
}

function listUsersRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "listUsers",
    method: "GET",
    path: "/users",
    tag: TAG,
    summary: "List people of a school, by name or role",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: "people",
    query: z.strictObject({
      ...listingQuery("name", "login", "updatedAt"),
      externalId: externalId.optional(),
      schoolId: id.optional(),
      role: role.optional(),
      signedIn: flag.optional().describe("false: only people who have never signed in. true: only those who have."),
      search: search.describe(
        "Words of the name, the login or the mail address, in any order, without accents; with `encryption.atRest`, a mail address as a whole.",
      ),
      mark: personWatermark.optional(),
    }),
    status: 200,
    answer: listOf(userShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { schoolId, search, ...rest } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db.selectFrom("users").selectAll();
      if (school !== null) matching = matching.where("school_id", "=", school);
      if (rest.externalId) matching = matching.where("external_id", "=", rest.externalId);
      if (rest.role) matching = matching.where("role", "=", rest.role);
      if (rest.signedIn !== undefined) matching = matching.where("signed_in_at", rest.signedIn ? "is not" : "is", null);
      if (rest.mark) matching = matching.where(({ ref }) => markColumn(ref("id")), "=", rest.mark);
      if (search) matching = matching.where((where) => isFoundBy(db, where, search));
      return { body: await listPage(matching, "users", USER_ORDERS, rest, (user) => userResponse(user, actor)) };
    },
  });
}

/** By parts of words; a mail address that is encrypted, as a whole only. */
function isFoundBy(db: Db, { ref, or }: ExpressionBuilder<Tables, "users">, text: string): Expression<SqlBool> {
  const readable = [ref("name"), ref("login")];
  if (!hidesMail(db)) return hasWords(text, [...readable, ref("email")]);
  return or([hasWords(text, readable), hasMail(db, ref("email"), [text.trim()])]);
}

function createUserRoute({ changes }: AccountContext): ApiRoute {
  return route({
    id: "createUser",
    method: "POST",
    path: "/users",
    tag: TAG,
    summary: "Create a person",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    body: newUser,
    status: 201,
    answer: userShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ip, ...requester }) => {
      const { actor } = requester;
      checkMayManage(actor, body.role);
      if (body.role === "operator" && actor.role !== "operator")
        throw new RefusalError("refused-by-rule", schoolText("operators-create-operators"));
      if (body.role === "operator" && body.schoolId) throw new RefusalError("bad-request", schoolText("operator-without-school"));
      refuseWeakPassword(body.password, body);
      const hash = body.password === undefined ? null : await passwordQueue.hash(body.password, ip);
      return await changes
        .transact(requester, async (change) => {
          const school = body.role === "operator" ? null : await targetSchool(change.trx, actor, body.schoolId);
          const { login, name, email } = body;
          const row = { id: newId(), school_id: school?.id ?? null, login, name, email, role: body.role, password_hash: hash };
          const external = { external_id: body.externalId ?? null };
          const user = await change.trx
            .insertInto("users")
            .values({ ...row, ...external, calendar_secret: null })
            .returningAll()
            .executeTakeFirstOrThrow();
          await recordCreated(change, user);
          return { body: userResponse(user, actor) };
        })
        .catch(taken);
    },
  });
}

function getUserRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "getUser",
    method: "GET",
    path: "/users/:userId",
    tag: TAG,
    summary: "Get a person",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: "person",
    params: idParam("userId"),
    status: 200,
    answer: userShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const user = await findUser(db, actor, params.userId);
      return { body: userResponse(user, actor) };
    },
  });
}

function changeUserRoute({ changes, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "changeUser",
    method: "PATCH",
    path: "/users/:userId",
    tag: TAG,
    summary: "Change a person, set a password, or disable the account",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    body: changedUser,
    status: 200,
    answer: userShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "recent-sign-in-needed", "database-away"],
    handle: async ({ actor, params, body, ifMatch, ip, credential }) => {
      const isOwnSignIn = params.userId === actor.id && (body.login ?? body.email ?? body.password) !== undefined;
      if (isOwnSignIn) await requireRecentProof(signIn, { actor, credential });
      const hash = body.password === undefined ? undefined : await passwordQueue.hash(body.password, ip);
      return await changes
        .transact({ actor }, async (change) => {
          const before = await findUser(change.trx, actor, params.userId);
          checkMayManage(actor, before.role, body.role ?? before.role);
          checkVersion(before, ifMatch);
          refuseWeakPassword(body.password, {
            ...before,
            ...definedFields({ login: body.login, name: body.name, email: body.email, role: body.role }),
          });
          if (before.id === actor.id && (body.disabled || (body.role && body.role !== before.role)))
            throw new RefusalError("conflict", schoolText("own-account"));
          if (body.password !== undefined) checkKeepsOneSignIn(before);
          if (before.role === "operator" && body.role) throw new RefusalError("conflict", schoolText("operator-without-school"));
          const columns = definedFields({
            login: body.login,
            name: body.name,
            email: body.email,
            role: body.role,
            external_id: body.externalId,
            // What an administrator enters is the school's own word.
            login_asserted: (body.login ?? body.externalId) === undefined ? undefined : false,
            external_id_asserted: body.externalId === undefined ? undefined : false,
            password_hash: hash,
            disabled_at: body.disabled === undefined ? undefined : body.disabled ? new Date() : null,
          });
          const after = await updateRow(change, "users", before, columns);
          // A new password or a disabled account ends the sessions that are already open.
          if (hash !== undefined || body.disabled)
            await change.trx.deleteFrom("sessions").where("user_id", "=", before.id).execute();
          await recordChanged(change, before, after);
          change.afterCommit(() => {
            signIn.clearCache();
            if (hash !== undefined) mail.notify(before, "password");
            if (after.email !== before.email) mail.notify(before, "email");
          });
          return { body: userResponse(after, actor) };
        })
        .catch(taken);
    },
  });
}
