/** API routes for webhooks and their deliveries. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { countDeadLetters, findWebhook, type WebhookContext, webhookWithDeadLetters } from "./find-webhook.ts";
import { rotateWebhookSecretRoute } from "./rotation-route.ts";
import { changedWebhook, deliveryResponse, deliveryShape, newWebhook, webhookResponse, webhookShape } from "./shapes.ts";

const TAG = "Webhooks";
/** Webhooks of one school, and of the platform. Every event is queued once for each. */
const MAX_WEBHOOKS = 20;
const HEALTHY = { failures: 0, paused_until: null };

export function webhookRoutes(context: WebhookContext): ApiRoute[] {
  return [
    listWebhooksRoute(context),
    createWebhookRoute(context),
    getWebhookRoute(context),
    changeWebhookRoute(context),
    deleteWebhookRoute(context),
    rotateWebhookSecretRoute(context),
    listDeliveriesRoute(context),
    replayDeliveryRoute(context),
  ];
}

function listWebhooksRoute({ db, storedSecrets }: WebhookContext): ApiRoute {
  return route({
    id: "listWebhooks",
    method: "GET",
    path: "/webhooks",
    tag: TAG,
    summary: "List webhooks of a school, or of the platform",
    access: requires("webhooks:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(webhookShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("webhooks")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      const rows = await matching.execute();
      const dead = await countDeadLetters(db, rows);
      return { body: toPage(rows, limit, (webhook) => webhookResponse(webhook, actor, storedSecrets, dead.get(webhook.id))) };
    },
  });
}

function createWebhookRoute({ changes, storedSecrets }: WebhookContext): ApiRoute {
  return route({
    id: "createWebhook",
    method: "POST",
    path: "/webhooks",
    tag: TAG,
    summary: "Create a webhook: events are posted to its URL",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    body: newWebhook,
    status: 201,
    answer: webhookShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      return await changes.transact(requester, async (change) => {
        const schoolId = schoolScope(requester.actor, body.schoolId);
        if (schoolId !== null) await requireSchool(change.trx, schoolId);
        await assertQuota(change.trx, schoolId);
        const webhookId = newId();
        const row = {
          id: webhookId,
          school_id: schoolId,
          url: body.url,
          events: json(body.events),
          secret: storedSecrets.encrypt("webhooks", webhookId, newSecret()),
          enabled: body.enabled,
        };
        const webhook = await change.trx.insertInto("webhooks").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "webhook.create", schoolId, targetKind: "webhook", targetId: webhook.id, after: webhook });
        return { body: webhookResponse(webhook, requester.actor, storedSecrets) };
      });
    },
  });
}

function getWebhookRoute({ db, storedSecrets }: WebhookContext): ApiRoute {
  return route({
    id: "getWebhook",
    method: "GET",
    path: "/webhooks/:webhookId",
    tag: TAG,
    summary: "Get a webhook",
    access: requires("webhooks:read", ...ADMINISTRATORS),
    params: idParam("webhookId"),
    status: 200,
    answer: webhookShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const webhook = await findWebhook(db, actor, params.webhookId);
      return { body: await webhookWithDeadLetters(db, webhook, actor, storedSecrets) };
    },
  });
}

function changeWebhookRoute({ changes, webhooks, storedSecrets }: WebhookContext): ApiRoute {
  return route({
    id: "changeWebhook",
    method: "PATCH",
    path: "/webhooks/:webhookId",
    tag: TAG,
    summary: "Change a webhook",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    params: idParam("webhookId"),
    body: changedWebhook,
    status: 200,
    answer: webhookShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      return await changes.transact({ actor }, async (change) => {
        const before = await findWebhook(change.trx, actor, params.webhookId);
        checkVersion(before, ifMatch);
        const columns = definedFields({ url: body.url, events: body.events && json(body.events), enabled: body.enabled });
        // A new address, or a webhook that is enabled again, gets a fresh start.
        const health = body.url !== undefined || body.enabled ? HEALTHY : {};
        const after = await updateRow(change, "webhooks", before, { ...columns, ...health });
        change.afterCommit(() => webhooks.wake());
        const target = { targetKind: "webhook", targetId: before.id };
        await change.audit({ action: "webhook.change", schoolId: before.school_id, ...target, before, after });
        return { body: await webhookWithDeadLetters(change.trx, after, actor, storedSecrets) };
      });
    },
  });
}

function deleteWebhookRoute({ changes }: WebhookContext): ApiRoute {
  return route({
    id: "deleteWebhook",
    method: "DELETE",
    path: "/webhooks/:webhookId",
    tag: TAG,
    summary: "Delete a webhook and its pending deliveries",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    params: idParam("webhookId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findWebhook(change.trx, actor, params.webhookId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "webhooks", before);
        await change.audit({
          action: "webhook.delete",
          schoolId: before.school_id,
          targetKind: "webhook",
          targetId: before.id,
          before,
        });
        return { body: null };
      }),
  });
}

function listDeliveriesRoute({ db }: WebhookContext): ApiRoute {
  return route({
    id: "listDeliveries",
    method: "GET",
    path: "/webhooks/:webhookId/deliveries",
    tag: TAG,
    summary: "List deliveries: sent, pending, and dead letters; newest last",
    access: requires("webhooks:read", ...ADMINISTRATORS),
    params: idParam("webhookId"),
    query: z.strictObject({ ...paging, state: z.enum(["pending", "delivered", "dead"]).optional() }),
    status: 200,
    answer: pageOf(deliveryShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "", state } }) => {
      const webhook = await findWebhook(db, actor, params.webhookId);
      let matching = db.selectFrom("deliveries").selectAll().where("webhook_id", "=", webhook.id).where("id", ">", cursor);
      if (state) matching = matching.where("state", "=", state);
      const rows = await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      return {
        body: toPage(rows, limit, deliveryResponse),
      };
    },
  });
}

function replayDeliveryRoute({ changes, webhooks }: WebhookContext): ApiRoute {
  return route({
    id: "replayDelivery",
    method: "POST",
    path: "/webhooks/:webhookId/deliveries/:deliveryId/replay",
    tag: TAG,
    summary: "Send a delivery again, whether it was delivered or is a dead letter; ends the webhook's pause",
    access: requires("webhooks:write", ...ADMINISTRATORS),
    params: z.strictObject({ webhookId: id, deliveryId: id }),
    status: 202,
    answer: z.object({ id }),
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const webhook = await findWebhook(change.trx, actor, params.webhookId);
        const row = await change.trx
          .updateTable("deliveries")
          .set({ state: "pending", attempts: 0, next_at: new Date(), done_at: null })
          .where("id", "=", params.deliveryId)
          .where("webhook_id", "=", webhook.id)
          .returning("id")
          .executeTakeFirst();
        if (!row) throw new RefusalError("not-found", schoolText("no-delivery"));
        // The person who sends it again wants to see now whether the endpoint works.
        await change.trx.updateTable("webhooks").set({ paused_until: null }).where("id", "=", webhook.id).execute();
        const target = { targetKind: "delivery", targetId: row.id };
        await change.audit({ action: "webhook.replay", schoolId: webhook.school_id, ...target });
        change.afterCommit(() => webhooks.wake());
        return { body: row };
      }),
  });
}

async function requireSchool(db: Db, schoolId: string): Promise<void> {
  // The lock makes webhooks that are created at the same time count one after the other.
  const school = await db.selectFrom("schools").select("id").where("id", "=", schoolId).forNoKeyUpdate().executeTakeFirst();
  if (!school) throw new RefusalError("not-found", schoolText("no-school"));
}

/** @throws RefusalError conflict, where the school has as many webhooks as it may have */
async function assertQuota(db: Db, schoolId: string | null): Promise<void> {
  const all = db.selectFrom("webhooks").select((row) => row.fn.countAll<number>().as("count"));
  const own = schoolId === null ? all.where("school_id", "is", null) : all.where("school_id", "=", schoolId);
  const { count } = await own.executeTakeFirstOrThrow();
  if (Number(count) >= MAX_WEBHOOKS) throw new RefusalError("conflict", schoolText("too-many-webhooks", { max: MAX_WEBHOOKS }));
}
