/** API routes for content checks: webhooks of a school that decide about texts in rooms, and about pictures of live lessons. */
import { z } from "zod";
import type { Actor } from "../../../../access/actor.ts";
import { type ApiRoute, route } from "../../../../access/route.ts";
import { RefusalError } from "../../../../platform/api/server.ts";
import { newId } from "../../../../platform/id.ts";
import { newSecret } from "../../../../platform/secrets.ts";
import { moderationText } from "../../../foundation/messages/moderation-texts.ts";
import { definedFields, id, idParam } from "../../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../../foundation/requests/permissions.ts";
import { conflictAs, type RouteContext } from "../../../foundation/requests/route-context.ts";
import { actsFor, schoolScope, targetSchool } from "../../../foundation/schools/scope.ts";
import { checkVersion } from "../../../foundation/store/change.ts";
import type { ContentCheck } from "../../../foundation/store/moderation-tables.ts";
import type { Db } from "../../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../../foundation/store/update-row.ts";
import { changedContentCheck, contentCheckResponse, contentCheckShape, newContentCheck } from "./content-check-shapes.ts";

const TAG = "Content checks";
const taken = conflictAs(moderationText("content-check-taken"));

export function contentCheckRoutes(context: RouteContext): ApiRoute[] {
  return [
    listContentChecksRoute(context),
    createContentCheckRoute(context),
    getContentCheckRoute(context),
    changeContentCheckRoute(context),
    deleteContentCheckRoute(context),
  ];
}

function listContentChecksRoute({ db, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "listContentChecks",
    method: "GET",
    path: "/content-checks",
    tag: TAG,
    summary: "List content checks",
    access: requires("webhooks:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(contentCheckShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("content_checks")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      const present = (check: ContentCheck) => contentCheckResponse(check, actor, storedSecrets);
      return { body: toPage(await matching.execute(), limit, present) };
    },
  });
}

function createContentCheckRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "createContentCheck",
    method: "POST",
    path: "/content-checks",
    tag: TAG,
    summary: "Create a content check: texts wait until its URL has answered",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    body: newContentCheck,
    status: 201,
    answer: contentCheckShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      const created = changes.transact(requester, async (change) => {
        const { id: schoolId } = await targetSchool(change.trx, requester.actor, body.schoolId);
        const checkId = newId();
        const row = {
          id: checkId,
          school_id: schoolId,
          kind: body.kind,
          url: body.url,
          fallback: body.fallback,
          enabled: body.enabled,
          secret: storedSecrets.encrypt("content_checks", checkId, newSecret()),
          deadline_ms: body.deadlineMs,
          interval_seconds: body.intervalSeconds,
        };
        const check = await change.trx.insertInto("content_checks").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "content-check.create", ...auditTarget(check), after: check });
        return { body: contentCheckResponse(check, requester.actor, storedSecrets) };
      });
      return await created.catch(taken);
    },
  });
}

function getContentCheckRoute({ db, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "getContentCheck",
    method: "GET",
    path: "/content-checks/:contentCheckId",
    tag: TAG,
    summary: "Get a content check",
    access: requires("webhooks:read", ...ADMINISTRATORS),
    params: idParam("contentCheckId"),
    status: 200,
    answer: contentCheckShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const check = await findContentCheck(db, actor, params.contentCheckId);
      return { body: contentCheckResponse(check, actor, storedSecrets) };
    },
  });
}

function changeContentCheckRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "changeContentCheck",
    method: "PATCH",
    path: "/content-checks/:contentCheckId",
    tag: TAG,
    summary: "Change a content check",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    params: idParam("contentCheckId"),
    body: changedContentCheck,
    status: 200,
    answer: contentCheckShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findContentCheck(change.trx, actor, params.contentCheckId);
        checkVersion(before, ifMatch);
        const columns = definedFields({
          url: body.url,
          fallback: body.fallback,
          enabled: body.enabled,
          deadline_ms: body.deadlineMs,
          interval_seconds: body.intervalSeconds,
        });
        const after = await updateRow(change, "content_checks", before, columns);
        await change.audit({ action: "content-check.change", ...auditTarget(before), before, after });
        return { body: contentCheckResponse(after, actor, storedSecrets) };
      }),
  });
}

function deleteContentCheckRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteContentCheck",
    method: "DELETE",
    path: "/content-checks/:contentCheckId",
    tag: TAG,
    summary: "Delete a content check; texts that wait for it go to staff of their lessons",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    params: idParam("contentCheckId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findContentCheck(change.trx, actor, params.contentCheckId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "content_checks", before);
        await change.audit({ action: "content-check.delete", ...auditTarget(before), before });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findContentCheck(db: Db, actor: Actor, checkId: string): Promise<ContentCheck> {
  const check = await db.selectFrom("content_checks").selectAll().where("id", "=", checkId).executeTakeFirst();
  if (!check || !actsFor(actor, check.school_id)) throw new RefusalError("not-found", moderationText("no-content-check"));
  return check;
}

function auditTarget({ id: targetId, school_id: schoolId }: ContentCheck) {
  return { schoolId, targetKind: "content-check", targetId };
}
