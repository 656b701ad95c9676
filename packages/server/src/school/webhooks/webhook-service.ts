/**
 * Sends what webhooks are told: signed, again and again with growing waits, and what cannot be delivered is kept as dead letters
 * that can be sent again. The queue is a table, so that a restart loses nothing; a receiver may get the same delivery twice, with the
 * same id.
 */
import { lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { AddressSet } from "../../platform/address.ts";
import type { Logger } from "../../platform/log.ts";
import { signBody } from "../../platform/secrets.ts";
import type { Database, Webhook } from "../store/tables.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Waits after the first, second, … failure; after the last, the letter is dead. */
const WAITS_MS = [5000, 30_000, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR];
const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 8;
/** What is due later is looked for so often. */
const LOOK_EVERY_MS = 2000;
const KEEP_MS = 30 * 24 * HOUR;
/** Of an answer that is no success. */
const MAX_ERROR = 500;
/** Networks that a school may not have the server talk to: loopback, private, link-local, and the like (RFC 6890). */
const PRIVATE = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::/127",
  "fc00::/7",
  "fe80::/10",
];

export type DispatcherOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Whether webhooks of schools may lead into private networks. */
  readonly allowPrivate: () => boolean;
  /** Whether this process is the one that sends them. */
  readonly onDuty: () => boolean;
};

type Due = {
  readonly id: string;
  readonly body: string;
  readonly event: string;
  readonly attempts: number;
  readonly webhook: Webhook;
};
type Outcome = { readonly status: number | null; readonly error: string | null };

export class WebhookService {
  private readonly options: DispatcherOptions;
  private readonly privateNetworks = new AddressSet(PRIVATE);
  private readonly sending = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private again = false;
  private closed = false;

  constructor(options: DispatcherOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.timer.unref();
    this.wake();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
  }

  /** There is something to send. */
  wake(): void {
    this.again = true;
    if (!this.looking && this.options.onDuty()) void this.look();
  }

  /** Forgets deliveries that were made long ago. */
  async sweep(): Promise<void> {
    await this.options.db
      .deleteFrom("deliveries")
      .where("created_at", "<", new Date(Date.now() - KEEP_MS))
      .where("state", "!=", "pending")
      .execute();
  }

  private async look(): Promise<void> {
    this.looking = true;
    try {
      while (this.again && !this.closed) {
        this.again = false;
        for (const due of await this.due()) void this.deliver(due);
      }
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "webhooks wait: the database is away");
    } finally {
      this.looking = false;
    }
  }

  private async due(): Promise<Due[]> {
    const room = AT_ONCE - this.sending.size;
    if (room <= 0) return [];
    const { db } = this.options;
    const rows = await db
      .selectFrom("deliveries")
      .select(["id", "body", "event", "attempts", "webhook_id"])
      .where("state", "=", "pending")
      .where("next_at", "<=", new Date())
      .orderBy("next_at")
      .limit(AT_ONCE + this.sending.size)
      .execute();
    const fresh = rows.filter(({ id }) => !this.sending.has(id)).slice(0, room);
    if (fresh.length === 0) return [];
    const webhooks = await db
      .selectFrom("webhooks")
      .selectAll()
      .where("id", "in", [...new Set(fresh.map(({ webhook_id }) => webhook_id))])
      .execute();
    const dues = fresh.flatMap((row) => {
      const webhook = webhooks.find(({ id }) => id === row.webhook_id);
      return webhook ? [{ ...row, webhook }] : [];
    });
    for (const { id } of dues) this.sending.add(id);
    return dues;
  }

  private async deliver(due: Due): Promise<void> {
    try {
      const outcome = await this.send(due);
      await this.write(due, outcome);
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "a delivery could not be written; it is made again");
    } finally {
      this.sending.delete(due.id);
      this.wake();
    }
  }

  private async write({ id, attempts, webhook, event }: Due, { status, error }: Outcome): Promise<void> {
    const now = new Date();
    const wait = WAITS_MS[attempts];
    const outcome =
      error === null
        ? { state: "delivered" as const, done_at: now }
        : wait === undefined
          ? { state: "dead" as const, done_at: now }
          : { next_at: new Date(now.getTime() + wait) };
    await this.options.db
      .updateTable("deliveries")
      .set({ ...outcome, attempts: attempts + 1, last_status: status, last_error: error })
      .where("id", "=", id)
      .execute();
    if (error !== null && wait === undefined)
      this.options.log.warn({ webhook: webhook.id, event, error }, "a webhook's letter is dead");
  }

  private send({ id, body, event, webhook }: Due): Promise<Outcome> {
    const url = new URL(webhook.url);
    const headers = {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": "Lectern-Webhooks/1",
      "lectern-event": event,
      "lectern-delivery": id,
      "lectern-signature": signBody(body, webhook.secret),
    };
    const mayGo = webhook.school_id === null || this.options.allowPrivate();
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!mayGo && isIP(host) !== 0 && this.privateNetworks.has(host)) return Promise.resolve(refusedAddress(host));
    return new Promise((resolve) => {
      const open = url.protocol === "https:" ? httpsRequest : httpRequest;
      const request = open(url, { method: "POST", headers, ...(mayGo ? {} : { lookup: this.publicLookup }) }, (response) => {
        const status = response.statusCode ?? 0;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          if (text.length < MAX_ERROR) text += piece;
        });
        response.on("error", (error) => resolve({ status, error: error.message }));
        // Redirects are not followed: they could lead into networks that the address itself may not.
        response.on("end", () =>
          resolve({ status, error: status >= 200 && status < 300 ? null : text.slice(0, MAX_ERROR) || `status ${status}` }),
        );
      });
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)), ANSWER_WITHIN_MS);
      request.on("error", (error) => resolve({ status: null, error: error.message.slice(0, MAX_ERROR) }));
      request.on("close", () => clearTimeout(timer));
      request.end(body);
    });
  }

  /** Finds addresses, but not private ones: a name that was public when the webhook was made may lead elsewhere today. */
  private readonly publicLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const open = (found ?? []).filter(({ address }) => !this.privateNetworks.has(address));
      const first = open[0];
      if (error) callback(error, "", 4);
      else if (!first) callback(new Error(`${hostname} leads into a private network`), "", 4);
      else if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}

function refusedAddress(host: string): Outcome {
  return { status: null, error: `${host} is in a private network` };
}
