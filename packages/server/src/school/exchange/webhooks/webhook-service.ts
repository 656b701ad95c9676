/**
 * Sends webhook deliveries from a queue in the database, with growing delays after failures. Schools and endpoints get their places in turn
 * (`fair-schedule.ts`), and endpoints that fail are paused (`endpoint-health.ts`). Deliveries that fail permanently stay as dead letters,
 * which can be sent again. A restart loses nothing; a receiver may get a delivery twice, with the same id.
 */
import { sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { type Post, postDelivery } from "../../foundation/delivery/post-delivery.ts";
import { type DeliveryResult, nextStep } from "../../foundation/delivery/retry-schedule.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { FAILURES_BEFORE_PAUSE, pauseUntil } from "./endpoint-health.ts";
import { type Candidate, chooseDeliveries, PLACES, type Places } from "./fair-schedule.ts";

const POLL_MS = 2000;
const DAY_MS = 24 * 3600 * 1000;
const KEEP_MS = 30 * DAY_MS;
/** A delivery that waits this much longer than planned, behind a paused webhook, becomes a dead letter. */
const MAX_OVERDUE_MS = 3 * DAY_MS;
/** Deliveries that wait for one webhook; the oldest ones beyond become dead letters. */
const MAX_PENDING = 10_000;

export type WebhookServiceOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Whether webhooks of schools may reach private networks. */
  readonly allowPrivate: () => boolean;
  /** Whether this process runs the leader tasks; only the leader sends. */
  readonly isLeader: () => boolean;
  /** Default: PLACES. */
  readonly places?: Places;
  /** Default: over HTTP. */
  readonly post?: (post: Post) => Promise<DeliveryResult>;
};

type DueDelivery = Candidate & {
  readonly body: string;
  readonly event: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
};

export class WebhookService {
  private readonly options: WebhookServiceOptions;
  private readonly sending = new Map<string, Candidate>();
  private timer: NodeJS.Timeout | null = null;
  private polling = false;
  private pollAgain = false;
  private closed = false;

  constructor(options: WebhookServiceOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.timer.unref();
    this.wake();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
  }

  /** Looks for due deliveries without waiting for the next poll. */
  wake(): void {
    this.pollAgain = true;
    if (!this.polling && this.options.isLeader()) void this.poll();
  }

  /** Deletes old deliveries that are not pending, and gives up those that waited too long. */
  async sweep(): Promise<void> {
    const { db } = this.options;
    const now = Date.now();
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

  private async poll(): Promise<void> {
    this.polling = true;
    try {
      while (this.pollAgain && !this.closed) {
        this.pollAgain = false;
        for (const delivery of await this.takeDue()) void this.deliver(delivery);
      }
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "webhook queue not readable, deliveries wait");
    } finally {
      this.polling = false;
    }
  }

  /** The due deliveries that have a place now; they count as being sent from here on. */
  private async takeDue(): Promise<DueDelivery[]> {
    const { db, places = PLACES } = this.options;
    if (this.sending.size >= places.total) return [];
    const chosen = chooseDeliveries(await this.findDue(places), [...this.sending.values()], FAILURES_BEFORE_PAUSE, places);
    if (chosen.length === 0) return [];
    const rows = await db
      .selectFrom("deliveries")
      .innerJoin("webhooks", "webhooks.id", "deliveries.webhook_id")
      .select(["deliveries.id", "deliveries.body", "deliveries.event", "deliveries.attempts", "webhooks.url", "webhooks.secret"])
      .select(["webhooks.previous_secret", "webhooks.previous_until"])
      .where(
        "deliveries.id",
        "in",
        chosen.map(({ id }) => id),
      )
      .execute();
    return chosen.flatMap((candidate) => {
      const row = rows.find(({ id }) => id === candidate.id);
      if (!row) return [];
      this.sending.set(candidate.id, candidate);
      const isRotating = row.previous_until !== null && row.previous_until > new Date();
      return [{ ...row, ...candidate, previousSecret: isRotating ? row.previous_secret : null }];
    });
  }

  /** The first due deliveries of each webhook, so that a long queue of one hides no other. */
  private async findDue({ perWebhook }: Places): Promise<Candidate[]> {
    const now = new Date();
    return await this.options.db
      .selectFrom("webhooks")
      .innerJoinLateral(
        (nested) =>
          nested
            .selectFrom("deliveries")
            .select(["deliveries.id", "deliveries.next_at"])
            .whereRef("deliveries.webhook_id", "=", "webhooks.id")
            .where("deliveries.state", "=", "pending")
            .where("deliveries.next_at", "<=", now)
            .where("deliveries.id", "not in", ["", ...this.sending.keys()])
            .orderBy("deliveries.next_at")
            .limit(perWebhook)
            .as("due"),
        (join) => join.onTrue(),
      )
      .select(["due.id", "webhooks.id as webhookId", "webhooks.school_id as schoolId", "webhooks.failures"])
      .where("webhooks.enabled", "=", true)
      .where((where) => where.or([where("webhooks.paused_until", "is", null), where("webhooks.paused_until", "<=", now)]))
      .orderBy("due.next_at")
      .execute();
  }

  private async post({ id, event, body, url, webhookId, schoolId, ...stored }: DueDelivery): Promise<DeliveryResult> {
    const { post = postDelivery, storedSecrets, allowPrivate } = this.options;
    const secret = storedSecrets.decrypt("webhooks", webhookId, stored.secret);
    if (secret === null) return { status: null, error: "the webhook's secret cannot be decrypted; rotate it" };
    const previousSecret = stored.previousSecret && storedSecrets.decrypt("webhooks", webhookId, stored.previousSecret);
    const mayBePrivate = schoolId === null || allowPrivate();
    return await post({ id, event, body, url, secret, previousSecret, allowPrivate: mayBePrivate });
  }

  private async deliver(delivery: DueDelivery): Promise<void> {
    const { id } = delivery;
    const { log } = this.options;
    try {
      await this.saveResult(delivery, await this.post(delivery));
    } catch (error) {
      log.warn({ delivery: id, reason: String(error) }, "webhook delivery result not saved, delivering again");
    } finally {
      this.sending.delete(id);
      this.wake();
    }
  }

  private async saveResult({ id, attempts, webhookId, event, failures }: DueDelivery, result: DeliveryResult): Promise<void> {
    const { db, log } = this.options;
    const step = nextStep(attempts, result, Date.now());
    await db
      .updateTable("deliveries")
      .set({ ...step, attempts: attempts + 1, last_status: result.status, last_error: result.error })
      .where("id", "=", id)
      .execute();
    if (step.state === "dead") log.warn({ webhook: webhookId, event, error: result.error }, "webhook delivery failed permanently");
    if (result.error === null) await this.saveSuccess(webhookId, failures);
    else await this.saveFailure(webhookId, result.error);
  }

  private async saveSuccess(webhookId: string, failures: number): Promise<void> {
    const { db, log } = this.options;
    await db
      .updateTable("webhooks")
      .set({ failures: 0, paused_until: null, last_delivered_at: new Date() })
      .where("id", "=", webhookId)
      .execute();
    if (failures >= FAILURES_BEFORE_PAUSE) log.info({ webhook: webhookId, failures }, "webhook works again");
  }

  private async saveFailure(webhookId: string, error: string): Promise<void> {
    const { db, log } = this.options;
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
    await this.trimQueue(webhookId);
  }

  private async trimQueue(webhookId: string): Promise<void> {
    const { db } = this.options;
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
}
