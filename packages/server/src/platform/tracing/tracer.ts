/**
 * Begins spans, and decides which traces are recorded. The decision depends on the trace's id alone, so that all nodes of a cluster with the same
 * share record the same traces without asking each other.
 */
import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import { type Attributes, type FinishedSpan, Span, type SpanKind } from "./span.ts";
import type { TraceContext } from "./trace-context.ts";

export type SpanOptions = {
  readonly kind: SpanKind;
  readonly parent: TraceContext | null;
  /**
   * Whether it is recorded. parent: if its parent is; trace-id: by the trace's id, whatever a stranger says of the parent; either: one of the two;
   * always.
   */
  readonly sampling: "parent" | "trace-id" | "either" | "always";
  readonly attributes?: Attributes;
};

export type Tracer = {
  readonly isOn: boolean;
  /** Null: it is not recorded. */
  readonly begin: (name: string, options: SpanOptions) => Span | null;
  /** Records a span that somebody else has measured, if its trace is recorded. */
  readonly record: (span: Pick<FinishedSpan, "name" | "kind" | "context" | "startMs" | "endMs" | "attributes">) => void;
  /** Sends what is left. */
  readonly close: () => Promise<void>;
};

/** Records nothing. */
export const NO_TRACER: Tracer = { isOn: false, begin: () => null, record: () => {}, close: async () => {} };

/** Of the 56 bits of an id that are random (W3C Trace Context Level 2, section 3.2.2.3.1). */
const RANDOM_DIGITS = -14;
const RANDOM_VALUES = 2 ** 56;

export type TracerOptions = {
  /** The share of traces that are recorded, 0 to 1. */
  readonly sample: number;
  readonly export: (span: FinishedSpan) => void;
  readonly close: () => Promise<void>;
  readonly clock?: Clock;
};

export function createTracer({ sample, export: send, close, clock = systemClock }: TracerOptions): Tracer {
  const isChosen = (traceId: string) => Number.parseInt(traceId.slice(RANDOM_DIGITS), 16) >= RANDOM_VALUES * (1 - sample);
  return {
    isOn: true,
    begin: (name, { kind, parent, sampling, attributes = {} }) => {
      const traceId = parent?.traceId ?? randomBytes(16).toString("hex");
      const isRecorded =
        sampling === "always" ||
        (sampling !== "trace-id" && parent?.isSampled === true) ||
        (sampling !== "parent" && isChosen(traceId));
      if (!isRecorded) return null;
      const context = { traceId, spanId: randomBytes(8).toString("hex"), isSampled: true };
      return new Span({ name, kind, context, parentId: parent?.spanId ?? null, attributes }, clock, send);
    },
    record: (span) => {
      if (isChosen(span.context.traceId)) send({ ...span, parentId: null, events: [], links: [], error: null });
    },
    close,
  };
}
