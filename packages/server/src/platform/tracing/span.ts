/** Provides one span of a trace: something that took time, its attributes, and what happened within it. Everything in it is bounded. */
import type { TraceContext } from "./trace-context.ts";

/** Names follow OpenTelemetry's semantic conventions where those have one. No personal data and no secrets: spans leave the platform. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export type SpanKind = "internal" | "server" | "client";

/** Times are milliseconds since 1970. */
export type FinishedSpan = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: TraceContext;
  /** Null: the first span of its trace. */
  readonly parentId: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly atMs: number }[];
  /** Spans of other traces. */
  readonly links: readonly TraceContext[];
  /** Why it failed, as a code; null: it did not. */
  readonly error: string | null;
};

export type SpanStart = Pick<FinishedSpan, "name" | "kind" | "context" | "parentId" | "attributes">;

type SpanClock = { readonly utc: () => number; readonly monotonic: () => number };

const MAX_EVENTS = 32;
const MAX_LINKS = 8;

export class Span {
  readonly context: TraceContext;
  private readonly start: SpanStart;
  private readonly clock: SpanClock;
  private readonly finished: (span: FinishedSpan) => void;
  private readonly startMs: number;
  private readonly begun: number;
  private attributes: Attributes;
  private readonly events: { readonly name: string; readonly atMs: number }[] = [];
  private readonly links: TraceContext[] = [];
  private over = false;

  constructor(start: SpanStart, clock: SpanClock, finished: (span: FinishedSpan) => void) {
    this.context = start.context;
    this.start = start;
    this.clock = clock;
    this.finished = finished;
    this.startMs = clock.utc();
    this.begun = clock.monotonic();
    this.attributes = start.attributes;
  }

  event(name: string): void {
    if (this.events.length < MAX_EVENTS) this.events.push({ name, atMs: this.now });
  }

  set(attributes: Attributes): void {
    this.attributes = { ...this.attributes, ...attributes };
  }

  /** Names a span of another trace that this one has to do with; null: there is none. */
  link(to: TraceContext | null): void {
    if (to && this.links.length < MAX_LINKS) this.links.push(to);
  }

  /** May be called twice: the first call counts. @param error why it failed, as a code */
  end(error: string | null = null): void {
    if (this.over) return;
    this.over = true;
    const { startMs, attributes, events, links } = this;
    this.finished({ ...this.start, startMs, endMs: this.now, attributes, events, links, error });
  }

  /** A clock that is corrected meanwhile does not change a duration. */
  private get now(): number {
    return this.startMs + this.clock.monotonic() - this.begun;
  }
}
