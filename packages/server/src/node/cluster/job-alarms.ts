/** Provides the alarms of jobs: a rung that was given up, a ladder without room, a channel or a forward that does not come through. A pure function. */
import type { JobReport } from "../../contracts/jobs/job-report.ts";
import type { OpenAlarm } from "../../school/school.ts";

/** A job that is tried again raises an alarm after so long. */
const TRIED_MS = 15_000;

/** @param now milliseconds since 1970 */
export function jobAlarms(jobs: readonly JobReport[], now: number): OpenAlarm[] {
  return jobs.flatMap((job): OpenAlarm[] => {
    const subject = `${job.app}/${job.name}`;
    const detail = job.problem ? `${job.problem.code}: ${job.problem.detail}`.replace(/: $/, "") : "";
    if (job.state === "refused") return [{ code: "ladder-refused", subject, detail: "No node has room for its ladder." }];
    if (job.state === "retrying" && now - job.since > TRIED_MS) {
      if (job.kind === "pull") return [{ code: "source-away", subject, detail }];
      if (job.kind === "forward") return [{ code: "forward-away", subject, detail }];
      if (job.kind === "captions") return [];
      return [{ code: "ladder-failed", subject, detail }];
    }
    const dropped = job.rungs
      .filter(({ state }) => state === "dropped")
      .map(({ name, problem }) => `${name} (${problem ?? "dropped"})`);
    return dropped.length === 0 ? [] : [{ code: "rung-dropped", subject, detail: dropped.join(", ") }];
  });
}
