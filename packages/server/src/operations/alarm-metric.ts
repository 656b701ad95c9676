/** Provides the metric of open alarms, counted with each scrape. Alarms that the database did not take are counted too. */
import { Gauge, type Registry } from "prom-client";

export function registerAlarmMetric(registry: Registry, open: () => Promise<Readonly<Record<string, number>>>): void {
  new Gauge({
    name: "lectern_alarms",
    help: "Alarms that are open, by severity. Every node with the role control reports those of the platform",
    labelNames: ["severity"],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await open().catch(() => ({}));
      for (const [severity, count] of Object.entries(counts)) this.set({ severity }, count);
    },
  });
}
