/** Serves the API routes by which people sign in with a passkey alone: which person it is, the authenticator says. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { addressOwner } from "../../../platform/address.ts";
import { type Rate, RateLimit } from "../../../platform/rate-limit.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { AccountContext } from "../accounts/account-context.ts";
import { noticeNewDevice } from "../accounts/new-device.ts";
import { passkeyAnswer, passkeyQuestion } from "../accounts/passkey-shapes.ts";
import { checkNoKey } from "../accounts/people-only.ts";
import { sessionAnswer } from "../accounts/session-answer.ts";
import { sessionShape } from "../accounts/shapes.ts";

const TAG = "Signing in";
/** Of one address: a school that comes at the same time. */
const ASKING: Rate = { burst: 300, perSecond: 5 };

export function passkeySignInRoutes(context: AccountContext): ApiRoute[] {
  return [askForPasskeyRoute(context), signInWithPasskeyRoute(context)];
}

function askForPasskeyRoute({ signIn }: AccountContext): ApiRoute {
  const asking = new RateLimit(ASKING);
  return route({
    id: "askForPasskey",
    method: "POST",
    path: "/sessions/passkey-question",
    tag: TAG,
    summary:
      "Get the question that a passkey answers to sign in, as a second factor, or as a proof; a cookie keeps it for five minutes",
    access: { ...everybody("people:write"), beforeSecondFactor: true },
    rights: ["++++++++", null],
    status: 201,
    answer: passkeyQuestion,
    refusals: ["refused-by-rule", "too-many", "database-away"],
    handle: async ({ actor, ...request }) => {
      checkNoKey(actor);
      assertRate(asking, [addressOwner(request.ip)]);
      const { question, cookie } = await signIn.passkeys.ask(request);
      return { body: question, headers: { "set-cookie": cookie } };
    },
  });
}

function signInWithPasskeyRoute({ db, signIn, mail }: AccountContext): ApiRoute {
  return route({
    id: "signInWithPasskey",
    method: "POST",
    path: "/sessions/passkey",
    tag: TAG,
    summary: "Sign in with a passkey, which counts as both factors, without a login",
    access: everybody("people:write"),
    // Nobody's passkey.
    rights: ["--------", null],
    body: z.strictObject({
      passkey: passkeyAnswer,
      school: z.string().max(40).optional().describe("The school's slug. Default: the school of the passkey's person."),
      cookie: z.boolean().default(false).describe("For pages: the session goes to an HttpOnly cookie, and `token` is empty."),
    }),
    status: 201,
    answer: sessionShape,
    refusals: ["passkey-failed", "refused-by-rule", "too-many", "database-away"],
    handle: async ({ actor, body, ...request }) => {
      checkNoKey(actor);
      const of = { userId: null, school: body.school ?? null };
      const { id, user_id } = await signIn.passkeys.answeredBy(body.passkey, request, of);
      const user = await db.selectFrom("users").selectAll().where("id", "=", user_id).executeTakeFirstOrThrow();
      const answer = await sessionAnswer(signIn, user, request, { asCookie: body.cookie, providerId: null, passkeyId: id });
      noticeNewDevice({ db, signIn, mail }, user, request);
      return answer;
    },
  });
}
