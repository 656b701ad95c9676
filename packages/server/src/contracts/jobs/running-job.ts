/** Defines a job that runs in this process, as the one who started it sees it. */
import type { JobReport } from "./job-report.ts";

export type RunningJob = {
  /** How it is now. The node is not known here. */
  readonly report: () => Omit<JobReport, "node">;
  /** Nobody wants it here any more. Ends its programs and connections at once. May be called twice. @param reason for viewers and logs */
  readonly close: (reason: string) => void;
  /** Another process does it from now on: what it published stays live for the grace period. */
  readonly handOver: () => void;
};
