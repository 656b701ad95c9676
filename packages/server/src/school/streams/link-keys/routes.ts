/** API routes for link keys: the secrets by which links that other systems sign are checked. Policies name the keys whose links they accept. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { FOREIGN_SCHEMES } from "../../../access/links/schemes/scheme-list.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { conflictAs, type RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { actsFor, schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { LinkKeyRow } from "../../foundation/store/link-key-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { isInPolicy } from "./link-keys.ts";
import { changedLinkKey, createdLinkKeyShape, linkKeyResponse, linkKeyShape, newLinkKey } from "./shapes.ts";

export type LinkKeyContext = RouteContext & { readonly policyNotices: PolicyNotices };

const TAG = "Link keys";
/** Keys of one school, and of the installation. Every key that a policy names may have to be tried for a link. */
const MAX_LINK_KEYS = 10;
/** As many letters as every vendor's console takes. */
const SECRET_BYTES = 16;
const taken = conflictAs(schoolText("link-key-name-taken"));

export function linkKeyRoutes(context: LinkKeyContext): ApiRoute[] {
  return [
    listLinkKeysRoute(context),
    createLinkKeyRoute(context),
    getLinkKeyRoute(context),
    changeLinkKeyRoute(context),
    deleteLinkKeyRoute(context),
  ];
}

function listLinkKeysRoute({ db }: LinkKeyContext): ApiRoute {
  return route({
    id: "listLinkKeys",
    method: "GET",
    path: "/link-keys",
    tag: TAG,
    summary: "List the keys of links that other systems sign, without their secrets",
    access: requires("policies:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(linkKeyShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("link_keys")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, linkKeyResponse) };
    },
  });
}

function createLinkKeyRoute({ changes, storedSecrets, policyNotices }: LinkKeyContext): ApiRoute {
  return route({
    id: "createLinkKey",
    method: "POST",
    path: "/link-keys",
    tag: TAG,
    summary:
      "Create a link key: with the secret that another system signs with, or with a new one; of the school, or for operators of the installation",
    access: requires("policies:write", ...ADMINISTRATORS),
    body: newLinkKey,
    status: 201,
    answer: createdLinkKeyShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      const schoolId = schoolScope(requester.actor, body.schoolId);
      const created = changes.transact(requester, async (change) => {
        await assertQuota(
          change.trx,
          "link_keys",
          schoolId,
          MAX_LINK_KEYS,
          schoolText("too-many-link-keys", { max: MAX_LINK_KEYS }),
        );
        const keyId = newId();
        const secret = body.secret ?? randomBytes(SECRET_BYTES).toString("hex");
        const row = {
          id: keyId,
          school_id: schoolId,
          name: body.name,
          scheme: body.scheme,
          secret: storedSecrets.encrypt("link_keys", keyId, secret),
          valid_seconds: body.validSeconds ?? FOREIGN_SCHEMES[body.scheme].validSeconds,
        };
        const key = await change.trx.insertInto("link_keys").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "link-key.create", schoolId, ...targetOf(key), after: key });
        change.afterCommit(() => policyNotices.policyChanged({ part: "link-key", id: keyId }));
        return { body: { ...linkKeyResponse(key), secret } };
      });
      return await created.catch(taken);
    },
  });
}

function getLinkKeyRoute({ db }: LinkKeyContext): ApiRoute {
  return route({
    id: "getLinkKey",
    method: "GET",
    path: "/link-keys/:linkKeyId",
    tag: TAG,
    summary: "Get a link key, without its secret",
    access: requires("policies:read", ...ADMINISTRATORS),
    params: idParam("linkKeyId"),
    status: 200,
    answer: linkKeyShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: linkKeyResponse(await findLinkKey(db, actor, params.linkKeyId)) }),
  });
}

function changeLinkKeyRoute({ changes, policyNotices }: LinkKeyContext): ApiRoute {
  return route({
    id: "changeLinkKey",
    method: "PATCH",
    path: "/link-keys/:linkKeyId",
    tag: TAG,
    summary: "Rename a link key, or change how long its links go on; another secret is another key",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("linkKeyId"),
    body: changedLinkKey,
    status: 200,
    answer: linkKeyShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      const changed = changes.transact({ actor }, async (change) => {
        const before = await findLinkKey(change.trx, actor, params.linkKeyId);
        checkVersion(before, ifMatch);
        const columns = definedFields({ name: body.name, valid_seconds: body.validSeconds });
        const after = await updateRow(change, "link_keys", before, columns);
        await change.audit({ action: "link-key.change", schoolId: before.school_id, ...targetOf(before), before, after });
        change.afterCommit(() => policyNotices.policyChanged({ part: "link-key", id: before.id }));
        return { body: linkKeyResponse(after) };
      });
      return await changed.catch(taken);
    },
  });
}

function deleteLinkKeyRoute({ changes, policyNotices }: LinkKeyContext): ApiRoute {
  return route({
    id: "deleteLinkKey",
    method: "DELETE",
    path: "/link-keys/:linkKeyId",
    tag: TAG,
    summary: "Delete a link key: its links are not valid any more; refused while a policy names it",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("linkKeyId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findLinkKey(change.trx, actor, params.linkKeyId);
        checkVersion(before, ifMatch);
        // A policy that begins to name it at the same time holds the row: that policy is seen here, or sees that the key is gone.
        await change.trx.selectFrom("link_keys").select("id").where("id", "=", before.id).forUpdate().execute();
        if (await isInPolicy(change.trx, before.id)) throw new RefusalError("conflict", schoolText("link-key-in-use"));
        await deleteRow(change, "link_keys", before);
        await change.audit({ action: "link-key.delete", schoolId: before.school_id, ...targetOf(before), before });
        change.afterCommit(() => policyNotices.policyChanged({ part: "link-key", id: before.id }));
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findLinkKey(db: Db, actor: Actor, keyId: string): Promise<LinkKeyRow> {
  const key = await db.selectFrom("link_keys").selectAll().where("id", "=", keyId).executeTakeFirst();
  if (!key || !actsFor(actor, key.school_id)) throw new RefusalError("not-found", schoolText("no-link-key"));
  return key;
}

function targetOf(key: LinkKeyRow) {
  return { targetKind: "link-key", targetId: key.id };
}
