/** Provides the metric of leased jobs. It is apart from the others, so that the supervisor loads prom-client with the first scrape only. */
import { Gauge, Registry } from "prom-client";
import type { Job } from "../platform/jobs/job.ts";
import type { MetricValues } from "./stream-metrics.ts";

/** Counts leased jobs by kind and state, as `lectern_jobs`. */
export function jobMetrics(jobs: readonly Job[]): Promise<MetricValues> {
  const registry = new Registry();
  const gauge = new Gauge({
    name: "lectern_jobs",
    help: "Jobs that nodes do for streams, by the state of their leases",
    labelNames: ["kind", "state"],
    registers: [registry],
  });
  for (const { kind, state } of jobs) gauge.inc({ kind, state });
  return registry.getMetricsAsJSON();
}
