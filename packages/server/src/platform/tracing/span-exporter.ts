/**
 * Sends spans to a collector by OTLP over HTTP, in batches. What waits is bounded: where the collector is down or slower, spans are dropped and
 * counted, and nothing else notices.
 */
import type { Clock } from "../clock.ts";
import { RetryDelay } from "../retry-delay.ts";
import { otlpBody, rejectedSpans } from "./otlp.ts";
import type { Attributes, FinishedSpan } from "./span.ts";

export type ExporterOptions = {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly resource: Attributes;
  readonly clock: Clock;
  readonly log: Record<"warn" | "info", (of: object, what: string) => void>;
};

/** About 2 MB. */
const MAX_WAITING = 2048;
const BATCH = 512;
const BATCH_MS = 1000;
const ANSWER_WITHIN_MS = 10_000;
const LAST_ANSWER_WITHIN_MS = 1000;
/** Statuses with which a collector asks for the same batch again (OTLP specification, "Retryable Response Codes"). */
const AGAIN: readonly number[] = [429, 502, 503, 504];

export class SpanExporter {
  private readonly options: ExporterOptions;
  private readonly waiting: FinishedSpan[] = [];
  private readonly abort = new AbortController();
  private readonly retry = new RetryDelay({ most: 60_000 });
  private cancel: (() => void) | null = null;
  private sending: Promise<void> | null = null;
  private isDown = false;
  private over = false;
  /** Spans that the collector took, and those that nobody will see. */
  readonly counts = { sent: 0, dropped: 0 };

  constructor(options: ExporterOptions) {
    this.options = options;
  }

  /** A request is under way. */
  get isSending(): boolean {
    return this.sending !== null;
  }

  add(span: FinishedSpan): void {
    if (this.over || this.waiting.length >= MAX_WAITING) this.counts.dropped++;
    else this.waiting.push(span);
    this.later(BATCH_MS);
  }

  /** Sends what waits, if the collector answers at once. */
  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.cancel?.();
    // A request under way ends in time too.
    const last = setTimeout(() => this.abort.abort(), LAST_ANSWER_WITHIN_MS);
    await this.sending;
    clearTimeout(last);
    if (!this.isDown && this.waiting.length > 0) await this.send(LAST_ANSWER_WITHIN_MS);
    this.counts.dropped += this.waiting.splice(0).length;
  }

  private within(milliseconds: number): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(milliseconds), this.abort.signal]);
  }

  /** No timer runs while nothing waits. */
  private later(milliseconds: number): void {
    if (this.over || this.cancel || this.sending || this.waiting.length === 0) return;
    this.cancel = this.options.clock.after(milliseconds, () => {
      this.cancel = null;
      this.sending = this.send(ANSWER_WITHIN_MS).finally(() => {
        this.sending = null;
        this.later(this.isDown ? this.retry.next() : BATCH_MS);
      });
    });
  }

  private async send(withinMs: number): Promise<void> {
    const { endpoint, headers, resource, log } = this.options;
    const batch = this.waiting.slice(0, BATCH);
    const outcome = await post(
      `${endpoint.replace(/\/$/, "")}/v1/traces`,
      headers,
      otlpBody(batch, resource),
      this.within(withinMs),
    );
    if (outcome.again) {
      if (!this.isDown) log.warn({ reason: outcome.reason }, "trace collector unreachable");
      this.isDown = true;
      return;
    }
    this.waiting.splice(0, batch.length);
    const dropped = outcome.reason === null ? Math.min(outcome.rejected, batch.length) : batch.length;
    this.counts.dropped += dropped;
    this.counts.sent += batch.length - dropped;
    if (outcome.reason !== null) log.warn({ reason: outcome.reason, spans: dropped }, "trace collector refused spans");
    else if (this.isDown) log.info({}, "trace collector reachable");
    this.isDown = false;
    this.retry.reset();
  }
}

type Outcome = { readonly again: boolean; readonly reason: string | null; readonly rejected: number };

async function post(url: string, headers: ExporterOptions["headers"], body: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const options: RequestInit = { method: "POST", redirect: "error", signal, body };
    const answer = await fetch(url, { ...options, headers: { ...headers, "content-type": "application/json" } });
    const text = await answer.text();
    if (answer.ok) return { again: false, reason: null, rejected: rejectedSpans(text) };
    return { again: AGAIN.includes(answer.status), reason: `status ${answer.status}`, rejected: 0 };
  } catch (error) {
    // The cause names what failed; the message of `fetch` alone does not. Neither has the headers.
    const { cause } = error instanceof Error ? error : {};
    return { again: true, reason: String(cause ?? error), rejected: 0 };
  }
}
