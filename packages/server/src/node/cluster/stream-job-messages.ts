/** Lists the messages of the jobs that nodes do for streams. */

import type { JobReport } from "../../contracts/jobs/job-report.ts";
import type { WantedCaptions, WantedForward, WantedJob, WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import type { LadderAnswer, LadderOf, LadderRequest } from "../../live/transcode/ladders.ts";

export type StreamName = { readonly app: string; readonly name: string };

/** The jobs that a worker has to do, and no others. */
export type AssignedJobs = {
  readonly ladders: readonly LadderOf[];
  readonly pulls: readonly WantedPull[];
  readonly forwards: readonly WantedForward[];
  readonly captions: readonly WantedCaptions[];
  /** Ids of all pulls, forwards and captions that people want, on all nodes: one that is wanted and not assigned goes on elsewhere. */
  readonly wanted: readonly string[];
  /** All pulled channels, on whichever node, as `app/name`. */
  readonly channels: readonly string[];
  /** Channels that are fetched when somebody asks for them, as `app/name`; on whichever node. */
  readonly onDemand: readonly string[];
};

/** A ladder that a node is asked to make. */
export type LadderOffer = LadderRequest & {
  /** The lowest comes first. */
  readonly priority: number;
  readonly school: string;
};

/** A job in a worker, as it reports it. */
export type WorkerJob = Omit<JobReport, "node">;

/** From a worker or the control process to the supervisor. */
export type StreamJobMessages = {
  readonly requestLadder: (of: LadderOffer) => Promise<LadderAnswer>;
  /** Somebody asks for a channel that is fetched on demand. */
  readonly demandPull: (of: StreamName) => void;
  /** Nobody wants a ladder any more that this worker has made. */
  readonly releaseLadder: (of: LadderOf) => void;
  /** The worker's jobs, each second while it has some, and those of its channels that somebody watches, as `app/name`. */
  readonly jobReports: (of: { readonly jobs: readonly WorkerJob[]; readonly watched: readonly string[] }) => void;
  /** The jobs of all nodes. */
  readonly jobs: () => Promise<JobReport[]>;
  /** All pulls, forwards and captions that people want now. */
  readonly wantedJobs: (jobs: readonly WantedJob[]) => void;
};

export type StreamJobWorkerMessages = { readonly assignJobs: (jobs: AssignedJobs) => void };

/** Between nodes: names and fields are on the wire. */
export type StreamJobNodeMessages = {
  /** False when the node has no room for it, and puts it on its waiting list. */
  readonly takeLadder: (of: LadderOffer) => Promise<boolean>;
  readonly demandPull: (of: StreamName) => void;
  readonly jobs: (of: null) => Promise<JobReport[]>;
  readonly wantedJobs: (jobs: readonly WantedJob[]) => void;
};
