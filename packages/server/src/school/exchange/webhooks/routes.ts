/** Serves the API routes for webhooks and their deliveries. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { findWebhook, presentWebhooks } from "./find-webhook.ts";
import { rotateWebhookSecretRoute } from "./rotation-route.ts";
import { changedWebhook, deliveryResponse, deliveryShape, newWebhook, webhookShape } from "./shapes.ts";

const TAG = "Webhooks";
const READ = requires("webhooks:read", ...ADMINISTRATORS);
const WRITE = requires("webhooks:write", ...ADMINISTRATORS);
/** Webhooks of one school, and of the platform. Every event is queued once for each. */
const MAX_WEBHOOKS = 20;
const HEALTHY = { failures: 0, paused_until: null };

export function webhookRoutes(context: RouteContext): ApiRoute[] {
  const { storedSecrets } = context;
  const webhooks = resource(context, {
    table: "webhooks",
    path: "/webhooks/:webhookId",
    tag: TAG,
    kind: "webhook",
    read: READ,
    write: WRITE,
    owner: "school-or-platform",
    missing: schoolText("no-webhook"),
    limit: { max: MAX_WEBHOOKS, refusal: schoolText("too-many-webhooks", { max: MAX_WEBHOOKS }) },
    shape: webhookShape,
    present: ({ db, actor }, rows) => presentWebhooks(db, rows, actor, storedSecrets),
  });
  return [
    webhooks.list("listWebhooks", { summary: "List webhooks of a school, or of the platform", rights: ["++------", "+0------"] }),
    webhooks.create("createWebhook", {
      summary: "Create a webhook: events are posted to its URL",
      rights: ["++------", "+0------"],
      body: newWebhook,
      row: ({ url, events, enabled }, { id: webhookId }) => ({
        url,
        events: json(events),
        secret: storedSecrets.encrypt("webhooks", webhookId, newSecret()),
        enabled,
      }),
    }),
    webhooks.get("getWebhook", { summary: "Get a webhook", rights: ["++------", "+0------"] }),
    webhooks.change("changeWebhook", {
      summary: "Change a webhook",
      rights: ["++------", "+0------"],
      body: changedWebhook,
      columns: ({ url, events, enabled }) => ({
        ...definedFields({ url, events: events && json(events), enabled }),
        // A new address, or a webhook that is enabled again, gets a fresh start.
        ...(url !== undefined || enabled ? HEALTHY : {}),
      }),
    }),
    webhooks.delete("deleteWebhook", { summary: "Delete a webhook and its pending deliveries", rights: ["++------", "+0------"] }),
    rotateWebhookSecretRoute(context),
    listDeliveriesRoute(context),
    replayDeliveryRoute(context),
  ];
}

function listDeliveriesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listDeliveries",
    method: "GET",
    path: "/webhooks/:webhookId/deliveries",
    tag: TAG,
    summary: "List deliveries: sent, pending, and dead letters; newest last",
    access: READ,
    rights: ["++------", "+0------"],
    reads: "deliveries",
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

function replayDeliveryRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "replayDelivery",
    method: "POST",
    path: "/webhooks/:webhookId/deliveries/:deliveryId/replay",
    tag: TAG,
    summary: "Send a delivery again, whether it was delivered or is a dead letter; ends the webhook's pause",
    access: WRITE,
    rights: ["++------", "+0------"],
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
        return { body: row };
      }),
  });
}
