/** Provides the metric of what a node does without. It is apart from the others, so that the supervisor loads prom-client with the first scrape only. */
import { Gauge, Registry } from "prom-client";
import type { Degradation } from "../../contracts/degradation/degradation.ts";
import { SHEDDABLE_NAMES } from "../../contracts/degradation/sheddable.ts";
import type { MetricValues } from "../stream-metrics.ts";

/** `lectern_shed`: 1 where the node does without it everywhere, by itself or because an operator says so; 0.5 where it does in some schools or lessons. */
export function shedMetrics(degradation: Pick<Degradation, "sheds" | "state">): Promise<MetricValues> {
  const registry = new Registry();
  const gauge = new Gauge({
    name: "lectern_shed",
    help: "What the node does without: 1 everywhere, 0.5 in some schools or lessons",
    labelNames: ["what"],
    registers: [registry],
  });
  for (const what of SHEDDABLE_NAMES) {
    const isSomewhere = degradation.state.switches.some((one) => one.what === what);
    gauge.set({ what }, degradation.sheds(what) ? 1 : isSomewhere ? 0.5 : 0);
  }
  return registry.getMetricsAsJSON();
}
