/** The metric of open alarms, read from the database with each scrape. A node whose database does not answer has none. */
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
