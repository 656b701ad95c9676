/** Finds webhooks within the reach of a request, and presents them with the number of their dead letters. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db, Webhook } from "../../foundation/store/tables.ts";
import { webhookResponse } from "./shapes.ts";

/** @throws RefusalError not-found */
export async function findWebhook(db: Db, actor: Actor, webhookId: string): Promise<Webhook> {
  const webhook = await db.selectFrom("webhooks").selectAll().where("id", "=", webhookId).executeTakeFirst();
  if (!webhook || !actsFor(actor, webhook.school_id)) throw new RefusalError("not-found", schoolText("no-webhook"));
  return webhook;
}

/** Presents webhooks to a reader, with the number of their dead letters. */
export async function presentWebhooks(db: Db, webhooks: readonly Webhook[], reader: Actor, secrets: StoredSecrets) {
  const dead = await countDeadLetters(db, webhooks);
  return (webhook: Webhook) => webhookResponse(webhook, reader, secrets, dead.get(webhook.id));
}

/** By the id of the webhook. */
async function countDeadLetters(db: Db, webhooks: readonly Webhook[]): Promise<ReadonlyMap<string, number>> {
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
