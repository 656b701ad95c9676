/** API routes for signing in and out, and for the own account. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import { EVERY_ROLE, requires } from "../requests/permissions.ts";
import type { AccountContext } from "./account-context.ts";
import { DEVICE_COOKIE } from "./known-device.ts";
import { credentials, sessionShape, userShape } from "./shapes.ts";
import { findUser, userResponse } from "./user.ts";

const TAG = "Signing in";

export function sessionRoutes(context: AccountContext): ApiRoute[] {
  return [signInRoute(context), signOutRoute(context), getMeRoute(context)];
}

function signInRoute({ signIn }: AccountContext): ApiRoute {
  return route({
    id: "signIn",
    method: "POST",
    path: "/sessions",
    tag: TAG,
    summary: "Sign in with a login and a password",
    access: "everybody",
    body: credentials,
    status: 201,
    answer: sessionShape,
    refusals: ["wrong-password", "refused-by-rule", "too-many", "database-away"],
    handle: async ({ body, ip, agent, cookie, origin }) => {
      const device = cookie(DEVICE_COOKIE);
      const { login, password, school = null } = body;
      const { token, expiresAt, user } = await signIn.signIn({ login, password, school, ip, agent, device });
      const mark = signIn.devices.cookieFor(device, user, origin.startsWith("https:"));
      const headers = mark === null ? {} : { "set-cookie": mark };
      return { body: { token, expiresAt, user: userResponse(user) }, headers };
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
    access: requires("people:write", ...EVERY_ROLE),
    status: 204,
    answer: null,
    refusals: ["database-away"],
    handle: async ({ actor, token }) => {
      if (actor.kind !== "user" || token === null) throw new RefusalError("refused-by-rule", schoolText("people-only-session"));
      await signIn.signOut(token);
      return { body: null };
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
  });
}
