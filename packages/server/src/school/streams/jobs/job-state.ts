/** Presents how the job of a source or a forward is, as the nodes report it. */
import { z } from "zod";
import { JOB_REPORT_STATES, type JobReport, type JobReportState, type StreamJob } from "../../../contracts/jobs/job-report.ts";
import { time } from "../../foundation/requests/fields.ts";
import type { JobControl } from "./job-control.ts";

export const jobStateShape = z
  .object({
    state: z
      .enum(JOB_REPORT_STATES)
      .describe(
        "waiting: nobody asks for it, or its stream is not live. retrying: it failed and is tried again. refused: no node has room.",
      ),
    since: time,
    problem: z
      .object({
        code: z.string().describe("A code of docs/errors.md, Problems of jobs."),
        detail: z.string().nullable().describe("Null for readers who may not change it."),
      })
      .nullable(),
    address: z.int().nullable().describe("The address of a source that is in use, counted from 0."),
    node: z.string().nullable(),
    restarts: z.int().describe("How often it began again since it was wanted."),
  })
  .meta({ id: "JobState" });

export type JobStates = (id: string) => JobReport | null;

/** While a job moves, two nodes report it: the one that is further counts. */
const BEST_FIRST: readonly JobReportState[] = ["running", "starting", "retrying", "refused", "waiting"];

/** How the jobs of one kind are, by the id of their resource. Null: no node reports it, because it is not wanted or was made just now. */
export async function jobStates(jobs: JobControl, kind: StreamJob): Promise<JobStates> {
  // What people have set up can be read while no node answers.
  const reports = await jobs.reports().catch((): readonly JobReport[] => []);
  const byId = new Map<string, JobReport>();
  for (const report of reports) {
    if (report.kind !== kind) continue;
    const other = byId.get(report.id);
    if (!other || isBetter(report, other)) byId.set(report.id, report);
  }
  return (id) => byId.get(id) ?? null;
}

/** @param mayChange who may not change the job does not see the details of its problems */
export function jobStateResponse(report: JobReport | null, mayChange: boolean) {
  if (!report) return null;
  const { state, since, problem, address, node, restarts } = report;
  return {
    state,
    since: new Date(since),
    address,
    node,
    restarts,
    problem: problem && { code: problem.code, detail: mayChange ? problem.detail : null },
  };
}

function isBetter(a: JobReport, b: JobReport): boolean {
  const [rankA, rankB] = [BEST_FIRST.indexOf(a.state), BEST_FIRST.indexOf(b.state)];
  return rankA < rankB || (rankA === rankB && a.since > b.since);
}
