/** Provides the reports of a node's jobs: of those that run in its workers, of channels that rest, and of ladders that wait for room. */

import type { JobReport } from "../../contracts/jobs/job-report.ts";
import type { WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import type { LadderOf } from "../../live/transcode/ladders.ts";
import type { Clock } from "../../platform/clock.ts";
import type { StreamName, WorkerJob } from "../cluster/stream-job-messages.ts";

type State = JobReport["state"];

export class JobReports {
  private readonly self: string;
  private readonly clock: Clock;
  private readonly byWorker = new Map<string, readonly WorkerJob[]>();
  /** States of channels that run in no worker, and since when, milliseconds since 1970; by source. */
  private readonly resting = new Map<string, { readonly state: State; readonly since: number }>();

  /** @param self this node's name */
  constructor(self: string, clock: Clock) {
    this.self = self;
    this.clock = clock;
  }

  take(worker: string, jobs: readonly WorkerJob[]): void {
    this.byWorker.set(worker, jobs);
  }

  workerGone(worker: string): void {
    this.byWorker.delete(worker);
  }

  isRunning(kind: string, id: string, of: StreamName): boolean {
    return this.find(kind, id, of)?.state === "running";
  }

  running(): JobReport[] {
    return [...this.byWorker.values()].flat().map((job) => ({ ...job, node: this.self }));
  }

  /** Channels of this node that run in no worker. @param isDue whether one is about to begin */
  restingPulls(pulls: readonly WantedPull[], isDue: (pull: WantedPull) => boolean): JobReport[] {
    const rest = pulls.filter((pull) => !this.find("pull", pull.id, pull));
    for (const id of this.resting.keys()) if (!rest.some((pull) => pull.id === id)) this.resting.delete(id);
    return rest.map((pull) => {
      const state = isDue(pull) ? "starting" : "waiting";
      const known = this.resting.get(pull.id);
      const since = known?.state === state ? known.since : this.clock.utc();
      this.resting.set(pull.id, { state, since });
      return { ...emptyReport("pull", pull.id, pull, state, since), node: this.self };
    });
  }

  /** A ladder that waits for room. @param since monotonic milliseconds */
  refusedLadder(of: LadderOf, since: number): JobReport {
    const at = this.clock.utc() - (this.clock.monotonic() - since);
    return { ...emptyReport("ladder", of.rendition ?? "", of, "refused", at), problem: { code: "overloaded", detail: "" } };
  }

  private find(kind: string, id: string, { app, name }: StreamName): WorkerJob | undefined {
    for (const jobs of this.byWorker.values()) {
      const found = jobs.find((job) => job.kind === kind && job.id === id && job.app === app && job.name === name);
      if (found) return found;
    }
    return undefined;
  }
}

function emptyReport(kind: JobReport["kind"], id: string, { app, name }: StreamName, state: State, since: number): JobReport {
  return {
    kind,
    id,
    app,
    name,
    node: null,
    state,
    since,
    problem: null,
    cores: null,
    address: null,
    restarts: 0,
    rungs: [],
  };
}
