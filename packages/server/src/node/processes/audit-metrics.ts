/** Registers the metrics of the audit log: how far its export is behind, and looks that are in no entry. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { SchoolService } from "../../school/school.ts";

export function registerAuditMetrics(registry: Registry, school: Pick<SchoolService, "auditExport" | "lostReadings">): void {
  new Gauge({
    name: "lectern_audit_export_lag_seconds",
    help: "Age of the oldest part of the audit log that was not sent yet, at the node that sends it; none without audit.syslog.url",
    registers: [registry],
    collect() {
      const lag = school.auditExport.lagSeconds();
      this.remove();
      if (lag !== null) this.set(lag);
    },
  });
  new Counter({
    name: "lectern_audit_lost_looks_total",
    help: "Looks at people that are in no entry of the audit log, because the database was unreachable for long",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(school.lostReadings());
    },
  });
}
