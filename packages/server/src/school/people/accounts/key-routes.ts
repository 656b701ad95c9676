/** Serves the API routes for API keys: credentials of programs, limited to the scopes they need. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam, toDate } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { actsFor, schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManageKey } from "./account-rights.ts";
import { rotateApiKeyRoute } from "./key-rotation-route.ts";
import { requireRecentProof } from "./recent-proof.ts";
import { apiKeyResponse, apiKeyShape, apiKeyWithSecret, newApiKey } from "./shapes.ts";
import { API_KEY_PREFIX } from "./sign-in.ts";

const TAG = "API keys";

export function keyRoutes(context: AccountContext): ApiRoute[] {
  return [listApiKeysRoute(context), createApiKeyRoute(context), rotateApiKeyRoute(context), deleteApiKeyRoute(context)];
}

function listApiKeysRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "listApiKeys",
    method: "GET",
    path: "/api-keys",
    tag: TAG,
    summary: "List API keys, without their secrets",
    access: requires("system:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(apiKeyShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("api_keys")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, apiKeyResponse) };
    },
  });
}

function createApiKeyRoute({ changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "createApiKey",
    method: "POST",
    path: "/api-keys",
    tag: TAG,
    summary: "Create an API key; only this answer contains its secret",
    access: requires("system:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    body: newApiKey,
    status: 201,
    answer: apiKeyWithSecret,
    refusals: ["not-found", "recent-sign-in-needed", "database-away"],
    handle: async ({ actor, body, credential }) => {
      await requireRecentProof(signIn, { actor, credential });
      checkMayManageKey(actor, body.scopes);
      return await changes.transact({ actor }, async (change) => {
        const schoolId = schoolScope(actor, body.schoolId);
        if (schoolId !== null) await targetSchool(change.trx, actor, schoolId);
        const secret = API_KEY_PREFIX + newSecret();
        const row = {
          id: newId(),
          school_id: schoolId,
          name: body.name,
          secret_hash: hashSecret(secret),
          scopes: json<readonly string[]>(body.scopes),
          created_by: actor.id ?? actor.kind,
          expires_at: toDate(body.expiresAt),
          requests_per_minute: body.requestsPerMinute ?? null,
        };
        const key = await change.trx.insertInto("api_keys").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "api-key.create", schoolId, targetKind: "api-key", targetId: key.id, after: key });
        return { body: { key: secret, ...apiKeyResponse(key) } };
      });
    },
  });
}

function deleteApiKeyRoute({ changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "deleteApiKey",
    method: "DELETE",
    path: "/api-keys/:keyId",
    tag: TAG,
    summary: "Delete an API key; it stops working immediately",
    access: requires("system:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("keyId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const key = await change.trx.selectFrom("api_keys").selectAll().where("id", "=", params.keyId).executeTakeFirst();
        if (!key || !actsFor(actor, key.school_id)) throw new RefusalError("not-found", schoolText("no-key"));
        checkMayManageKey(actor, key.scopes);
        await change.trx.deleteFrom("api_keys").where("id", "=", key.id).execute();
        await change.audit({
          action: "api-key.delete",
          schoolId: key.school_id,
          targetKind: "api-key",
          targetId: key.id,
          before: key,
        });
        change.afterCommit(() => signIn.clearCache());
        return { body: null };
      }),
  });
}
