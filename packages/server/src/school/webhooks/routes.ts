/** Webhooks, what was sent to them, and dead letters. */

import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import { newSecret } from "../lessons/join-code.ts";
import { changedWebhook, deliveryShape, id, idParam, newWebhook, pageOf, paging, webhookShape } from "../requests/fields.ts";
import { ADMINISTRATORS, actsFor, type Desk, definedFields, requires, schoolScope, toPage } from "../requests/route-context.ts";
import { checkVersion, type EventName } from "../store/change.ts";
import type { Db, Webhook } from "../store/tables.ts";

const TAG = "Webhooks";

export function webhookRoutes({ db, changes, webhooks }: Desk): ApiRoute[] {
  return [
    route({
      id: "listWebhooks",
      method: "GET",
      path: "/webhooks",
      tag: TAG,
      summary: "Webhooks of a school, or of the platform",
      access: requires("webhooks:read", ...ADMINISTRATORS),
      query: z.strictObject({ ...paging, schoolId: id.optional() }),
      status: 200,
      answer: pageOf(webhookShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
        const school = schoolScope(actor, schoolId);
        let all = db
          .selectFrom("webhooks")
          .selectAll()
          .where("id", ">", cursor)
          .orderBy("id")
          .limit(limit + 1);
        if (school !== null) all = all.where("school_id", "=", school);
        const rows = await all.execute();
        const dead = await deadLetters(db, rows);
        return { body: toPage(rows, limit, (webhook) => webhookResponse(webhook, dead.get(webhook.id))) };
      },
    }),
    route({
      id: "createWebhook",
      method: "POST",
      path: "/webhooks",
      tag: TAG,
      summary: "Be told of events at an address of one's own",
      access: requires("webhooks:write", ...ADMINISTRATORS),
      body: newWebhook,
      status: 201,
      answer: webhookShape,
      creates: true,
      refusals: ["not-found", "database-away"],
      handle: async ({ body, ...asker }) => {
        return await changes.transact(asker, async (change) => {
          const schoolId = schoolScope(asker.actor, body.schoolId);
          if (schoolId !== null) await schoolExists(change.trx, schoolId);
          const row = {
            id: newId(),
            school_id: schoolId,
            url: body.url,
            events: json(body.events),
            secret: newSecret(),
            enabled: body.enabled,
          };
          const webhook = await change.trx.insertInto("webhooks").values(row).returningAll().executeTakeFirstOrThrow();
          await change.audit({ action: "webhook.create", schoolId, targetKind: "webhook", targetId: webhook.id, after: webhook });
          return { body: webhookResponse(webhook) };
        });
      },
    }),
    route({
      id: "getWebhook",
      method: "GET",
      path: "/webhooks/:webhookId",
      tag: TAG,
      summary: "One webhook",
      access: requires("webhooks:read", ...ADMINISTRATORS),
      params: idParam("webhookId"),
      status: 200,
      answer: webhookShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params }) => {
        const webhook = await findWebhook(db, actor, params.webhookId);
        return { body: await showOne(db, webhook) };
      },
    }),
    route({
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
          const after = await change.trx
            .updateTable("webhooks")
            .set((row) => ({ ...columns, version: row("version", "+", 1) }))
            .where("id", "=", before.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          const target = { targetKind: "webhook", targetId: before.id };
          await change.audit({ action: "webhook.change", schoolId: before.school_id, ...target, before, after });
          return { body: await showOne(change.trx, after) };
        });
      },
    }),
    route({
      id: "deleteWebhook",
      method: "DELETE",
      path: "/webhooks/:webhookId",
      tag: TAG,
      summary: "Delete a webhook, and what waits for it",
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
          await change.trx.deleteFrom("webhooks").where("id", "=", before.id).execute();
          await change.audit({
            action: "webhook.delete",
            schoolId: before.school_id,
            targetKind: "webhook",
            targetId: before.id,
            before,
          });
          return { body: null };
        }),
    }),
    route({
      id: "listDeliveries",
      method: "GET",
      path: "/webhooks/:webhookId/deliveries",
      tag: TAG,
      summary: "What was sent, what waits, and dead letters, the newest last",
      access: requires("webhooks:read", ...ADMINISTRATORS),
      params: idParam("webhookId"),
      query: z.strictObject({ ...paging, state: z.enum(["pending", "delivered", "dead"]).optional() }),
      status: 200,
      answer: pageOf(deliveryShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params, query: { limit, cursor = "", state } }) => {
        const webhook = await findWebhook(db, actor, params.webhookId);
        let all = db.selectFrom("deliveries").selectAll().where("webhook_id", "=", webhook.id).where("id", ">", cursor);
        if (state) all = all.where("state", "=", state);
        const rows = await all
          .orderBy("id")
          .limit(limit + 1)
          .execute();
        return {
          body: toPage(rows, limit, (row) => ({
            id: row.id,
            event: row.event,
            state: row.state,
            attempts: row.attempts,
            nextAt: row.state === "pending" ? row.next_at : null,
            lastStatus: row.last_status,
            lastError: row.last_error,
            createdAt: row.created_at,
            doneAt: row.done_at,
            body: row.body,
          })),
        };
      },
    }),
    route({
      id: "replayDelivery",
      method: "POST",
      path: "/webhooks/:webhookId/deliveries/:deliveryId/replay",
      tag: TAG,
      summary: "Send it again, dead or delivered",
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
          if (!row) throw new RefusalError("not-found", "There is no such delivery.");
          const target = { targetKind: "delivery", targetId: row.id };
          await change.audit({ action: "webhook.replay", schoolId: webhook.school_id, ...target });
          change.afterCommit(() => webhooks.wake());
          return { body: row };
        }),
    }),
  ];
}

async function findWebhook(db: Db, actor: Actor, webhookId: string): Promise<Webhook> {
  const webhook = await db.selectFrom("webhooks").selectAll().where("id", "=", webhookId).executeTakeFirst();
  if (!webhook || !actsFor(actor, webhook.school_id)) throw new RefusalError("not-found", "There is no such webhook.");
  return webhook;
}

async function schoolExists(db: Db, schoolId: string): Promise<void> {
  const school = await db.selectFrom("schools").select("id").where("id", "=", schoolId).executeTakeFirst();
  if (!school) throw new RefusalError("not-found", "There is no such school.");
}

async function deadLetters(db: Db, webhooks: readonly Webhook[]): Promise<ReadonlyMap<string, number>> {
  if (webhooks.length === 0) return new Map();
  const counts = await db
    .selectFrom("deliveries")
    .select((row) => ["webhook_id", row.fn.countAll().as("count")])
    .where("state", "=", "dead")
    .where(
      "webhook_id",
      "in",
      webhooks.map((webhook) => webhook.id),
    )
    .groupBy("webhook_id")
    .execute();
  return new Map(counts.map(({ webhook_id, count }) => [webhook_id, Number(count)]));
}

async function showOne(db: Db, webhook: Webhook) {
  return webhookResponse(webhook, (await deadLetters(db, [webhook])).get(webhook.id));
}

function webhookResponse(webhook: Webhook, deadLetters = 0) {
  const { id: webhookId, school_id: schoolId, url, events, enabled, secret, created_at: createdAt, version } = webhook;
  return { id: webhookId, schoolId, url, events: [...events] as EventName[], enabled, secret, deadLetters, createdAt, version };
}
