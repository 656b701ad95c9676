/** Defines what the school needs from the jobs that nodes do for streams. The node supplies it. */
import type { JobReport } from "../../../contracts/jobs/job-report.ts";

export type JobControl = {
  /** The wanted jobs may have changed: `wantedJobs()` has the new ones. One change may call it more than once. */
  readonly wantedChanged: () => void;
  /** How the jobs of all nodes are now. */
  readonly reports: () => Promise<readonly JobReport[]>;
};
