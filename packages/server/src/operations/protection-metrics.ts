/** Provides the metrics of the protection against abuse: the addresses that a node holds. */
import { Counter, Gauge, Registry } from "prom-client";
import { type BlockedAddress, COUNTERMEASURES, type Countermeasure } from "../access/protection/protection-messages.ts";
import type { MetricValues } from "./stream-metrics.ts";

/** @param begun how often each measure was taken */
export function protectionMetrics(
  held: readonly Pick<BlockedAddress, "measure" | "isTrial">[],
  begun: Readonly<Record<Countermeasure, number>>,
): Promise<MetricValues> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = new Gauge({
    name: "lectern_blocked_addresses",
    help: "Addresses that this node takes a measure against; trial: would take",
    labelNames: ["measure", "trial"],
    registers,
  });
  const counter = new Counter({
    name: "lectern_countermeasures_total",
    help: "Measures that this node began against addresses, also those that it would have taken",
    labelNames: ["measure"],
    registers,
  });
  for (const measure of COUNTERMEASURES) {
    for (const isTrial of [false, true]) {
      const count = held.filter((one) => one.measure === measure && one.isTrial === isTrial).length;
      gauge.set({ measure, trial: String(isTrial) }, count);
    }
    counter.inc({ measure }, begun[measure]);
  }
  return registry.getMetricsAsJSON();
}
