/** Opens the tracer of a process as the configuration says. Without an endpoint nothing is recorded. */
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config/schema.ts";
import type { Logger } from "../log.ts";
import { SpanExporter } from "./span-exporter.ts";
import { createTracer, NO_TRACER, type Tracer } from "./tracer.ts";

/** Of the spans of a process. */
export type SpanCounts = { readonly sent: number; readonly dropped: number };

/** The process, as its spans name it. */
export type TracedProcess = { readonly node: string; readonly process: string; readonly version: string };

export function openTracer(
  { tracing }: Pick<Config, "tracing">,
  { node, process, version }: TracedProcess,
  log: Logger,
  clock: Clock = systemClock,
): { readonly tracer: Tracer; readonly counts: SpanCounts | null } {
  const { endpoint, headers, sample } = tracing;
  if (endpoint === "") return { tracer: NO_TRACER, counts: null };
  const resource = { "service.name": "lectern", "service.version": version, "service.instance.id": `${node}/${process}` };
  const exporter = new SpanExporter({ endpoint, headers, clock, log, resource });
  const tracer = createTracer({ sample, clock, export: (span) => exporter.add(span), close: () => exporter.close() });
  return { tracer, counts: exporter.counts };
}
