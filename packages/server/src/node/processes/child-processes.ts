/** Provides the child processes of a node: starts them, restarts them with the current state, reloads and drains them. */
import { randomBytes } from "node:crypto";
import { peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { hasRole } from "../../network/membership.ts";
import type { WorkerReport } from "../../operations/stream-report.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { derivedSecret } from "../../platform/secrets.ts";
import { ChildProcess, spareWorkers } from "../ipc/child-process.ts";
import type { ControlMethods, WorkerMethods } from "../ipc/messages.ts";
import type { Drained } from "../ipc/process-start.ts";
import type { SpareProcess } from "../ipc/spare-process.ts";
import { workerName } from "../process-names.ts";
import { workerCount } from "../worker-count.ts";
import type { SupervisorParts } from "./supervisor-parts.ts";

export type ChildProcessesOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly ports: { readonly http: number; readonly rtmp: number; readonly webRtc: number; readonly relay: number[] };
  /** The folder of Unix sockets. */
  readonly directory: string;
  readonly adminToken: string | null;
  readonly adminPassword: string | null;
  readonly pages: string;
  readonly onDemo: unknown;
  readonly node: SupervisorParts;
};

const CONTROL_DRAIN_MS = 2000;
/** The interval of checks whether a draining node is empty. */
const EMPTY_POLL_MS = 100;

export class ChildProcesses {
  private readonly options: ChildProcessesOptions;
  private readonly control: ChildProcess<ControlMethods>;
  private readonly spare: SpareProcess | null;
  /** Signs HLS sessions, which all nodes of a cluster accept. */
  private readonly secret: Uint8Array;

  constructor(options: ChildProcessesOptions) {
    this.options = options;
    const { config, log, node } = options;
    const { secret } = config().cluster;
    this.secret = secret === "" ? randomBytes(32) : derivedSecret("sessions", secret);
    // A node without the control process maintains its own recordings all the same.
    const kind = hasRole(config(), "control") ? "control" : "services";
    this.control = new ChildProcess(kind, log, node.handlersFor("control"), (channel) => this.startControl(channel));
    node.setControl(this.control);
    const count = workerCount(config());
    // Where there are several workers, the others serve while one is loaded.
    this.spare = count === 1 ? spareWorkers() : null;
    for (let index = 0; index < count; index++) {
      const name = workerName(index);
      const start = (channel: RpcChannel<WorkerMethods>) => this.startWorker(channel, index);
      const worker = new ChildProcess(name, log, node.handlersFor(name), start, () => node.workerGone(name), this.spare);
      node.workers.add(name, worker);
    }
  }

  /** Resolves when all have started, or all but a control process that waits for its database. */
  async started(): Promise<void> {
    await Promise.all([this.controlStarted(), ...this.options.node.workers.all.map((child) => child.started)]);
    this.spare?.prepare();
  }

  private async controlStarted(): Promise<void> {
    const { log, node } = this.options;
    const awaited = new Promise<"awaited">((resolve) => {
      node.onDatabaseAwaited = () => resolve("awaited");
    });
    const { started } = this.control;
    if ((await Promise.race([started, awaited])) !== "awaited") return;
    started.catch((error: unknown) => {
      // The database answers now, and is not to be used: each restart says so again.
      log.error({ reason: String(error) }, "control process not started");
      this.control.restartNow();
    });
  }

  reload(config: Config): void {
    this.control.channel.tell("reload", config);
    this.options.node.workers.tell("reload", config);
  }

  kill(): void {
    this.spare?.close();
    for (const child of this.all) child.kill();
  }

  async drain(): Promise<Drained> {
    const { config, node } = this.options;
    const { cluster, workers, registry } = node;
    const drainMs = config().drainSeconds * 1000;
    for (const child of this.all) child.stopRestarting();
    this.spare?.close();
    cluster.setDraining(true);
    if (cluster.isOneOfMany) {
      workers.tell("setDraining", true);
      await this.emptied(drainMs / 2);
    }
    const drained = await workers.askAll("drain", undefined, drainMs);
    // Streams with a copy at another node continue there; the others end.
    for (const name of workers.names) registry.gone(peerOf(cluster.self, name));
    await this.control.channel.call("drain", undefined, CONTROL_DRAIN_MS).catch(() => {});
    return {
      publishers: drained.reduce((sum, { publishers }) => sum + publishers, 0),
      viewers: drained.reduce((sum, { viewers }) => sum + viewers, 0),
    };
  }

  private get all(): readonly Pick<ChildProcess<never>, "started" | "kill" | "stopRestarting">[] {
    return [this.control, ...this.options.node.workers.all];
  }

  /** Waits until all clients have gone to other nodes, but not longer than the limit. */
  private async emptied(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    const isBusy = ({ report, writing }: WorkerReport) => writing || report.viewers.total > 0;
    while (performance.now() < until && (await this.options.node.here().streams(null)).some(isBusy))
      await new Promise((resolve) => setTimeout(resolve, EMPTY_POLL_MS));
  }

  private async startControl(channel: RpcChannel<ControlMethods>): Promise<void> {
    const { config, directory, adminToken, adminPassword, ports, pages, onDemo, node } = this.options;
    const start = {
      config: config(),
      directory,
      adminToken,
      adminPassword,
      rtmpPort: ports.rtmp,
      pages,
      located: node.locations.all("control"),
      alarms: node.alarms.open,
      demo: onDemo !== null,
      degradation: node.degradation.state,
    };
    await channel.call("start", start, null);
    // Repeats what has changed during the start.
    channel.tell("degraded", node.degradation.state);
    // Changes of policies may have been missed while there was no control process.
    node.policies.refresh();
    node.workers.tell("refreshRules", undefined);
    node.cluster.tellOthers("refreshRules", null);
  }

  private async startWorker(channel: RpcChannel<WorkerMethods>, index: number): Promise<void> {
    const { config, directory, ports, pages, node } = this.options;
    const { cluster, locations, registry } = node;
    const name = workerName(index);
    const { nats, host, port } = config().cluster;
    // A restarted worker takes the port that other nodes know.
    const relay = nats.length > 0 ? { host, port: ports.relay[index] ?? (port === 0 ? 0 : port + 1 + index) } : null;
    const start = {
      name,
      node: cluster.self,
      nodes: cluster.table(),
      relay,
      config: config(),
      directory,
      pages,
      httpPort: ports.http,
      rtmpPort: ports.rtmp,
      webRtcPort: ports.webRtc,
      secret: this.secret,
      located: locations.all(name),
      orphans: node.sessions.of(name),
      policies: node.policies.known,
      measures: node.protection.inForce,
      recordChoices: node.recordChoices.all(),
      degradation: node.degradation.state,
    };
    const relayPort = await channel.call("start", start, null);
    if (relay) ports.relay[index] = relayPort;
    registry.joined(peerOf(cluster.self, name));
    // Repeats what has changed during the start.
    channel.tell("nodes", cluster.table());
    channel.tell("degraded", node.degradation.state);
    for (const located of locations.all(name)) channel.tell("located", located);
    if (node.policies.known) channel.tell("policies", node.policies.known);
    channel.tell("sessionsEnded", node.seats.endedSessions);
    node.protection.workerStarted(name);
    node.jobs.workerStarted(name);
    if (cluster.isDraining) channel.tell("setDraining", true);
  }
}
