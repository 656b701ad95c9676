/** Provides the metric of spans: how many the collector took, and how many were dropped. */
import { Counter, type Registry } from "prom-client";
import type { SpanCounts } from "../platform/tracing/open-tracer.ts";

export function registerSpanMetric(registry: Registry, counts: SpanCounts): void {
  new Counter({
    name: "lectern_trace_spans_total",
    help: "Spans of traces: sent to the collector, and dropped because it is down, slow or refuses them",
    labelNames: ["result"],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ result: "sent" }, counts.sent);
      this.inc({ result: "dropped" }, counts.dropped);
    },
  });
}
