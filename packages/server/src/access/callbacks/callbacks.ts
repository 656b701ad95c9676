/**
 * Provides HTTP callbacks in the style of SRS or of nginx-rtmp. The school's back end is asked before a client is admitted, and told when the client
 * has left. Each admitted client is reported as left at least once, with the same id each time.
 */
import { createHash } from "node:crypto";
import { systemClock } from "../../platform/clock.ts";
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
import type { ReportJournal } from "./report-journal.ts";
import { ReportQueue, withoutQuery } from "./report-queue.ts";

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

/** Questions in progress; others wait. Reports do not stand in their way. */
const MAX_CONCURRENT = 64;
const MAX_WAITING = 20_000;
const MAX_ANSWER_LENGTH = 4096;
/** 96 bits. */
const ID_LETTERS = 16;

export class Callbacks {
  private readonly settings: () => CallbackSettings;
  private readonly serverId: string;
  private readonly log: Logger;
  private readonly sessions: CallbackSessions | null;
  private readonly concurrency = new Semaphore(MAX_CONCURRENT);
  private readonly journal: ReportJournal | null;
  private readonly queue: ReportQueue;

  /** @param journal what is on disk of an earlier process is reported at once; null: nothing is kept on disk */
  constructor(
    settings: () => CallbackSettings,
    serverId: string,
    log: Logger,
    sessions: CallbackSessions | null = null,
    journal: ReportJournal | null = null,
  ) {
    this.settings = settings;
    this.serverId = serverId;
    this.log = log;
    this.sessions = sessions;
    this.journal = journal;
    this.queue = new ReportQueue({
      post: async (report) => (await this.send(report.url, report, { "lectern-delivery": report.id })).status,
      isWanted: ({ url, action }) => this.settings().urls[action]?.includes(url) ?? false,
      journal,
      log,
    });
    const left = journal?.open;
    if (!left) return;
    this.queue.resume(left.reports);
    for (const event of left.sessions) this.closed(event);
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
    this.journal?.opened(event);
    this.sessions?.opened(event);
  }

  /** An admitted client has left. */
  closed(event: CallbackEvent): void {
    const action = REPORTED[event.action];
    this.reportAll(action, event.clientId, event.session, () => this.encode(event, action));
    // A process that still has the session would report it again.
    this.journal?.closed(event);
    this.sessions?.closed(event);
  }

  /** A file of a recording was closed. */
  recorded(file: RecordedFile): void {
    this.reportAll("on_dvr", file.file, this.serverId, () =>
      this.settings().style === "srs" ? encodeSrsRecorded(file, this.serverId) : encodeNginxRecorded(file),
    );
  }

  /** Resolves when all reports are sent but those to addresses that have failed, or after the time limit. */
  async flush(withinMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([this.queue.idle(), late]);
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

  /** @param of what it is about. @param instance tells things of the same name apart */
  private reportAll(action: CallbackName | "on_dvr", of: string, instance: string, encode: () => Encoded): void {
    const urls = this.settings().urls[action] ?? [];
    if (urls.length === 0) return;
    const id = createHash("sha256").update(`${action} ${of} ${instance}`).digest("base64url").slice(0, ID_LETTERS);
    for (const url of urls) this.queue.add({ id, url, action, of, ...encode(), at: systemClock.utc() });
  }

  private encode(event: CallbackEvent, name: CallbackName): Encoded {
    return this.settings().style === "srs" ? encodeSrs(event, name, this.serverId) : encodeNginx(event, name);
  }

  private async post(url: string, encoded: Encoded): Promise<BackEndResponse> {
    if (this.concurrency.waiting >= MAX_WAITING) throw new Error("too many callbacks are waiting");
    return await this.concurrency.run(() => this.send(url, encoded));
  }

  private async send(url: string, { type, body }: Encoded, more: Readonly<Record<string, string>> = {}): Promise<BackEndResponse> {
    const { timeoutMs, secret } = this.settings();
    const signature: Record<string, string> = secret ? { "lectern-signature": signBody(body, secret) } : {};
    const response = await fetch(url, {
      method: "POST",
      body,
      // As of SRS and nginx-rtmp, each call is a connection: one that waits may be closed just when it is used, and nobody knows what arrived.
      headers: { "content-type": type, "user-agent": "Lectern", connection: "close", ...signature, ...more },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = (await response.text()).slice(0, MAX_ANSWER_LENGTH);
    return { status: response.status, body: text, location: response.headers.get("location") };
  }
}
