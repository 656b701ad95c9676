/** Provides the metric of how many nodes are wanted, as it was decided last. */
import { Gauge, type Registry } from "prom-client";
import type { WantedGroup } from "../network/scaling/wanted-nodes.ts";

export function registerCapacityMetric(registry: Registry, groups: () => readonly WantedGroup[]): void {
  new Gauge({
    name: "lectern_wanted_nodes",
    help: "How many nodes are wanted, by role and region. Every node with the role control decides for itself: take the maximum",
    labelNames: ["role", "region"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { role, region, wanted } of groups()) this.set({ role, region }, wanted);
    },
  });
}
