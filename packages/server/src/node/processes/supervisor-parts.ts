/** Assembles the supervisor: the cluster, the registry of stream writers, and the handlers of messages from processes and nodes. */
import { RecordChoices } from "../../library/recorder/record-choices.ts";
import { nodeOf, peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { registryHandlers, writerNodeHandlers } from "../../live/relay/registry/writer-messages.ts";
import { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import { hasRole, type Member } from "../../network/membership.ts";
import { databaseConflict } from "../../network/shared-database.ts";
import type { MetricValues } from "../../operations/stream-metrics.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { DemoSchool } from "../../school/school.ts";
import { callbackSessionHandlers } from "../cluster/callback-session-messages.ts";
import { CallbackSessions } from "../cluster/callback-sessions.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { Impediment } from "../cluster/cluster-entry.ts";
import { type JobCapacity, NodeLoad } from "../cluster/node-load.ts";
import { Prefetcher } from "../cluster/prefetcher.ts";
import { AlarmHandlers } from "../ipc/alarm-handlers.ts";
import { cameraHandlers, cameraNodeHandlers } from "../ipc/camera-handlers.ts";
import { controlAsker } from "../ipc/control-questions.ts";
import type { DegradationHandlers } from "../ipc/degradation-handlers.ts";
import { DownloadHandlers } from "../ipc/download-handlers.ts";
import { plainKind } from "../ipc/job-kinds.ts";
import { MaterialHandlers } from "../ipc/material-handlers.ts";
import { memberHandlers, memberNodeHandlers } from "../ipc/member-handlers.ts";
import type { ControlMethods, NodeMethods, SupervisorMethods } from "../ipc/messages.ts";
import { askNode, controlHandlers, controlNodeHandlers, type NodeContext } from "../ipc/node-context.ts";
import { NodePolicies } from "../ipc/node-policies.ts";
import { nodeQuestionHandlers } from "../ipc/node-questions.ts";
import { PolicyDelivery } from "../ipc/policy-delivery.ts";
import { policyHandlers, policyNodeHandlers } from "../ipc/policy-handlers.ts";
import { ProtectionHandlers } from "../ipc/protection-handlers.ts";
import { recordingHandlers, recordingNodeHandlers } from "../ipc/recording-handlers.ts";
import { reportHandlers, reportNodeHandlers } from "../ipc/report-handlers.ts";
import { roomHandlers, roomNodeHandlers } from "../ipc/room-handlers.ts";
import { SeatHandlers } from "../ipc/seat-handlers.ts";
import { SessionFactHandlers } from "../ipc/session-fact-handlers.ts";
import { StreamJobs } from "../ipc/stream-jobs.ts";
import { StreamLocations } from "../ipc/stream-locations.ts";
import { ViewerHandlers } from "../ipc/viewer-handlers.ts";
import { webRtcHandlers, webRtcNodeHandlers } from "../ipc/webrtc-handlers.ts";
import { Workers } from "../ipc/workers.ts";
import { nodeDegradation } from "./node-degradation.ts";
import { type ControlChild, NodeSampler } from "./node-sampler.ts";

export type SupervisorPartsOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly ports: { readonly http: number; readonly rtmp: number; readonly relay: readonly number[] };
  readonly onFirstPassword: (password: string) => void;
  readonly onDemo: ((school: DemoSchool) => void) | null;
  readonly onNameTaken: () => void;
  /** A control node that was there before uses another database than this one. */
  readonly onForeignDatabase: (node: string) => void;
};

/** The interval of everything that is checked regularly. */
const POLL_MS = 1000;
/** A silent node that answers within this is not gone. */
const ALIVE_WITHIN_MS = 1500;
/** A relay connection whose latest bytes are younger tells that its node lives. */
const FRESH_MS = 1500;

export class SupervisorParts implements NodeContext {
  readonly workers = new Workers();
  readonly cluster: Cluster<NodeMethods>;
  readonly registry: WriterRegistry;
  readonly locations: StreamLocations;
  readonly sessions: CallbackSessions;
  readonly alarms: AlarmHandlers;
  readonly recordChoices = new RecordChoices(() => performance.now());
  readonly jobs: StreamJobs;
  readonly downloads: DownloadHandlers;
  readonly materials: MaterialHandlers;
  private readonly options: SupervisorPartsOptions;
  private readonly loads = new NodeLoad();
  /** Nothing is free before there are jobs. */
  private jobCapacity = (): JobCapacity => ({ freeCores: 0, makesLadders: true });
  readonly seats: SeatHandlers;
  readonly protection: ProtectionHandlers;
  readonly degradation: DegradationHandlers;
  private readonly viewers: ViewerHandlers;
  private readonly sessionFacts: SessionFactHandlers;
  readonly policies: NodePolicies;
  private readonly policyDelivery: PolicyDelivery;
  private readonly prefetcher: Prefetcher;
  private readonly nodeHandlers: NodeMethods;
  private readonly sampler: NodeSampler;
  private controlChild: ControlChild | null = null;
  private timer: NodeJS.Timeout | null = null;
  private impediment: Impediment | null = null;
  /** A control node with another database. */
  private foreignDatabaseAt: string | null = null;
  /** Called when the control process waits for its database. */
  onDatabaseAwaited: () => void = () => {};

  constructor(options: SupervisorPartsOptions) {
    const { config, log, ports, onNameTaken } = options;
    this.options = options;
    this.cluster = new Cluster<NodeMethods>({
      config: config(),
      log,
      ports: () => ports,
      load: () => this.loads.report(this.jobCapacity()),
      methods: () => this.nodeHandlers,
      onChanged: (member) => this.memberChanged(member),
      onNameTaken,
      askAlive: (node) => this.cluster.call(node, "alive", null, ALIVE_WITHIN_MS),
    });
    this.registry = this.openRegistry();
    this.jobs = new StreamJobs(
      this,
      systemClock,
      () => ({
        cores: config().ladder.cores,
        idleMs: config().sources.idleSeconds * 1000,
      }),
      () => this.downloads.yielding,
    );
    this.downloads = new DownloadHandlers({
      context: this,
      clock: systemClock,
      config,
      takeCores: (key, cores) => this.jobs.takeUnused(key, cores),
      isShed: (schoolId) => this.degradation.current.sheds("recording-extras", { schoolId }),
    });
    this.materials = new MaterialHandlers(this, config, (key, cores) => this.jobs.takeUnused(key, cores));
    this.jobCapacity = () => ({ freeCores: this.jobs.freeCores, makesLadders: config().ladder.cores !== 0 });
    this.locations = new StreamLocations(this, () => config().relay.parents);
    this.alarms = new AlarmHandlers(this);
    this.seats = new SeatHandlers(this.workers, this.cluster);
    this.protection = new ProtectionHandlers({ config, log, workers: this.workers, cluster: this.cluster });
    this.viewers = new ViewerHandlers(this.workers, this.seats);
    this.sessionFacts = new SessionFactHandlers(this.cluster);
    this.degradation = nodeDegradation({ ...options, context: this, raise: (open) => this.alarms.ofLoad(open) });
    this.policies = new NodePolicies({
      dataDir: config().dataDir,
      log,
      tellWorkers: (known) => {
        this.degradation.takeSwitches(known.snapshot.degradations ?? []);
        this.workers.tell("policies", known);
      },
      askSnapshot: () => this.ask("policySnapshot", null),
      askPart: (of) => this.ask("addressListPart", of),
    });
    this.policyDelivery = new PolicyDelivery({
      nodes: () => this.cluster.members().flatMap(({ id, state }) => (id === this.cluster.self || state === "gone" ? [] : [id])),
      call: (node, method, update) => this.cluster.call(node, method, update as never),
    });
    this.sessions = new CallbackSessions({
      members: () => this.cluster.members(),
      send: (node, update) => this.cluster.tell(node, "attendance", update),
      // Any worker can report to the back end.
      report: (events) => this.workers.all[0]?.channel.tell("orphans", events),
    });
    this.nodeHandlers = this.openNodeHandlers();
    this.sampler = this.openSampler();
    this.prefetcher = new Prefetcher({
      members: () => this.cluster.members(),
      minAudience: () => config().relay.prefetchFrom,
      isLive: ({ app, name }) => this.registry.entry(app, name) !== null,
      fetch: (of) => void this.nodeHandlers.prefetchStream(of).catch(() => false),
    });
  }

  /** Asks the control process, which may be another node's. */
  private readonly ask = controlAsker((question) => controlHandlers(this).askControl(question));

  readonly here = (): NodeMethods => this.nodeHandlers;

  readonly control = (): RpcChannel<ControlMethods> => this.childOfControl().channel;

  setControl(child: ControlChild): void {
    this.controlChild = child;
  }

  private childOfControl(): ControlChild {
    if (!this.controlChild) throw new Error("the control process has not been created yet");
    return this.controlChild;
  }

  /** The answers to messages of a child process. */
  handlersFor(process: string): SupervisorMethods {
    const { cluster, options } = this;
    return {
      ...registryHandlers(this.registry, peerOf(cluster.self, process)),
      ...policyHandlers(this, this.policyDelivery, this.policies),
      ...recordingHandlers(this),
      ...this.jobs.handlersFor(process),
      ...this.downloads.handlersFor(process),
      ...this.materials.handlers(this.ask),
      ...reportHandlers(this, () => this.ownMetrics()),
      ...memberHandlers(this),
      ...this.alarms.handlers(process),
      ...this.viewers.handlers(process),
      ...this.seats.handlers(process),
      ...this.protection.handlers(),
      ...this.degradation.handlers(process),
      ...this.sessionFacts.handlers(),
      ...callbackSessionHandlers(this.sessions, process),
      ...controlHandlers(this),
      ...nodeQuestionHandlers(this),
      ...roomHandlers(this),
      ...webRtcHandlers(this),
      ...cameraHandlers(this),
      audience: async ({ app, name }) => cluster.audience(app, name),
      load: (load) => {
        this.loads.take(process, load);
        for (const { peer, ageMs } of load.paths) if (ageMs !== null && ageMs < FRESH_MS) cluster.heardFrom(nodeOf(peer), ageMs);
      },
      expected: (lessons) => this.loads.expect(lessons),
      firstPassword: options.onFirstPassword,
      databaseOpened: (identity) => this.cluster.setDatabase(identity),
      databaseAwaited: () => this.onDatabaseAwaited(),
      demoSchool: (school) => options.onDemo?.(school),
    };
  }

  /** A worker has died: its streams go to others, and its figures no longer count. */
  workerGone(name: string): void {
    this.registry.gone(peerOf(this.cluster.self, name));
    this.loads.gone(name);
    this.viewers.workerGone(name);
    this.seats.workerGone(name);
    this.alarms.workerGone(name);
    this.jobs.workerGone(name);
    this.downloads.workerGone(name);
    this.materials.workerGone(name);
    this.control().tell("workerGone", undefined);
    const gone = { worker: peerOf(this.cluster.self, name), at: systemClock.utc() };
    this.control().tell("roomWorkerGone", gone);
    this.cluster.tellOthers("roomWorkerGone", gone);
  }

  /** Begins the regular checks. */
  poll(): void {
    this.timer = setInterval(() => {
      void this.registry.sweep();
      this.jobs.sweep();
      this.downloads.sweep();
      this.alarms.ofJobs(this.jobs.own());
      this.prefetcher.poll();
      this.seats.poll();
      this.protection.poll();
      this.degradation.poll();
      this.recordChoices.sweep((app, name) => this.registry.entry(app, name) !== null);
      const members = this.cluster.members();
      const hasChanged = [this.cluster.correctClock(), this.joinedOrNot()].includes(true);
      if (hasChanged) this.workers.tell("nodes", this.cluster.table());
      this.locations.pathsMeasured(members);
      this.control().tell("members", members);
      this.alarms.checkNodes(members);
      this.checkDatabase(members);
    }, POLL_MS);
    this.sampler.start();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.sampler.close();
    // Its files are whole at every moment, and the control process that it asks for lists may be gone.
    void this.policies.close();
    await this.cluster.close();
  }

  /** Whether it has changed that this node has joined its cluster. */
  private joinedOrNot(): boolean {
    const { impediment } = this.cluster;
    if (impediment === this.impediment) return false;
    const { log } = this.options;
    if (impediment === "secret") log.error("cluster secret is not that of the other nodes, node is not ready");
    else if (impediment === null) log.info("node has joined its cluster");
    this.impediment = impediment;
    return true;
  }

  private checkDatabase(members: readonly Member[]): void {
    const conflict = databaseConflict(members);
    const node = conflict?.node ?? null;
    if (conflict && node !== this.foreignDatabaseAt) {
      this.options.log.error({ node }, "control nodes use different databases");
      if (conflict.givesWay) this.options.onForeignDatabase(conflict.node);
    }
    this.foreignDatabaseAt = node;
  }

  private memberChanged(member: Member): void {
    const { cluster, workers } = this;
    workers.tell("nodes", cluster.table());
    this.locations.memberChanged(member);
    // Changes of policies may have been missed while the control node was gone.
    if (hasRole(member, "control") && member.state === "up" && cluster.controlNode() === member.id) {
      this.policies.refresh();
      workers.tell("refreshRules", undefined);
    }
    // A node that was gone may have missed changes of this control process.
    if (member.id !== cluster.self && member.state === "up" && cluster.controlNode() === cluster.self)
      cluster.tell(member.id, "refreshRules", null);
    if (member.id !== cluster.self && member.state === "up") this.jobs.memberJoined(member.id);
    void this.registry.sweep(true);
    this.sessions.memberChanged(member);
    this.seats.memberChanged(member);
    this.protection.memberChanged(member);
    this.control().tell("members", cluster.members());
  }

  private async ownMetrics(): Promise<MetricValues> {
    const { jobMetrics } = await import("../../operations/job-metrics.ts");
    const { shedMetrics } = await import("../../operations/degradation/shed-metrics.ts");
    const { sampleMetrics } = await import("../../operations/samples/sample-metrics.ts");
    const leased = this.registry.jobs().map((job) => ({ ...job, kind: plainKind(job.kind) }));
    const { latest } = this.sampler;
    const sampled = latest ? await sampleMetrics(latest) : [];
    const jobs = await jobMetrics([...leased, ...this.jobs.pullJobs()]);
    return [...jobs, ...(await this.protection.metrics()), ...(await shedMetrics(this.degradation.current)), ...sampled];
  }

  private openRegistry(): WriterRegistry {
    const { cluster, workers } = this;
    const { config } = this.options;
    return new WriterRegistry(
      cluster.bus,
      {
        yield: (peer, app, name, to, options) => askNode(this, nodeOf(peer), "yield", { peer, app, name, to, manner: options }),
        occupied: (peer, app, name, silentMs) => askNode(this, nodeOf(peer), "occupied", { peer, app, name, silentMs }),
        newest: async (peer, app, name) => workers.ofPeer(peer).call("newest", { app, name }),
        newestAt: (node, app, name) => cluster.call(node, "newest", { app, name }),
        changed: (app, name) => {
          this.locations.announce({ app, name });
          this.jobs.rowChanged(app, name);
        },
        jobsOf: (entry) => this.jobs.kindsOf(entry),
        gossip: (text) => cluster.tellOthers("entry", { text }),
      },
      cluster.nodes,
      () => ({ streams: config().limits.streams, graceMs: config().publish.graceSeconds * 1000 }),
      systemClock,
    );
  }

  private openSampler(): NodeSampler {
    const { config, log } = this.options;
    return new NodeSampler({
      config,
      log,
      context: this,
      control: () => this.childOfControl(),
      load: () => this.loads.report(this.jobCapacity()),
      unfetched: () => this.loads.unfetched(),
      viewers: () => this.viewers.total,
      jobs: () => this.jobs.own(),
    });
  }

  private openNodeHandlers(): NodeMethods {
    return {
      ...writerNodeHandlers(this.registry, (peer) => {
        const worker = this.workers.ofPeer(peer);
        return { yield: (of) => worker.call("yield", of), occupied: (of) => worker.call("occupied", of) };
      }),
      ...policyNodeHandlers(this, this.policies),
      ...recordingNodeHandlers(this),
      ...this.jobs.nodeHandlers(),
      ...this.downloads.nodeHandlers(),
      ...this.materials.nodeHandlers(),
      ...reportNodeHandlers(this),
      ...memberNodeHandlers(this),
      ...this.alarms.nodeHandlers(),
      ...this.seats.nodeHandlers(),
      ...this.protection.nodeHandlers(),
      ...this.degradation.nodeHandlers(),
      ...this.sessionFacts.nodeHandlers(),
      attendance: (update) => this.sessions.take(update),
      ...controlNodeHandlers(this),
      ...roomNodeHandlers(this),
      nodeSample: (sample) => this.control().tell("nodeSample", sample),
      ...webRtcNodeHandlers(this),
      ...cameraNodeHandlers(this),
    };
  }
}
