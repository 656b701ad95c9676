/**
 * Sends webhook deliveries, with growing delays after failures. Endpoints that fail are paused (`endpoint-health.ts`); deliveries that fail permanently
 * stay as dead letters, which can be sent again. A restart loses nothing; a receiver may get a delivery twice, with the same id.
 */
import { sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { FAILURES_BEFORE_PAUSE, pauseUntil } from "../../foundation/delivery/endpoint-health.ts";
import { type Post, postDelivery } from "../../foundation/delivery/post-delivery.ts";
import { type DeliveryResult, nextStep } from "../../foundation/delivery/retry-schedule.ts";
import { WEBHOOK_DELIVERIES } from "../../foundation/store/events.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Look, Slots, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";

/** Documented in `docs/api.md`. */
export const PLACES: Slots = { total: 48, perSchool: 6, perTarget: 2, failing: 12, probeAfter: FAILURES_BEFORE_PAUSE };
const DAY_MS = 24 * 3600 * 1000;
const KEEP_MS = 30 * DAY_MS;
/** A delivery that waits this much longer than planned, behind a paused webhook, becomes a dead letter. */
const MAX_OVERDUE_MS = 3 * DAY_MS;
/** Deliveries that wait for one webhook; the oldest ones beyond become dead letters. */
const MAX_PENDING = 10_000;

export type WebhookDeliveriesOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Whether webhooks of schools may reach private networks. */
  readonly allowPrivate: () => boolean;
  /** Default: over HTTP. */
  readonly post?: (post: Post) => Promise<DeliveryResult>;
};

type Delivery = NonNullable<Awaited<ReturnType<typeof readDelivery>>>;

/** The target of an item is the webhook. */
export function webhookDeliveries(options: WebhookDeliveriesOptions): WorkKind<WorkItem> {
  return {
    name: WEBHOOK_DELIVERIES,
    places: PLACES,
    failure: "webhook delivery result not saved, delivering again",
    // A new address, the end of a pause, and a delivery that is sent again. New deliveries are told of by who queues them.
    isWokenBy: ({ action }) => action.startsWith("webhook."),
    find: (look) => findDue(options.db, look),
    perform: async ({ id }) => {
      const delivery = await readDelivery(options.db, id);
      if (delivery) await saveResult(options, delivery, await send(options, delivery));
    },
  };
}

/** Deletes old deliveries that are not pending, and gives up those that waited too long. @param now milliseconds since 1970 */
export async function sweepDeliveries(db: Database, now: number): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({ state: "dead", done_at: new Date(now), last_error: "the webhook was paused for too long" })
    .where("state", "=", "pending")
    .where("next_at", "<", new Date(now - MAX_OVERDUE_MS))
    .execute();
  await db
    .deleteFrom("deliveries")
    .where("created_at", "<", new Date(now - KEEP_MS))
    .where("state", "!=", "pending")
    .execute();
}

/** The first deliveries of each webhook, so that a long queue of one hides no other. */
async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const before = new Date(until);
  const rows = await db
    .selectFrom("webhooks")
    .innerJoinLateral(
      (nested) =>
        nested
          .selectFrom("deliveries")
          .select(["deliveries.id", "deliveries.next_at"])
          .whereRef("deliveries.webhook_id", "=", "webhooks.id")
          .where("deliveries.state", "=", "pending")
          .where("deliveries.next_at", "<=", before)
          .where("deliveries.id", "not in", ["", ...busy])
          .orderBy("deliveries.next_at")
          .limit(PLACES.perTarget)
          .as("due"),
      (join) => join.onTrue(),
    )
    .select(["due.id", "due.next_at", "webhooks.id as target", "webhooks.school_id as schoolId"])
    .select(["webhooks.failures", "webhooks.paused_until"])
    .where("webhooks.enabled", "=", true)
    .where((where) => where.or([where("webhooks.paused_until", "is", null), where("webhooks.paused_until", "<=", before)]))
    .orderBy("due.next_at")
    .execute();
  return rows.map(({ next_at: nextAt, paused_until: pausedUntil, ...row }) => ({
    ...row,
    dueAt: Math.max(nextAt.getTime(), pausedUntil?.getTime() ?? 0),
  }));
}

async function readDelivery(db: Database, id: string) {
  return await db
    .selectFrom("deliveries")
    .innerJoin("webhooks", "webhooks.id", "deliveries.webhook_id")
    .select(["deliveries.id", "deliveries.body", "deliveries.event", "deliveries.attempts", "webhooks.id as webhookId"])
    .select(["webhooks.school_id", "webhooks.url", "webhooks.secret", "webhooks.previous_secret", "webhooks.previous_until"])
    .select("webhooks.failures")
    .where("deliveries.id", "=", id)
    .where("deliveries.state", "=", "pending")
    .executeTakeFirst();
}

async function send(
  { post = postDelivery, storedSecrets, allowPrivate }: WebhookDeliveriesOptions,
  { id, event, body, url, webhookId, ...stored }: Delivery,
): Promise<DeliveryResult> {
  const secret = storedSecrets.decrypt("webhooks", webhookId, stored.secret);
  if (secret === null) return { status: null, error: "the webhook's secret cannot be decrypted; rotate it" };
  const isRotating = stored.previous_until !== null && stored.previous_until > new Date();
  const previous = isRotating ? stored.previous_secret : null;
  const previousSecret = previous && storedSecrets.decrypt("webhooks", webhookId, previous);
  const mayBePrivate = stored.school_id === null || allowPrivate();
  return await post({ id, event, body, url, secret, previousSecret, allowPrivate: mayBePrivate });
}

async function saveResult(
  { db, log }: WebhookDeliveriesOptions,
  { id, attempts, webhookId, event, failures }: Delivery,
  result: DeliveryResult,
): Promise<void> {
  const step = nextStep(attempts, result, Date.now());
  await db
    .updateTable("deliveries")
    .set({ ...step, attempts: attempts + 1, last_status: result.status, last_error: result.error })
    .where("id", "=", id)
    .execute();
  if (step.state === "dead") log.warn({ webhook: webhookId, event, error: result.error }, "webhook delivery failed permanently");
  if (result.error === null) await saveSuccess({ db, log }, webhookId, failures);
  else await saveFailure({ db, log }, webhookId, result.error);
}

type Saving = Pick<WebhookDeliveriesOptions, "db" | "log">;

async function saveSuccess({ db, log }: Saving, webhookId: string, failures: number): Promise<void> {
  await db
    .updateTable("webhooks")
    .set({ failures: 0, paused_until: null, last_delivered_at: new Date() })
    .where("id", "=", webhookId)
    .execute();
  if (failures >= FAILURES_BEFORE_PAUSE) log.info({ webhook: webhookId, failures }, "webhook works again");
}

async function saveFailure({ db, log }: Saving, webhookId: string, error: string): Promise<void> {
  const webhook = await db
    .updateTable("webhooks")
    .set((row) => ({ failures: row("failures", "+", 1) }))
    .where("id", "=", webhookId)
    .returning("failures")
    .executeTakeFirst();
  const until = webhook ? pauseUntil(webhook.failures, Date.now()) : null;
  if (!webhook || !until) return;
  await db.updateTable("webhooks").set({ paused_until: until }).where("id", "=", webhookId).execute();
  log.warn({ webhook: webhookId, failures: webhook.failures, until, error }, "webhook paused");
  await trimQueue(db, webhookId);
}

async function trimQueue(db: Database, webhookId: string): Promise<void> {
  const tooMany = db
    .selectFrom("deliveries")
    .select("id")
    .where("webhook_id", "=", webhookId)
    .where("state", "=", "pending")
    .orderBy("id", "desc")
    .offset(MAX_PENDING)
    .limit(sql.lit(MAX_PENDING));
  await db
    .updateTable("deliveries")
    .set({ state: "dead", done_at: new Date(), last_error: `more than ${MAX_PENDING} deliveries wait for this webhook` })
    .where("id", "in", tooMany)
    .execute();
}
