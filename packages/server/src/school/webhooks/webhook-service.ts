/**
 * Sends webhook deliveries from a queue in the database, with growing delays after failures. Deliveries that fail permanently stay as
 * dead letters, which can be sent again. A restart loses nothing; a receiver may get a delivery twice, with the same id.
 */
import type { Logger } from "../../platform/log.ts";
import type { Database, Webhook } from "../store/tables.ts";
import { postDelivery } from "./post-delivery.ts";
import { type DeliveryResult, nextStep } from "./retry-schedule.ts";

const MAX_CONCURRENT = 8;
const POLL_MS = 2000;
const KEEP_MS = 30 * 24 * 3600 * 1000;

export type WebhookServiceOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Whether webhooks of schools may reach private networks. */
  readonly allowPrivate: () => boolean;
  /** Whether this process runs the leader tasks; only the leader sends. */
  readonly isLeader: () => boolean;
};

type DueDelivery = {
  readonly id: string;
  readonly body: string;
  readonly event: string;
  readonly attempts: number;
  readonly webhook: Webhook;
};

export class WebhookService {
  private readonly options: WebhookServiceOptions;
  private readonly sending = new Set<string>();
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

  /** Deletes old deliveries that are not pending. */
  async sweep(): Promise<void> {
    await this.options.db
      .deleteFrom("deliveries")
      .where("created_at", "<", new Date(Date.now() - KEEP_MS))
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

  /** Due deliveries, as many as may be sent at the same time; they count as being sent from here on. */
  private async takeDue(): Promise<DueDelivery[]> {
    const room = MAX_CONCURRENT - this.sending.size;
    if (room <= 0) return [];
    const { db } = this.options;
    const rows = await db
      .selectFrom("deliveries")
      .select(["id", "body", "event", "attempts", "webhook_id"])
      .where("state", "=", "pending")
      .where("next_at", "<=", new Date())
      .orderBy("next_at")
      .limit(MAX_CONCURRENT + this.sending.size)
      .execute();
    const fresh = rows.filter(({ id }) => !this.sending.has(id)).slice(0, room);
    if (fresh.length === 0) return [];
    const webhooks = await db
      .selectFrom("webhooks")
      .selectAll()
      .where("id", "in", [...new Set(fresh.map(({ webhook_id }) => webhook_id))])
      .execute();
    const due = fresh.flatMap((row) => {
      const webhook = webhooks.find(({ id }) => id === row.webhook_id);
      return webhook ? [{ ...row, webhook }] : [];
    });
    for (const { id } of due) this.sending.add(id);
    return due;
  }

  private async deliver(delivery: DueDelivery): Promise<void> {
    const { id, event, body, webhook } = delivery;
    try {
      const allowPrivate = webhook.school_id === null || this.options.allowPrivate();
      const result = await postDelivery({ id, event, body, url: webhook.url, secret: webhook.secret, allowPrivate });
      await this.saveResult(delivery, result);
    } catch (error) {
      this.options.log.warn({ delivery: id, reason: String(error) }, "webhook delivery result not saved, delivering again");
    } finally {
      this.sending.delete(id);
      this.wake();
    }
  }

  private async saveResult({ id, attempts, webhook, event }: DueDelivery, result: DeliveryResult): Promise<void> {
    const step = nextStep(attempts, result, Date.now());
    await this.options.db
      .updateTable("deliveries")
      .set({ ...step, attempts: attempts + 1, last_status: result.status, last_error: result.error })
      .where("id", "=", id)
      .execute();
    if (step.state === "dead")
      this.options.log.warn({ webhook: webhook.id, event, error: result.error }, "webhook delivery failed permanently");
  }
}
