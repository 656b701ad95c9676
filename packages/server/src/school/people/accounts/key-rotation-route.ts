/** Serves the API route that replaces the secret of an API key, with a time in which both secrets work. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { overlapSeconds } from "../../foundation/requests/rotation.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManageKey } from "./account-rights.ts";
import { requireRecentProof } from "./recent-proof.ts";
import { apiKeyResponse, apiKeyWithSecret } from "./shapes.ts";
import { API_KEY_PREFIX } from "./sign-in.ts";

export function rotateApiKeyRoute({ changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "rotateApiKey",
    method: "POST",
    path: "/api-keys/:keyId/rotate",
    tag: "API keys",
    summary: "Replace the secret of an API key; the old one works for some time, and only this answer contains the new one",
    access: requires("system:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("keyId"),
    body: z.strictObject({ overlapSeconds }).prefault({}),
    status: 200,
    answer: apiKeyWithSecret,
    refusals: ["not-found", "recent-sign-in-needed", "database-away"],
    handle: async ({ actor, params, body, credential }) => {
      await requireRecentProof(signIn, { actor, credential });
      return await changes.transact({ actor }, async (change) => {
        const before = await change.trx
          .selectFrom("api_keys")
          .selectAll()
          .where("id", "=", params.keyId)
          .forUpdate()
          .executeTakeFirst();
        if (!before || !actsFor(actor, before.school_id)) throw new RefusalError("not-found", schoolText("no-key"));
        checkMayManageKey(actor, before.scopes);
        const secret = API_KEY_PREFIX + newSecret();
        const after = await change.trx
          .updateTable("api_keys")
          .set({
            secret_hash: hashSecret(secret),
            previous_hash: before.secret_hash,
            previous_until: new Date(Date.now() + body.overlapSeconds * 1000),
          })
          .where("id", "=", before.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.audit({
          action: "api-key.rotate",
          schoolId: before.school_id,
          targetKind: "api-key",
          targetId: before.id,
          after: { previousUntil: after.previous_until },
        });
        change.afterCommit(() => signIn.clearCache());
        return { body: { key: secret, ...apiKeyResponse(after) } };
      });
    },
  });
}
