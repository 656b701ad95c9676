/** Serves the API routes for open sessions: people see and end their own, administrators those of their school's people. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { RequestCredential } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { Session, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManage } from "./account-rights.ts";
import { endOtherSessions } from "./other-sessions.ts";
import { ownAccount, personOf } from "./people-only.ts";
import { openSessionShape } from "./shapes.ts";
import { findUser } from "./user.ts";

const TAG = "Signing in";
const list = z.object({ items: z.array(openSessionShape) }).meta({ id: "OpenSessions" });

export function openSessionRoutes(context: AccountContext): ApiRoute[] {
  return [
    listMySessionsRoute(context),
    endMySessionRoute(context),
    endMyOtherSessionsRoute(context),
    listUserSessionsRoute(context),
    endUserSessionsRoute(context),
  ];
}

function listMySessionsRoute({ signIn }: AccountContext): ApiRoute {
  return route({
    id: "listMySessions",
    method: "GET",
    path: "/me/sessions",
    tag: TAG,
    summary: "List where the own account is signed in, the last used first",
    access: requires("people:read", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    reads: { unlogged: "of the caller alone" },
    status: 200,
    answer: list,
    refusals: ["database-away"],
    handle: async ({ actor, credential }) => {
      const sessions = await signIn.sessions.list(personOf(actor));
      return { body: { items: sessions.map((session) => sessionResponse(session, credential)) } };
    },
  });
}

function endMySessionRoute({ changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "endMySession",
    method: "DELETE",
    path: "/me/sessions/:sessionId",
    tag: TAG,
    summary: "End a session of the own account",
    access: requires("people:write", ...EVERY_ROLE),
    // The session is nobody's.
    rights: ["0000000-", null],
    params: idParam("sessionId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const me = personOf(actor);
      return await changes.transact({ actor }, async (change) => {
        const ended = await change.trx
          .deleteFrom("sessions")
          .where("user_id", "=", me)
          .where("id", "=", params.sessionId)
          .returning("id")
          .executeTakeFirst();
        if (!ended) throw new RefusalError("not-found", schoolText("no-session"));
        await change.audit({ action: "user.session-end", schoolId: actor.schoolId, targetKind: "user", targetId: me });
        change.afterCommit(() => signIn.clearCache());
        return { body: null };
      });
    },
  });
}

function endMyOtherSessionsRoute({ db, changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "endMyOtherSessions",
    method: "DELETE",
    path: "/me/sessions",
    tag: TAG,
    summary: "End all sessions of the own account but the one of this request",
    access: requires("people:write", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    status: 204,
    answer: null,
    refusals: ["database-away"],
    handle: async ({ actor, credential }) => {
      const me = await ownAccount(db, actor);
      return await endSessions({ changes, signIn }, actor, me, credential);
    },
  });
}

function listUserSessionsRoute({ db, signIn }: AccountContext): ApiRoute {
  return route({
    id: "listUserSessions",
    method: "GET",
    path: "/users/:userId/sessions",
    tag: "People",
    summary: "List where a person is signed in",
    access: requires("people:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: "person",
    params: idParam("userId"),
    status: 200,
    answer: list,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, credential }) => {
      const user = await findUser(db, actor, params.userId);
      const sessions = await signIn.sessions.list(user.id);
      return { body: { items: sessions.map((session) => sessionResponse(session, credential)) } };
    },
  });
}

function endUserSessionsRoute({ db, changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "endUserSessions",
    method: "DELETE",
    path: "/users/:userId/sessions",
    tag: "People",
    summary: "Sign a person out everywhere",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const user = await findUser(db, actor, params.userId);
      // Sessions that end again and again shut an administrator out.
      checkMayManage(actor, user.role);
      return await endSessions({ changes, signIn }, actor, user, null);
    },
  });
}

/** @param kept the credential whose session stays */
async function endSessions(
  { changes, signIn }: Pick<AccountContext, "changes" | "signIn">,
  actor: Actor,
  user: User,
  kept: RequestCredential | null,
): Promise<{ body: null }> {
  return await changes.transact({ actor }, async (change) => {
    await endOtherSessions(change, user.id, kept);
    await change.audit({ action: "user.sessions-end", schoolId: user.school_id, targetKind: "user", targetId: user.id });
    change.afterCommit(() => signIn.clearCache());
    return { body: null };
  });
}

function sessionResponse(session: Session, credential: RequestCredential | null) {
  return {
    id: session.id,
    createdAt: session.created_at,
    usedAt: session.seen_at,
    ip: session.ip,
    agent: session.agent,
    current: credential !== null && hashSecret(credential.token) === session.token_hash,
  };
}
