/** Hands the jobs of a node out to its workers: a job stays in its worker as long as that lives, and a worker hears of changes only. */

import type { WantedCaptions, WantedForward, WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import { keyOf, nodeOf, workerFor } from "../../live/relay/registry/stream-table-entry.ts";
import { ladderKind } from "../../live/transcode/ladder-kind.ts";
import type { LadderOf } from "../../live/transcode/ladders.ts";
import type { AssignedJobs, StreamName } from "../cluster/stream-job-messages.ts";
import type { NodeContext } from "./node-context.ts";

export type NodeJobs = {
  readonly ladders: readonly LadderOf[];
  readonly pulls: readonly WantedPull[];
  readonly forwards: readonly WantedForward[];
  readonly captions: readonly WantedCaptions[];
  readonly wanted: readonly string[];
  readonly channels: readonly string[];
  readonly onDemand: readonly string[];
};

export class JobAssignments {
  private readonly context: NodeContext;
  /** The worker of each job, by job. */
  private readonly assignments = new Map<string, string>();
  /** What each worker was told last. */
  private readonly told = new Map<string, string>();

  constructor(context: NodeContext) {
    this.context = context;
  }

  /** A worker has started: it knows of no job. */
  workerStarted(name: string): void {
    this.told.delete(name);
  }

  workerGone(name: string): void {
    for (const [job, worker] of this.assignments) if (worker === name) this.assignments.delete(job);
  }

  /** Tells each worker its jobs, where they have changed. */
  assign({ ladders, pulls, forwards, captions, wanted, channels, onDemand }: NodeJobs): void {
    const { workers } = this.context;
    const used = new Set<string>();
    const at = (worker: string, job: string, of: StreamName): boolean => {
      used.add(job);
      return this.placeOf(job, of) === worker;
    };
    for (const worker of workers.names) {
      const jobs: AssignedJobs = {
        ladders: ladders.filter((of) => at(worker, `${ladderKind(of.rendition)} ${of.app}/${of.name}`, of)),
        pulls: pulls.filter((pull) => at(worker, `pull ${pull.id}`, pull)),
        forwards: forwards.filter((forward) => at(worker, `forward ${forward.id}`, forward)),
        captions: captions.filter((of) => at(worker, `captions ${of.id}`, of)),
        wanted,
        channels,
        onDemand,
      };
      this.tell(worker, jobs);
    }
    for (const job of this.assignments.keys()) if (!used.has(job)) this.assignments.delete(job);
  }

  private tell(worker: string, jobs: AssignedJobs): void {
    const text = JSON.stringify(jobs);
    const known = this.told.get(worker);
    if (known === text || (known === undefined && isNothing(jobs))) return;
    this.told.set(worker, text);
    this.context.workers.channel(worker)?.tell("assignJobs", jobs);
  }

  /** A new job goes to the worker that has the stream's publisher. */
  private placeOf(job: string, { app, name }: StreamName): string | null {
    const { workers, registry, cluster } = this.context;
    const known = this.assignments.get(job);
    if (known !== undefined) return known;
    const writer = registry.entry(app, name)?.writer ?? null;
    const own = writer !== null && nodeOf(writer) === cluster.self ? writer.slice(writer.indexOf("/") + 1) : null;
    const worker = own ?? workerFor(keyOf(app, name), workers.names) ?? null;
    if (worker !== null) this.assignments.set(job, worker);
    return worker;
  }
}

function isNothing({ ladders, pulls, forwards, captions, channels }: AssignedJobs): boolean {
  return ladders.length + pulls.length + forwards.length + captions.length + channels.length === 0;
}
