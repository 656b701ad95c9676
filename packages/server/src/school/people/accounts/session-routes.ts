/** Serves the API routes for signing in and out, and for the own account. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { DEVICE_COOKIE } from "../../../access/credentials/device-cookie.ts";
import { clearedSessionCookies } from "../../../access/credentials/session-cookie.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { AccountContext } from "./account-context.ts";
import { noticeNewDevice } from "./new-device.ts";
import { sessionAnswer } from "./session-answer.ts";
import { credentials, sessionShape, userShape } from "./shapes.ts";
import { findUser, userResponse } from "./user.ts";

const TAG = "Signing in";

export function sessionRoutes(context: AccountContext): ApiRoute[] {
  return [signInRoute(context), signOutRoute(context), getMeRoute(context)];
}

function signInRoute({ db, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "signIn",
    method: "POST",
    path: "/sessions",
    tag: TAG,
    summary: "Sign in with a login and a password",
    access: everybody("people:write"),
    rights: ["++++++++", null],
    body: credentials,
    status: 201,
    answer: sessionShape,
    refusals: [
      "wrong-password",
      "second-factor-required",
      "wrong-code",
      "passkey-failed",
      "password-sign-in-off",
      "refused-by-rule",
      "too-many",
      "database-away",
    ],
    handle: async ({ body, ...request }) => {
      const { login, password, school = null } = body;
      const device = request.cookie(DEVICE_COOKIE);
      const user = await signIn.authenticate({ login, password, school, ip: request.ip, device });
      const passkeyId = await signIn.secondFactors.check(user, body, request);
      const answer = await sessionAnswer(signIn, user, request, { asCookie: body.cookie, providerId: null, passkeyId });
      noticeNewDevice({ db, signIn, mail }, user, request);
      return answer;
    },
  });
}

function signOutRoute({ signIn }: AccountContext): ApiRoute {
  return route({
    id: "signOut",
    method: "DELETE",
    path: "/sessions/current",
    tag: TAG,
    summary: "Sign out: ends the session of this request",
    access: { ...requires("people:write", ...EVERY_ROLE), beforeSecondFactor: true },
    rights: ["+++++++-", null],
    status: 204,
    answer: null,
    refusals: ["database-away"],
    handle: async ({ actor, credential, isSecure }) => {
      if (actor.kind !== "user" || !credential) throw new RefusalError("refused-by-rule", schoolText("people-only-session"));
      await signIn.signOut(credential.token);
      return credential.from === "cookie"
        ? { body: null, headers: { "set-cookie": clearedSessionCookies(isSecure) } }
        : { body: null };
    },
  });
}

function getMeRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "getMe",
    method: "GET",
    path: "/me",
    tag: TAG,
    summary: "Get the account of this request",
    access: { ...requires("people:read", ...EVERY_ROLE), beforeSecondFactor: true },
    rights: ["+++++++-", null],
    reads: { unlogged: "of the caller alone" },
    status: 200,
    answer: z.object({
      kind: z.enum(["user", "key", "token"]),
      name: z.string(),
      role: z.string(),
      schoolId: z.string().nullable(),
      user: userShape.nullable(),
      needsSecondFactor: z.boolean().describe("Whether the person has to set up a second factor before anything else."),
    }),
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      const user = actor.kind === "user" && actor.id ? userResponse(await findUser(db, actor, actor.id), actor) : null;
      const { kind, name, role, schoolId } = actor;
      const needsSecondFactor = actor.lacksSecondFactor ?? false;
      return { body: { kind: kind === "nobody" ? "user" : kind, name, role: role ?? "", schoolId, user, needsSecondFactor } };
    },
  });
}
