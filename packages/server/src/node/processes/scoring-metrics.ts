/** Registers the metric of scoring services of schools: how answers that were sent to them ended. */
import { Counter, type Registry } from "prom-client";
import type { SchoolService } from "../../school/school.ts";

export function registerScoringMetrics(registry: Registry, school: Pick<SchoolService, "scorings">): void {
  new Counter({
    name: "lectern_exam_scorings_total",
    help: "Answers that were sent to scoring services of schools, by how that ended",
    labelNames: ["result"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [result, count] of Object.entries(school.scorings())) this.inc({ result }, count);
    },
  });
}
