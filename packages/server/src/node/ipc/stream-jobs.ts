/**
 * Provides the jobs that this node does for streams: ladders, forwards and captions, whose leases are in the streams' rows, and pulled channels, whose lease is
 * the row itself, since a pull is the channel's publisher. Decides which node does a job, and which of its workers.
 */

import type { JobReport } from "../../contracts/jobs/job-report.ts";
import type { WantedCaptions, WantedForward, WantedJob, WantedPull } from "../../contracts/jobs/wanted-jobs.ts";
import type { JobKind } from "../../live/relay/registry/registry-peers.ts";
import { keyOf, nodeOf, type StreamTableEntry, workerFor } from "../../live/relay/registry/stream-table-entry.ts";
import type { Rendition } from "../../live/stream-name.ts";
import { LADDER_RENDITIONS, ladderKind, leasesOf } from "../../live/transcode/ladder-kind.ts";
import type { LadderAnswer, LadderOf } from "../../live/transcode/ladders.ts";
import { hasRole, type Member } from "../../network/membership.ts";
import type { Clock } from "../../platform/clock.ts";
import { CoreBudget } from "../../platform/jobs/core-budget.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { type WaitingJob, WaitingJobs } from "../../platform/jobs/waiting-jobs.ts";
import type {
  LadderOffer,
  StreamJobMessages,
  StreamJobNodeMessages,
  StreamName,
  WorkerJob,
} from "../cluster/stream-job-messages.ts";
import { WorkPerCore } from "../cluster/work-per-core.ts";
import { JobAssignments } from "./job-assignments.ts";
import { isFollower, leaseOf, type WantedFollower } from "./job-kinds.ts";
import { JobReports } from "./job-reports.ts";
import { askNode, type NodeContext } from "./node-context.ts";

/** Nodes that are asked to make a ladder, the best first, before it is refused. */
const MAX_ASKED = 3;
/** A lease that another write of the row overtook is tried again so often. */
const LEASE_TRIES = 4;
/** Of a machine's cores, what a ladder can find idle: its streams use some. */
const MOST_SHARE = 0.75;
/** The cores of a ladder that is later than this say nothing of what it needs: it gets too few, or makes up for what it missed. */
const TIMELY_MS = 1000;
/** A channel that nobody has asked for again within this is not fetched, unless somebody watches it. */
const DEMAND_MS = 15_000;

export type StreamJobsSettings = {
  /** Cores that ladders may use here together; auto: those that are idle. */
  readonly cores: number | "auto";
  /** A channel on demand is left when nobody has watched it for so long. */
  readonly idleMs: number;
};

type WaitingLadder = LadderOffer & WaitingJob;

export class StreamJobs {
  private readonly context: NodeContext;
  private readonly room: CoreBudget;
  private readonly clock: Clock;
  private readonly settings: () => StreamJobsSettings;
  private readonly waiting: WaitingJobs<WaitingLadder>;
  private readonly workPerCore = new WorkPerCore();
  private wanted: readonly WantedJob[] = [];
  /** When somebody last asked for a channel, by stream. */
  private readonly demanded = new Map<string, number>();
  private readonly assignments: JobAssignments;
  private readonly reports: JobReports;
  private assigning = false;
  private taking: Promise<void> = Promise.resolve();

  /** @param yielding cores that programs of a lower priority use here */
  constructor(context: NodeContext, clock: Clock, settings: () => StreamJobsSettings, yielding: () => number = () => 0) {
    this.context = context;
    this.room = new CoreBudget({ clock, yielding });
    this.clock = clock;
    this.settings = settings;
    this.waiting = new WaitingJobs(clock);
    this.assignments = new JobAssignments(context);
    this.reports = new JobReports(context.cluster.self, clock);
  }

  /** Cores that more ladders may use here. */
  get freeCores(): number {
    const { cores } = this.settings();
    if (cores === "auto") return this.room.free;
    return Math.max(0, cores - this.laddersHere().reduce((sum, { cores }) => sum + cores, 0));
  }

  /** Takes cores that nobody uses, for a program of a lower priority; false: there are too few, or a ladder waits for them. */
  takeUnused(key: string, cores: number): boolean {
    if (this.waiting.list().length > 0 || this.room.unused < Math.min(cores, this.room.most * MOST_SHARE)) return false;
    this.room.begin(key, cores);
    return true;
  }

  /** Cores that ladders could use here if there were none. */
  private get mostCores(): number {
    const { cores } = this.settings();
    return cores === "auto" ? this.room.most * MOST_SHARE : cores;
  }

  /** The jobs that a stream may have, for the leases of the registry. */
  readonly kindsOf = (entry: StreamTableEntry): readonly JobKind[] => [
    ...LADDER_RENDITIONS.map(
      (rendition): JobKind => ({
        kind: ladderKind(rendition),
        candidates: (row) => this.ladderCandidates(row, rendition),
        isRunning: (row) => this.reports.isRunning("ladder", rendition ?? "", row),
      }),
    ),
    ...this.followersOf(entry).map(
      (job): JobKind => ({
        kind: leaseOf(job),
        candidates: (row) => this.followerCandidates(row),
        isRunning: (row) => this.reports.isRunning(job.kind, job.id, row),
      }),
    ),
    ...this.unwanted(entry).map((kind): JobKind => ({ kind, candidates: () => [], isRunning: () => false })),
  ];

  handlersFor(process: string): StreamJobMessages {
    return {
      requestLadder: (of) => this.requestLadder(of),
      demandPull: (of) => this.demandPull(of),
      releaseLadder: ({ app, name, rendition }) => void this.context.registry.releaseJob(app, name, ladderKind(rendition)),
      jobReports: ({ jobs, watched }) => this.takeReports(process, jobs, watched),
      jobs: async () => [...this.own(), ...(await this.context.cluster.askOthers("jobs", null)).flat()],
      wantedJobs: (jobs) => {
        this.want(jobs);
        this.context.cluster.tellOthers("wantedJobs", jobs);
      },
    };
  }

  nodeHandlers(): StreamJobNodeMessages {
    return {
      takeLadder: (of) => this.takeLadder(of),
      demandPull: (of) => this.demandHere(of),
      jobs: async () => this.own(),
      wantedJobs: (jobs) => this.want(jobs),
    };
  }

  /** A node has come: it learns what people want. */
  memberJoined(node: string): void {
    if (this.wanted.length > 0) this.context.cluster.tell(node, "wantedJobs", this.wanted);
  }

  workerStarted(name: string): void {
    this.assignments.workerStarted(name);
    this.assign();
  }

  workerGone(name: string): void {
    this.reports.workerGone(name);
    this.assignments.workerGone(name);
    this.assign();
  }

  /** A row has changed: this node may have got a lease, or lost it. */
  rowChanged(app: string, name: string): void {
    const jobs = Object.values(this.context.registry.entry(app, name)?.jobs ?? {});
    if (this.assigning || !jobs.some(({ node }) => node === this.context.cluster.self)) return;
    this.assigning = true;
    setImmediate(() => {
      this.assigning = false;
      this.assign();
    });
  }

  /** To be called each second: measures, gives jobs that wait their turn, and hands out what there is to do. */
  sweep(): void {
    this.room.measure();
    this.forgetOld();
    void this.takeWaiting();
    this.assign();
  }

  /** Forgets ladders that are not made here, and channels that nobody asks for. */
  private forgetOld(): void {
    this.workPerCore.keep(new Set(this.laddersHere().map(ladderKey)));
    const until = this.clock.monotonic() - this.demandMs;
    for (const [key, at] of this.demanded) if (at < until) this.demanded.delete(key);
  }

  private want(jobs: readonly WantedJob[]): void {
    this.wanted = jobs;
    void this.context.registry.sweepJobs();
    this.assign();
  }

  private takeReports(process: string, jobs: readonly WorkerJob[], watched: readonly string[]): void {
    this.reports.take(process, jobs);
    const now = this.clock.monotonic();
    for (const { kind, id, app, name, cores, rungs } of jobs) {
      const key = keyOf(app, name);
      if (kind === "pull" && watched.includes(`${app}/${name}`)) this.demanded.set(key, now);
      const isTimely = rungs.every(({ lagMs }) => lagMs < TIMELY_MS);
      // What sound needs says nothing of pictures.
      if (kind === "ladder" && id === "" && cores !== null && isTimely) this.workPerCore.measured(key, cores);
    }
  }

  // Ladders

  private async requestLadder(of: LadderOffer): Promise<LadderAnswer> {
    const entry = this.context.registry.entry(of.app, of.name);
    if (!entry) return "refused";
    if (this.isMade(entry, of)) return "coming";
    for (const node of this.ladderNodes(entry).slice(0, MAX_ASKED)) {
      const isTaken = await askNode(this.context, node, "takeLadder", of).catch(() => false);
      if (isTaken) return "coming";
    }
    return this.originNodes().some(({ makesLadders }) => makesLadders !== false) ? "refused" : "never";
  }

  /** Nodes that may make a ladder: the publisher's, which has the stream already, then those with the most free cores. */
  private ladderNodes({ writer }: Pick<StreamTableEntry, "writer">): string[] {
    const writerNode = writer === null ? null : nodeOf(writer);
    const able = this.originNodes();
    const order = ({ id, freeCores }: Member) => (id === writerNode ? Number.POSITIVE_INFINITY : freeCores);
    return able.sort((a, b) => order(b) - order(a)).map(({ id }) => id);
  }

  private originNodes(): Member[] {
    return this.context.cluster.members().filter((member) => member.state === "up" && hasRole(member, "origin"));
  }

  /** Whether a living node has the lease of a stream's ladder. */
  private isMade({ jobs }: StreamTableEntry, { rendition }: Pick<LadderOf, "rendition">): boolean {
    const holder = jobs[ladderKind(rendition)]?.node ?? null;
    return holder !== null && this.context.cluster.nodes.isUp(holder);
  }

  private async takeLadder(of: LadderOffer): Promise<boolean> {
    const { registry, cluster } = this.context;
    const entry = registry.entry(of.app, of.name);
    if (!entry) return false;
    if (this.isMade(entry, of)) return true;
    // A ladder that needs more than the whole machine gets it all, and loses the rungs that are too much.
    const cores = Math.min(this.workPerCore.coresFor(of.work), this.mostCores);
    this.waiting.ask({ ...of, key: ladderKey(of), cores });
    await this.takeWaiting();
    return registry.entry(of.app, of.name)?.jobs[ladderKind(of.rendition)]?.node === cluster.self;
  }

  /** Begins the jobs whose turn it is, as far as there is room: one after the other, since each takes room from the next. */
  private takeWaiting(): Promise<void> {
    this.taking = this.taking.then(() => this.takeNext());
    return this.taking;
  }

  private async takeNext(): Promise<void> {
    for (;;) {
      const next = this.waiting.first((school) => this.laddersOf(school));
      // A form of sound needs next to nothing, and without it players have none: there is always room for it.
      const isSmall = next?.rendition === "opus" || next?.rendition === "aac";
      if (!next || (!isSmall && (this.mostCores === 0 || next.cores > this.freeCores))) return;
      this.waiting.remove(next.key);
      if (await this.lease(next)) {
        this.room.begin(next.key, next.cores);
        this.workPerCore.begins(next.key, next.work, next.school);
        this.assign();
      }
    }
  }

  /** False when another node has it, or the stream is over. A row that was written meanwhile for another reason is tried again. */
  private async lease({ app, name, rendition, cores }: WaitingLadder): Promise<boolean> {
    const { registry } = this.context;
    for (let tries = 0; tries < LEASE_TRIES; tries++) {
      const entry = registry.entry(app, name);
      if (!entry || this.isMade(entry, { rendition })) return false;
      if (await registry.takeJob(app, name, ladderKind(rendition), cores).catch(() => false)) return true;
    }
    return false;
  }

  private laddersOf(school: string): number {
    return this.laddersHere().filter((of) => this.workPerCore.schoolOf(ladderKey(of)) === school).length;
  }

  /** A ladder whose node is gone goes to one with room for it; without such a node it goes to the one with the most. */
  private ladderCandidates({ jobs, writer }: StreamTableEntry, rendition: Rendition | null): readonly string[] {
    const lease = jobs[ladderKind(rendition)];
    if (!lease || lease.node === null) return [];
    const others = this.ladderNodes({ writer }).filter((node) => node !== lease.node);
    const hasRoom = (id: string) =>
      (this.context.cluster.members().find((member) => member.id === id)?.freeCores ?? 0) >= (lease.cores ?? 0);
    return [lease.node, ...others.filter(hasRoom), ...others.filter((node) => !hasRoom(node))];
  }

  // Forwards and captions

  private followersOf({ app, name }: StreamName): readonly WantedFollower[] {
    return this.wanted.filter((job): job is WantedFollower => job.kind !== "pull" && job.app === app && job.name === name);
  }

  /** The publisher's node has the stream already. */
  private followerCandidates({ writer, origins }: StreamTableEntry): readonly string[] {
    const writerNode = writer === null ? [] : [nodeOf(writer)];
    return [...new Set([...writerNode, ...origins])];
  }

  /** Leases of forwards and captions that nobody wants any more. */
  private unwanted(entry: StreamTableEntry): string[] {
    const wanted = new Set(this.followersOf(entry).map(leaseOf));
    return Object.keys(entry.jobs).filter((kind) => isFollower(kind) && !wanted.has(kind));
  }

  // Pulled channels

  private get pulls(): readonly WantedPull[] {
    return this.wanted.filter((job): job is WantedPull => job.kind === "pull");
  }

  private demandPull(of: StreamName): void {
    const pull = this.pulls.find(({ app, name }) => app === of.app && name === of.name);
    const node = pull && this.pullNode(pull, this.originNodes());
    if (node === this.context.cluster.self) this.demandHere(of);
    else if (node) this.context.cluster.tell(node, "demandPull", of);
  }

  private demandHere({ app, name }: StreamName): void {
    this.demanded.set(keyOf(app, name), this.clock.monotonic());
    this.assign();
  }

  /** The node that fetches a channel: the one that does, as long as it is up; else the same on every node's reckoning. */
  private pullNode({ app, name }: StreamName, origins: readonly Member[]): string | null {
    const able = origins.map(({ id }) => id);
    const writer = this.context.registry.entry(app, name)?.writer ?? null;
    const holder = writer === null ? null : nodeOf(writer);
    if (holder !== null && able.includes(holder)) return holder;
    return workerFor(keyOf(app, name), able) ?? null;
  }

  /** The pulls that this node does, or would do if somebody asked for them. */
  private ownPulls(): readonly WantedPull[] {
    const origins = this.originNodes();
    return this.pulls.filter((pull) => this.pullNode(pull, origins) === this.context.cluster.self);
  }

  /** Whether a pull of this node has to run now. */
  private isDue(pull: WantedPull): boolean {
    if (pull.start === "always") return true;
    const asked = this.demanded.get(keyOf(pull.app, pull.name)) ?? Number.NEGATIVE_INFINITY;
    return this.clock.monotonic() - asked < this.demandMs;
  }

  private get demandMs(): number {
    return Math.max(DEMAND_MS, this.settings().idleMs);
  }

  // Assignment to workers

  /** The ladders and forms that this node has leases of. */
  private laddersHere(): (LadderOf & { readonly cores: number })[] {
    const { registry, cluster } = this.context;
    return registry
      .entries()
      .flatMap(({ app, name, jobs }) =>
        leasesOf(jobs, cluster.self).map(({ rendition, cores }) => ({ app, name, rendition, cores })),
      );
  }

  private assign(): void {
    const { registry, cluster } = this.context;
    const isOurs = (job: WantedFollower) => registry.entry(job.app, job.name)?.jobs[leaseOf(job)]?.node === cluster.self;
    this.assignments.assign({
      ladders: this.laddersHere().map(({ app, name, rendition }) => ({ app, name, rendition })),
      pulls: this.ownPulls().filter((pull) => this.isDue(pull)),
      forwards: this.wanted.filter((job): job is WantedForward => job.kind === "forward" && isOurs(job)),
      captions: this.wanted.filter((job): job is WantedCaptions => job.kind === "captions" && isOurs(job)),
      wanted: this.wanted.map(({ id }) => id),
      channels: this.pulls.map(({ app, name }) => `${app}/${name}`),
      onDemand: this.pulls.filter(({ start }) => start === "demand").map(({ app, name }) => `${app}/${name}`),
    });
  }

  // Reports

  /** The pulls that this node answers for, as leased jobs: their lease is the stream's row. */
  pullJobs(): Job[] {
    const states = { waiting: "released", starting: "leased", retrying: "leased", running: "running", refused: "wanted" } as const;
    return this.own().flatMap(({ kind, app, name, node, state }) =>
      kind === "pull" ? [{ kind, stream: keyOf(app, name), state: states[state], node, term: 0 }] : [],
    );
  }

  /** The jobs that this node answers for. */
  own(): JobReport[] {
    const resting = this.reports.restingPulls(this.ownPulls(), (pull) => this.isDue(pull));
    const queued = this.waiting.list().map(({ job, since }) => this.reports.refusedLadder(job, since));
    return [...this.reports.running(), ...resting, ...queued];
  }
}

function ladderKey({ app, name, rendition }: LadderOf): string {
  return rendition ? `${keyOf(app, name)}@${rendition}` : keyOf(app, name);
}
