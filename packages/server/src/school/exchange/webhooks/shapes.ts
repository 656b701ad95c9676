/** Defines what the API takes and returns about webhooks and their deliveries. */

import { z } from "zod";
import { type Actor, hasScope } from "../../../access/actor.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { healthOf, WEBHOOK_HEALTH } from "../../foundation/delivery/endpoint-health.ts";
import { id, time, version } from "../../foundation/requests/fields.ts";
import { EVENTS, isEventName } from "../../foundation/store/events.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Delivery, Webhook } from "../../foundation/store/tables.ts";

const webhookUrl = z.url({ protocol: /^https?$/, error: platformText.key("not-a-web-address") }).max(2000);
const events = z.array(z.enum(EVENTS)).describe("Empty: all but room.chat and room.hand.");

export const webhookShape = z
  .object({
    id,
    schoolId: id.nullable(),
    url: z.string(),
    events,
    enabled: z.boolean(),
    secret: z
      .string()
      .nullable()
      .describe("Signs deliveries: docs/api.md, Webhooks. Null for API keys without webhook-secrets:write."),
    previousSecretUntil: time
      .nullable()
      .describe("Until then, deliveries are signed with the secret before the last rotation too."),
    deadLetters: z.int().describe("Deliveries that failed permanently."),
    health: z
      .enum(WEBHOOK_HEALTH)
      .describe(
        "failing: the last attempt failed. paused: five or more failed in a row; the server probes with one delivery after each pause.",
      ),
    failures: z.int().describe("Failed attempts since the last successful one."),
    pausedUntil: time.nullable().describe("Nothing is sent before this time."),
    lastDeliveredAt: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "Webhook" });
export const newWebhook = z.strictObject({
  schoolId: id.optional(),
  url: webhookUrl,
  events: events.default([]),
  enabled: z.boolean().default(true),
});
export const changedWebhook = z.strictObject({
  url: webhookUrl.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export const deliveryShape = z
  .object({
    id,
    event: z.string(),
    state: z.enum(["pending", "delivered", "dead"]),
    attempts: z.int(),
    nextAt: time.nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    createdAt: time,
    doneAt: time.nullable(),
    body: z.string(),
  })
  .meta({ id: "Delivery" });

export function webhookResponse(webhook: Webhook, reader: Pick<Actor, "scopes">, secrets: StoredSecrets, deadLetters = 0) {
  return {
    id: webhook.id,
    schoolId: webhook.school_id,
    url: webhook.url,
    events: webhook.events.filter(isEventName),
    enabled: webhook.enabled,
    secret: hasScope(reader, "webhook-secrets:write") ? secrets.decrypt("webhooks", webhook.id, webhook.secret) : null,
    previousSecretUntil: webhook.previous_until,
    deadLetters,
    health: healthOf(webhook),
    failures: webhook.failures,
    pausedUntil: webhook.paused_until,
    lastDeliveredAt: webhook.last_delivered_at,
    createdAt: webhook.created_at,
    version: webhook.version,
  };
}

export function deliveryResponse(delivery: Delivery) {
  return {
    id: delivery.id,
    event: delivery.event,
    state: delivery.state,
    attempts: delivery.attempts,
    nextAt: delivery.state === "pending" ? delivery.next_at : null,
    lastStatus: delivery.last_status,
    lastError: delivery.last_error,
    createdAt: delivery.created_at,
    doneAt: delivery.done_at,
    body: delivery.body,
  };
}
