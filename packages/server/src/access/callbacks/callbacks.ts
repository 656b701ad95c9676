/**
 * HTTP callbacks in the style of SRS or of nginx-rtmp. The school's back end is asked before a client is admitted, and told when the client
 * has left. Each admitted client is reported as left exactly once.
 */
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { signBody } from "../../platform/secrets.ts";
import { Semaphore } from "../../platform/semaphore.ts";
import { type Allowed, type BackEndResponse, readNginxAnswer, readSrsAnswer } from "./answers.ts";
import {
  ASKED,
  type CallbackAction,
  type CallbackEvent,
  type CallbackName,
  REPORTED,
  type RecordedFile,
} from "./callback-event.ts";
import { type Encoded, encodeNginx, encodeNginxRecorded, encodeSrs, encodeSrsRecorded } from "./formats.ts";

export type CallbackSettings = {
  /** URLs by event: `on_publish`, `on_play`, … All URLs of an event are called, one after the other. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  readonly style: "srs" | "nginx-rtmp";
  readonly timeoutMs: number;
  /** What a time-out or a 5xx means. */
  readonly onFailure: "refuse" | "allow";
  /** Signs each call; empty for no signature. */
  readonly secret: string;
};

/** Follows callback sessions from outside of this process: if it dies, another process reports its clients as left. */
export type CallbackSessions = {
  readonly opened: (event: CallbackEvent) => void;
  readonly closed: (event: CallbackEvent) => void;
};

/** Calls in progress; others wait. */
const MAX_CONCURRENT = 64;
const MAX_WAITING = 20_000;
/** Waits before a report is sent again that the back end certainly did not get. */
const RETRY_DELAYS_MS = [1000, 5000, 30_000];
const MAX_ANSWER_LENGTH = 4096;
/** Errors of a connection that was never established. */
const NOT_DELIVERED = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ECONNRESET/;

export class Callbacks {
  private readonly settings: () => CallbackSettings;
  private readonly serverId: string;
  private readonly log: Logger;
  private readonly sessions: CallbackSessions | null;
  private readonly concurrency = new Semaphore(MAX_CONCURRENT);
  private readonly reports = new Set<Promise<void>>();

  constructor(settings: () => CallbackSettings, serverId: string, log: Logger, sessions: CallbackSessions | null = null) {
    this.settings = settings;
    this.serverId = serverId;
    this.log = log;
    this.sessions = sessions;
  }

  /** Whether the back end is asked about an action, or told of its end. */
  wants(action: CallbackAction): boolean {
    const { urls } = this.settings();
    return (urls[ASKED[action]]?.length ?? 0) > 0 || (urls[REPORTED[action]]?.length ?? 0) > 0;
  }

  /** Whether an answer may name another stream. */
  get renames(): boolean {
    return this.settings().style === "nginx-rtmp";
  }

  /** Asks the back end. Refuses with `refused-by-callback` and `callback-failed`. */
  async ask(event: CallbackEvent): Promise<Allowed | Refusal> {
    let name: string | null = null;
    for (const url of this.settings().urls[ASKED[event.action]] ?? []) {
      const answer = await this.askOne(url, event);
      if (answer instanceof Refusal) return answer.by("callbacks");
      name = answer.name ?? name;
    }
    return { name };
  }

  /** The client was admitted. */
  opened(event: CallbackEvent): void {
    this.sessions?.opened(event);
  }

  /** An admitted client has left. */
  closed(event: CallbackEvent): void {
    this.sessions?.closed(event);
    this.reportAll(REPORTED[event.action], event.clientId, () => this.encode(event, REPORTED[event.action]));
  }

  /** A file of a recording was closed. */
  recorded(file: RecordedFile): void {
    this.reportAll("on_dvr", file.file, () =>
      this.settings().style === "srs" ? encodeSrsRecorded(file, this.serverId) : encodeNginxRecorded(file),
    );
  }

  /** Resolves when all pending reports are sent, or after the time limit. */
  async flush(withinMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([Promise.all(this.reports), late]);
  }

  private async askOne(url: string, event: CallbackEvent): Promise<Allowed | Refusal> {
    const { style, onFailure } = this.settings();
    const { action } = event;
    const response = await this.post(url, this.encode(event, ASKED[action])).catch((error: unknown) => {
      this.log.warn({ url: withoutQuery(url), action, reason: String(error) }, "callback failed");
      return null;
    });
    if (response && response.status < 500) return style === "srs" ? readSrsAnswer(response) : readNginxAnswer(response);
    if (response) this.log.warn({ url: withoutQuery(url), action, status: response.status }, "callback failed");
    return onFailure === "allow" ? { name: null } : new Refusal("callback-failed");
  }

  private reportAll(action: CallbackName | "on_dvr", of: string, encode: () => Encoded): void {
    for (const url of this.settings().urls[action] ?? []) {
      const report = this.report(url, action, of, encode);
      this.reports.add(report);
      void report.then(() => this.reports.delete(report));
    }
  }

  /** Retries only a report that was certainly not delivered. After a time-out this is unknown, and a missing report is better than two. */
  private async report(url: string, action: string, of: string, encode: () => Encoded): Promise<void> {
    for (const delayMs of [...RETRY_DELAYS_MS, null]) {
      let reason: string;
      let isDelivered = false;
      try {
        const { status } = await this.post(url, encode());
        if (status < 500) return;
        reason = `status ${status}`;
      } catch (error) {
        reason = String(error instanceof Error && error.cause ? error.cause : error);
        isDelivered = !NOT_DELIVERED.test(reason);
      }
      if (isDelivered || delayMs === null) {
        this.log.warn({ url: withoutQuery(url), action, of, reason }, "callback failed");
        return;
      }
      await new Promise<void>((resolve) => setTimeout(resolve, delayMs).unref());
    }
  }

  private encode(event: CallbackEvent, name: CallbackName): Encoded {
    return this.settings().style === "srs" ? encodeSrs(event, name, this.serverId) : encodeNginx(event, name);
  }

  private async post(url: string, { type, body }: Encoded): Promise<BackEndResponse> {
    if (this.concurrency.waiting >= MAX_WAITING) throw new Error("too many callbacks are waiting");
    return await this.concurrency.run(async () => {
      const { timeoutMs, secret } = this.settings();
      const signature: Record<string, string> = secret ? { "lectern-signature": signBody(body, secret) } : {};
      const response = await fetch(url, {
        method: "POST",
        body,
        // As of SRS and nginx-rtmp, each call is a connection: one that waits may be closed just when it is used, and nobody knows what arrived.
        headers: { "content-type": type, "user-agent": "Lectern", connection: "close", ...signature },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = (await response.text()).slice(0, MAX_ANSWER_LENGTH);
      return { status: response.status, body: text, location: response.headers.get("location") };
    });
  }
}

/** The query may contain secrets. */
function withoutQuery(url: string): string {
  return url.split("?")[0] ?? url;
}
