/**
 * The supervisor: starts the media workers and the control process, starts again what dies, and passes on what they ask each other, on this
 * node and between nodes. It holds no logic but the registry of who writes which stream, so that there is little in it that could fail.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { InspectedRecording } from "../../library/maintenance/recording-maintenance.ts";
import { PeerGone } from "../../live/relay/registry/registry-peers.ts";
import { nodeOf, peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import { has, type Member, SKEW_MS } from "../../network/membership.ts";
import { measuredWays } from "../../network/topology.ts";
import { jobMetrics } from "../../operations/metrics.ts";
import type { WorkerReport } from "../../operations/stream-report.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { takePort } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { derivedSecret } from "../../platform/secrets.ts";
import type { DemoSchool, OpenAlarm } from "../../school/school.ts";
import { CallbackSessions } from "../cluster/callback-sessions.ts";
import { Cluster, type NodeMethods } from "../cluster/cluster.ts";
import { fileOf, nodeOfFile, pathOf } from "../cluster/node-file-names.ts";
import { NodeLoad } from "../cluster/node-load.ts";
import { Prefetcher } from "../cluster/prefetcher.ts";
import {
  type ControlMethods,
  type Drained,
  type Located,
  type StreamName,
  type SupervisorMethods,
  type WorkerMethods,
  workerName,
} from "../ipc/messages.ts";
import { ChildProcess } from "./child-process.ts";

export type SupervisorOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly adminToken: string | null;
  /** Of the first operator; null to make one. */
  readonly adminPassword: string | null;
  /** Where the built pages are. */
  readonly pages: string;
  /** Shows the password that was made for the first operator. */
  readonly onFirstPassword: (password: string) => void;
  /** Called when the demonstration's school is there, where it is wanted; again when the control process has begun anew. */
  readonly onDemo: ((school: DemoSchool) => void) | null;
  /** Another node of the cluster has this one's name: two of them cannot be told apart. */
  readonly onUsurped: () => void;
};

export type Supervisor = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Applies what can change while running. */
  readonly reload: (config: Config) => void;
  /** Takes nobody new, tells everybody who is there, and ends. Gives how many publishers and viewers it was. */
  readonly drain: () => Promise<Drained>;
};

const PREFETCH_WITHIN_MS = 30_000;
/** The registry looks after what nodes have left that are gone. */
const TEND_MS = 1000;
/** While everybody is sent away, it is looked so often whether somebody is left. */
const LEAVING_MS = 100;
const CLIP_WITHIN_MS = 60_000;
/** A database that is new, or is brought up to date with a backup before, takes its time. */
const CONTROL_WITHIN_MS = 300_000;
/** A busy machine takes its time to load a program. */
const WORKER_WITHIN_MS = 60_000;

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { log, adminToken, adminPassword, pages } = options;
  let config = options.config;
  const httpPort = await takePort(config.http.host, config.http.port);
  const rtmpPort = await takePort(config.rtmp.host, config.rtmp.port);
  if (config.http.tls) await takePort(config.http.host, config.http.tls.port);
  if (config.rtmp.tls) await takePort(config.rtmp.host, config.rtmp.tls.port);
  const directory = mkdtempSync(join(tmpdir(), "lectern-"));
  const { cluster: shared } = options.config;
  // What one node gives a viewer, all of them accept.
  const secret = shared.secret === "" ? randomBytes(32) : derivedSecret("sessions", shared.secret);
  const workers = new Map<string, ChildProcess<WorkerMethods>>();
  const viewers = new Map<string, number>();
  const alarms = new Map<string, readonly OpenAlarm[]>();
  const ofWorker = (peer: string) => {
    const worker = workers.get(peer.slice(peer.indexOf("/") + 1));
    if (!worker) throw new PeerGone(`there is no worker ${peer}`);
    return worker.channel;
  };
  const loads = new NodeLoad();
  let nodesSaid = "";
  /** What was measured of ways, when streams were last said to be where they are. */
  let waysKnown = "";
  const relayPorts: number[] = [];
  const locatedBy = (name: string, of: StreamName): Located => ({
    ...of,
    location: registry.locate(peerOf(cluster.self, name), of.app, of.name),
  });
  const locatedAll = (name: string) => registry.keys().map((of) => locatedBy(name, of));
  /** Asks a node, which may be this one. */
  const askNode = async <N extends keyof NodeMethods>(
    node: string,
    method: N,
    of: Parameters<NodeMethods[N]>[0],
    withinMs?: number,
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>> => {
    if (node !== cluster.self) return await cluster.call(node, method, of, withinMs);
    // Which of the methods it is, the compiler does not follow.
    return (await here[method](of as never)) as Awaited<ReturnType<NodeMethods[N]>>;
  };
  /** Asks the node that has the control process. */
  const askControl = async <N extends "streamRule" | "recordingRule" | "recordingSeen" | "betterRtmp">(
    method: N,
    of: Parameters<NodeMethods[N]>[0],
  ): Promise<Awaited<ReturnType<NodeMethods[N]>>> => {
    const node = cluster.controlNode();
    if (node === null) throw new Error("no node with the role control is there");
    return await askNode(node, method, of);
  };
  const here: NodeMethods = {
    yield: async ({ peer, ...of }) => ofWorker(peer).call("yield", of),
    occupied: async ({ peer, ...of }) => ofWorker(peer).call("occupied", of),
    newest: (of) => registry.newestHere(of.app, of.name),
    entry: ({ text }) => registry.takeGossip(text),
    streamRule: (of) => control.channel.call("streamRule", of),
    betterRtmp: (of) => control.channel.call("betterRtmp", of),
    recordingRule: (of) => control.channel.call("recordingRule", of),
    rule: (news) => tellWorkers("rule", news),
    recording: (news) => tellWorkers("recording", news),
    refreshRules: () => tellWorkers("refreshRules", undefined),
    streams: async () => (await askAll((worker) => worker.channel.call("streams", undefined))).flat(),
    endStream: async (of) => (await askAll((worker) => worker.channel.call("endStream", of))).includes(true),
    record: async (ask) => (await askAll((worker) => worker.channel.call("record", ask))).includes(true),
    recordingSeen: (recording) => control.channel.call("recordingSeen", recording),
    alarmsOf: (of) => control.channel.tell("alarmsOf", of),
    clip: async ({ files, ...of }) => {
      const made = await control.channel.call("clip", { files: files.map(pathOf), ...of }, CLIP_WITHIN_MS);
      return made && named(made);
    },
    removeFiles: ({ files }) => control.channel.call("removeFiles", { files: files.map(pathOf) }),
    prefetchRecording: async (of) => {
      let seconds = 0;
      // One after the other: what the first has fetched, the others find on the disk.
      for (const worker of workers.values())
        seconds = Math.max(seconds, await worker.channel.call("prefetch", of, PREFETCH_WITHIN_MS).catch(() => 0));
      return seconds;
    },
    prefetchStream: async (of) => {
      const worker = workers.get(registry.leadFor(of.app, of.name)?.split("/")[1] ?? "");
      return (await worker?.channel.call("prefetchStream", of)) ?? false;
    },
    attendance: (news) => attendance.hear(news),
    drainNode: ({ draining }) => {
      cluster.setDraining(draining);
      tellWorkers("setDraining", draining);
    },
  };
  const named = (recording: InspectedRecording): InspectedRecording => ({
    ...recording,
    files: recording.files.map((file) => fileOf(cluster.self, file)),
  });
  /** The node that has files. */
  const nodeWith = ([file = ""]: readonly string[]) => nodeOfFile(file) ?? cluster.self;
  const tellWorkers = <N extends keyof WorkerMethods & string>(method: N, parameter: Parameters<WorkerMethods[N]>[0]) => {
    for (const worker of workers.values()) worker.channel.tell(method, parameter);
  };
  const cluster: Cluster = new Cluster({
    config,
    log,
    ports: () => ({ http: httpPort, rtmp: rtmpPort, relay: relayPorts }),
    load: () => loads.look(),
    methods: here,
    onChanged: (member) => {
      tellWorkers("nodes", cluster.table());
      // What its streams were to be had from may be gone, or there again.
      for (const of of registry.keys()) {
        const entry = registry.entry(of.app, of.name);
        if (entry?.origins.includes(member.id) || (entry?.writer && nodeOf(entry.writer) === member.id)) tellLocation(of);
        else if (config.relay.parents.includes(member.id)) tellLocation(of);
      }
      if (has(member, "control") && member.state === "up" && cluster.controlNode() === member.id)
        tellWorkers("refreshRules", undefined);
      void registry.sweep(true);
      attendance.changed(member);
      control.channel.tell("members", cluster.members());
    },
    onUsurped: options.onUsurped,
  });
  const attendance = new CallbackSessions({
    members: () => cluster.members(),
    tell: (node, news) => cluster.tell(node, "attendance", news),
    // Any worker can say so.
    report: (events) => [...workers.values()][0]?.channel.tell("orphans", events),
  });
  const tellLocation = (of: StreamName) => {
    for (const [name, worker] of workers) worker.channel.tell("located", locatedBy(name, of));
    control.channel.tell("located", locatedBy("control", of));
  };
  const registry: WriterRegistry = new WriterRegistry(
    cluster.bus,
    {
      yield: (peer, app, name, to, manner) => askNode(nodeOf(peer), "yield", { peer, app, name, to, manner }),
      occupied: (peer, app, name, silentMs) => askNode(nodeOf(peer), "occupied", { peer, app, name, silentMs }),
      newest: async (peer, app, name) => ofWorker(peer).call("newest", { app, name }),
      newestAt: (node, app, name) => cluster.call(node, "newest", { app, name }),
      changed: (app, name) => tellLocation({ app, name }),
      gossip: (text) => cluster.tellOthers("entry", { text }),
    },
    cluster.nodes,
    () => ({ streams: config.limits.streams, graceMs: config.publish.graceSeconds * 1000 }),
    systemClock,
  );
  const jobs = jobMetrics(() => registry.jobs());
  const prefetcher = new Prefetcher({
    members: () => cluster.members(),
    enough: () => config.relay.prefetchFrom,
    isLive: ({ app, name }) => registry.entry(app, name) !== null,
    fetch: (of) => void here.prefetchStream(of).catch(() => false),
  });
  const tending = setInterval(() => {
    void registry.sweep();
    prefetcher.look();
    const members = cluster.members();
    const [self, ...others] = members;
    const ways = self ? measuredWays(self, others) : "";
    if (ways !== waysKnown) for (const of of registry.keys()) tellLocation(of);
    waysKnown = ways;
    control.channel.tell("members", members);
    // A node that was taken out of service on purpose has said that it drains; what is gone after that is not missed.
    const troubled = nodeAlarms(members);
    if (JSON.stringify(troubled) !== nodesSaid) control.channel.tell("alarmsOf", { node: "", open: troubled });
    nodesSaid = JSON.stringify(troubled);
  }, TEND_MS);
  const askAll = async <T>(ask: (worker: ChildProcess<WorkerMethods>) => Promise<T>): Promise<T[]> => {
    const answers = await Promise.allSettled([...workers.values()].map(ask));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  };
  /** Waits until everybody has gone to other nodes, but not for ever. */
  const emptied = async (withinMs: number) => {
    const until = performance.now() + withinMs;
    const isBusy = ({ report, writing }: WorkerReport) => writing || report.viewers.total > 0;
    while (performance.now() < until && (await here.streams(null)).some(isBusy))
      await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
  };
  const countViewers = () => {
    const all = [...viewers.values()].reduce((sum, count) => sum + count, 0);
    for (const [name, worker] of workers) worker.channel.tell("viewersElsewhere", all - (viewers.get(name) ?? 0));
  };
  const methodsFor = (name: string): SupervisorMethods => ({
    claim: async (of) => {
      const claim = await registry.claim(peerOf(cluster.self, name), of.app, of.name, of.fresh, of.manner);
      return claim instanceof Refusal ? { refused: { code: claim.code, message: claim.message } } : { claim };
    },
    occupied: (of) => registry.occupied(of.app, of.name, of.silentMs),
    streamRule: (of) => askControl("streamRule", of),
    betterRtmp: (of) => askControl("betterRtmp", { ...of, at: cluster.self }),
    recordingRule: (of) => askControl("recordingRule", of),
    recording: (news) => {
      here.recording(news);
      cluster.tellOthers("recording", news);
    },
    recorded: (file) => control.channel.tell("recorded", file),
    prefetch: async ({ id, nodes }) => {
      const up = cluster.members().filter(({ state }) => state === "up");
      const wanted = up.filter((member) => nodes === "all" || member.id === cluster.self || nodes.includes(member.id));
      const ask = async ({ id: node }: Member) => ({
        node,
        seconds: await askNode(node, "prefetchRecording", { id }, PREFETCH_WITHIN_MS),
      });
      const answers = await Promise.allSettled(wanted.map(ask));
      const fetched = answers.flatMap((answer) =>
        answer.status === "fulfilled" && answer.value.seconds > 0 ? [answer.value] : [],
      );
      return { seconds: Math.max(0, ...fetched.map(({ seconds }) => seconds)), nodes: fetched.map(({ node }) => node) };
    },
    alarms: (open) => {
      alarms.set(name, open);
      control.channel.tell("alarms", [...alarms.values()].flat());
    },
    record: async (ask) => (await here.record(ask)) || (await cluster.askOthers("record", ask)).includes(true),
    rule: (news) => {
      here.rule(news);
      cluster.tellOthers("rule", news);
    },
    viewersSeen: (numbers) => {
      for (const [other, worker] of workers) if (other !== name) worker.channel.tell("viewersSeen", numbers);
    },
    entered: (event) => attendance.entered(name, event),
    left: (event) => attendance.left(name, event),
    firstPassword: options.onFirstPassword,
    demoSchool: (school) => options.onDemo?.(school),
    keeps: (of) => registry.copyAdded(peerOf(cluster.self, name), of.app, of.name, of.epoch),
    drops: (of) => registry.copyRemoved(peerOf(cluster.self, name), of.app, of.name, of.epoch),
    ended: (of) => registry.ended(peerOf(cluster.self, name), of.app, of.name, of.epoch),
    viewers: (count) => {
      viewers.set(name, count);
      if (workers.size > 1) countViewers();
    },
    load: (load) => loads.take(name, load),
    expected: (lessons) => loads.expect(lessons),
    recordingSeen: (recording) => askControl("recordingSeen", named(recording)),
    alarmsOf: (open) => {
      const node = cluster.controlNode();
      if (node !== null) cluster.tell(node, "alarmsOf", { node: cluster.self, open });
    },
    clip: (of) => askNode(nodeWith(of.files), "clip", of, CLIP_WITHIN_MS),
    removeFiles: async ({ files }) => {
      for (const group of Map.groupBy(files, nodeOfFile).values())
        await askNode(nodeWith(group), "removeFiles", { files: group }, CLIP_WITHIN_MS);
    },
    ownStreams: () => here.streams(null),
    streams: async () => [...(await here.streams(null)), ...(await cluster.askOthers("streams", null)).flat()],
    metrics: async () => [...(await askAll((worker) => worker.channel.call("metrics", undefined))), await jobs.getMetricsAsJSON()],
    endStream: async (of) => (await here.endStream(of)) || (await cluster.askOthers("endStream", of)).includes(true),
    nodes: async () => cluster.members(),
    drainNode: async ({ id, draining }) => {
      if (!cluster.members().some((member) => member.id === id && member.state !== "gone")) return false;
      await askNode(id, "drainNode", { draining });
      return true;
    },
    prefetchStream: async ({ nodes, ...of }) => {
      const all = cluster.members().filter(({ id, state }) => state === "up" && (nodes?.includes(id) ?? true));
      const fetched = await Promise.allSettled(all.map(async ({ id }) => ((await askNode(id, "prefetchStream", of)) ? [id] : [])));
      return fetched.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    },
  });

  // Where the school is not, somebody looks after what is recorded here all the same.
  const kind = has(config, "control") ? "control" : "services";
  const control = new ChildProcess<ControlMethods>(kind, log, methodsFor("control"), async (channel) => {
    const start = {
      config,
      directory,
      adminToken,
      adminPassword,
      rtmpPort,
      pages,
      located: locatedAll("control"),
      alarms: [...alarms.values()].flat(),
      demo: options.onDemo !== null,
    };
    await channel.call("start", start, CONTROL_WITHIN_MS);
    // What changed while it was away, nobody was told.
    tellWorkers("refreshRules", undefined);
    cluster.tellOthers("refreshRules", null);
  });
  const startWorker = (index: number) => async (channel: ChildProcess<WorkerMethods>["channel"]) => {
    const name = workerName(index);
    const orphans = attendance.at(name);
    const { nats, host, port } = config.cluster;
    // One that was there before is at the port that the other nodes know.
    const relay = nats.length > 0 ? { host, port: relayPorts[index] ?? (port === 0 ? 0 : port + 1 + index) } : null;
    const [node, nodes, located] = [cluster.self, cluster.table(), locatedAll(name)];
    const start = { name, node, nodes, relay, config, directory, httpPort, rtmpPort, secret, located, orphans };
    const relayPort = await channel.call("start", start, WORKER_WITHIN_MS);
    if (relay) relayPorts[index] = relayPort;
    registry.joined(peerOf(node, name));
    // What has happened while it began, it was not told.
    channel.tell("nodes", cluster.table());
    for (const of of registry.keys()) channel.tell("located", locatedBy(name, of));
    if (cluster.isDraining) channel.tell("setDraining", true);
  };
  for (let i = 0; i < workerCount(config); i++) {
    const name = workerName(i);
    const worker = new ChildProcess<WorkerMethods>(name, log, methodsFor(name), startWorker(i), () => {
      registry.gone(peerOf(cluster.self, name));
      loads.gone(name);
      viewers.delete(name);
      alarms.delete(name);
      control.channel.tell("alarms", [...alarms.values()].flat());
      control.channel.tell("workerGone", undefined);
    });
    workers.set(name, worker);
  }
  const stop = () => {
    for (const child of [control, ...workers.values()]) child.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  process.on("exit", stop);
  try {
    await Promise.all([control.started, ...[...workers.values()].map((worker) => worker.started)]);
    await cluster.start();
  } catch (error) {
    stop();
    throw error;
  }

  return {
    httpPort,
    rtmpPort,
    reload: (next) => {
      config = next;
      control.channel.tell("reload", next);
      tellWorkers("reload", next);
    },
    drain: async () => {
      for (const child of [control, ...workers.values()]) child.leaveDead();
      cluster.setDraining(true);
      if (cluster.isOneOfMany) {
        tellWorkers("setDraining", true);
        await emptied((config.drainSeconds * 1000) / 2);
      }
      const drained = await askAll((worker) => worker.channel.call("drain", undefined, config.drainSeconds * 1000));
      // What was written here goes on where there are copies, and ends where there are none.
      for (const name of workers.keys()) registry.gone(peerOf(cluster.self, name));
      await control.channel.call("drain", undefined, 2000).catch(() => {});
      clearInterval(tending);
      await cluster.close();
      return {
        publishers: drained.reduce((sum, { publishers }) => sum + publishers, 0),
        viewers: drained.reduce((sum, other) => sum + other.viewers, 0),
      };
    },
  };
}

/** What is wrong with nodes, for those who run them. */
function nodeAlarms(members: readonly Member[]): OpenAlarm[] {
  return members.flatMap(({ id, state, draining, clockSkewMs }): OpenAlarm[] => {
    if (state === "gone") return draining ? [] : [{ code: "node-gone", subject: id, detail: "It has not been heard for 3 s." }];
    if (Math.abs(clockSkewMs) <= SKEW_MS) return [];
    return [{ code: "clock-skew", subject: id, detail: `It is ${Math.round(clockSkewMs / 1000)} s off.` }];
  });
}

/** One core is left to the system, and to whatever encodes. */
function workerCount({ workers }: Config): number {
  return workers === "auto" ? Math.max(1, availableParallelism() - 1) : workers;
}
