/** Registers the metrics of encryption at rest: the data keys, and how far people's data is encrypted by the current one. */
import { Gauge, type Registry } from "prom-client";
import type { SchoolService } from "../../school/school.ts";

export function registerEncryptionMetrics(registry: Registry, school: Pick<SchoolService, "encryption">): void {
  new Gauge({
    name: "lectern_data_keys",
    help: "Keys that data of people in the database is encrypted by; more than one during a rotation, none without encryption.atRest",
    registers: [registry],
    async collect() {
      this.set((await read(school))?.keys.length ?? 0);
    },
  });
  new Gauge({
    name: "lectern_reencryption_ratio",
    help: "Share of the protected columns that were looked through since encryption was turned on or off, or a key rotated; 1: all values are as configured",
    registers: [registry],
    async collect() {
      const progress = (await read(school))?.progress;
      this.remove();
      if (progress) this.set(progress.finishedAt ? 1 : Math.min(0.99, progress.columns / progress.ofColumns));
    },
  });
}

/** Null: the database does not answer. */
function read(school: Pick<SchoolService, "encryption">) {
  return school.encryption(false).catch(() => null);
}
