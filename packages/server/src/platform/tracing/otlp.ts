/**
 * Writes spans in the JSON encoding of the OpenTelemetry Protocol, as the body of a request to `/v1/traces`
 * (OTLP specification 1.9, "JSON Protobuf Encoding"; opentelemetry-proto, trace/v1/trace.proto).
 */
import type { Attributes, FinishedSpan } from "./span.ts";

/** `Span.SpanKind` and `Status.StatusCode` of the protocol. */
const KINDS = { internal: 1, server: 2, client: 3 } as const;
const STATUS = { unset: 0, error: 2 } as const;
/** `SpanFlags`: the trace is sampled, and the parent may be in another program. */
const SAMPLED = 1;
const MAX_TEXT = 200;

/** @param resource what all spans have in common: the program and its node */
export function otlpBody(spans: readonly FinishedSpan[], resource: Attributes): string {
  const scope = { name: "lectern", version: String(resource["service.version"] ?? "") };
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: attributesOf(resource) }, scopeSpans: [{ scope, spans: spans.map(spanOf) }] }],
  });
}

/** The number of spans that a collector has refused of a request that it took (`partialSuccess`). */
export function rejectedSpans(answer: string): number {
  try {
    const { rejectedSpans: rejected } = JSON.parse(answer)?.partialSuccess ?? {};
    return Math.max(0, Number(rejected) || 0);
  } catch {
    return 0;
  }
}

function spanOf({ name, kind, context, parentId, startMs, endMs, attributes, events, links, error }: FinishedSpan) {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    flags: SAMPLED,
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(attributes),
    events: events.map((event) => ({ name: event.name, timeUnixNano: nanoseconds(event.atMs) })),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId, flags: SAMPLED })),
    status: error === null ? { code: STATUS.unset } : { code: STATUS.error, message: error.slice(0, MAX_TEXT) },
  };
}

function attributesOf(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueIn(value) }));
}

function valueIn(value: Attributes[string]) {
  if (typeof value === "string") return { stringValue: value.slice(0, MAX_TEXT) };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** 64-bit numbers are texts in the protocol's JSON. Microseconds are as exact as the clock. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)}000`;
}
