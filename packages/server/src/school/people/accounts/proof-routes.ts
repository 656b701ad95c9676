/** Serves the API route by which a signed-in person proves again who they are, before changing the own account. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { AccountContext } from "./account-context.ts";
import { passkeyAnswer } from "./passkey-shapes.ts";
import { MAX_PASSWORD } from "./password.ts";
import { PROOF_MINUTES } from "./recent-proof.ts";
import { hasSecondFactor } from "./second-factor.ts";
import { findUser } from "./user.ts";

const body = z.strictObject({
  password: z.string().max(MAX_PASSWORD).optional().describe("The person's password."),
  code: z.string().max(50).optional().describe("Instead: six digits of the authenticator app, or a recovery code."),
  passkey: passkeyAnswer.optional().describe("Instead: a passkey's answer to the question of `POST /sessions/passkey-question`."),
});

export function proofRoutes({ db, signIn }: AccountContext): ApiRoute[] {
  return [
    route({
      id: "proveMyself",
      method: "POST",
      path: "/me/proof",
      tag: "Signing in",
      summary:
        "Prove again who you are, with the password, a code or a passkey: the own account can then be changed for ten minutes",
      access: { ...requires("people:write", ...EVERY_ROLE), beforeSecondFactor: true },
      // Without a password or a code.
      rights: ["--------", null],
      body,
      status: 200,
      answer: z.object({ minutes: z.int().describe("How long the proof counts.") }).meta({ id: "Proof" }),
      refusals: ["wrong-password", "wrong-code", "passkey-failed", "refused-by-rule", "too-many", "database-away"],
      handle: async ({ actor, credential, body: { password, code, passkey }, ...request }) => {
        if (actor.kind !== "user" || actor.id === null || credential === null)
          throw new RefusalError("refused-by-rule", schoolText("people-only-session"));
        const me = await findUser(db, actor, actor.id);
        if (passkey) await signIn.passkeys.answeredBy(passkey, request, { userId: me.id, school: null });
        else if (code !== undefined && (await hasSecondFactor(db, me.id))) await signIn.secondFactors.verify(me.id, code);
        else await signIn.verifyPassword(me, password ?? "", request.ip);
        await signIn.sessions.prove(hashSecret(credential.token));
        return { body: { minutes: PROOF_MINUTES } };
      },
    }),
  ];
}
