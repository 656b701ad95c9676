/**
 * Starts a media worker: the streams, the doors that lead to them, and the relay to other workers. All workers of a node listen on the same
 * ports, and proxy requests that are not for media to the control process.
 */
import { policyHandlers } from "../../access/policies/policy-messages.ts";
import { writerHandlers } from "../../live/relay/registry/writer-messages.ts";
import { newestKeyFrame } from "../../live/stills/key-frame.ts";
import { rungOf } from "../../live/stream-name.ts";
import { doorEvents } from "../../operations/door-events.ts";
import { Metrics } from "../../operations/metrics.ts";
import { reportHandlers } from "../../operations/report-messages.ts";
import { watchEventLoopDelay } from "../../operations/samples/event-loop-delay.ts";
import { UplinkMeter } from "../../operations/samples/uplink-sample.ts";
import { correctClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { openTracer } from "../../platform/tracing/open-tracer.ts";
import { PrefetchPins } from "../cluster/prefetch-pins.ts";
import { RelayLatencyMeter } from "../cluster/relay-latency-meter.ts";
import { ViewerDrain } from "../cluster/viewer-drain.ts";
import type { SupervisorMethods, WorkerMethods } from "../ipc/messages.ts";
import type { Drained, WorkerLifecycle, WorkerStart } from "../ipc/process-start.ts";
import { VERSION } from "../version.ts";
import { Clients } from "../web/clients.ts";
import { DoorList } from "../web/door-list.ts";
import { WebServer } from "../web/web-server.ts";
import { watchCandidateRates } from "./candidate-rates.ts";
import { type Doors, openDoors } from "./doors.ts";
import { openDegradation } from "./process-degradation.ts";
import { openRtmpDoors } from "./rtmp-doors.ts";
import { openSrtDoor } from "./srt-door.ts";
import { ViewerLimit } from "./viewer-limit.ts";
import { localInfo, openWorkerAccess, type WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import { workerControl } from "./worker-control.ts";
import { openJobs, type PulledChannels } from "./worker-jobs.ts";
import { openWorkerLibrary } from "./worker-library.ts";
import type { WorkerParts } from "./worker-parts.ts";
import { startReports } from "./worker-reports.ts";
import { openWorkerStreams } from "./worker-streams.ts";

export type MediaWorker = {
  /** The port for other nodes; 0 without a cluster. */
  readonly relayPort: number;
  readonly handlers: Omit<WorkerMethods, keyof WorkerLifecycle>;
  readonly drain: () => Promise<Drained>;
};

export type MediaWorkerOptions = WorkerStart & {
  readonly log: Logger;
  readonly supervisor: RpcChannel<SupervisorMethods>;
};

/** The time for closing messages to reach viewers, and for callbacks to reach the back end. */
const GOODBYE_MS = 1000;
/** Of the pictures that schools have checked, in pixels. */
const STILL_WIDTH = 640;

export async function startMediaWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const { log, supervisor, ...start } = options;
  let { config } = start;
  correctClock(start.nodes.clockCorrectionMs);
  const metrics = new Metrics();
  const events = doorEvents(
    metrics,
    log,
    (...of) => access.refused(...of),
    (...of) => access.protection.sign(...of),
  );
  const { tracer, counts } = openTracer(config, { node: start.node, process: start.name, version: VERSION }, log);
  if (counts) metrics.followSpans(counts);
  const { ask, askRoom, serve } = workerControl(start, supervisor);
  const load = openDegradation(start, supervisor);
  const context = { ...load, start, config: () => config, log, supervisor, ask, askRoom, metrics, events, tracer };
  const streams = openWorkerStreams(context, (socket) => web.take(socket));
  const access: WorkerAccess = openWorkerAccess(context);
  const channels: PulledChannels = { names: new Set() };
  const limit = new ViewerLimit(streams.streams, () => config.limits.viewers);
  const jobs = openJobs(context, streams, access, channels);
  const library = await openWorkerLibrary(context, streams, access, channels, (app, name) => jobs.served.now(app, name));
  const parts: WorkerParts = { streams, access, library, jobs, limit, drain: new ViewerDrain(streams.streams) };
  const doors = openDoors(context, parts);
  serve({ roomUpdate: (update) => doors.rooms.take(update) });
  const clients = new Clients({
    limits: access.protection.limits,
    trustedProxies: config.trustedProxies,
    isNode: (socket) => streams.peers.isNode(socket),
    onUnheard: events.unheard,
  });
  const list = new DoorList(doors.list, clients);
  list.metrics(metrics.registry);
  const web: WebServer = new WebServer(config.http, log, list);
  const relayPort = await streams.listen();
  await web.listen(start.httpPort);
  const rtmpDoors = await openRtmpDoors(context, parts);
  const srtDoor = await openSrtDoor(context, parts);
  await streams.streams.start();
  watchCandidateRates(streams.streams, access.streamPolicies);
  const reports = startReports(context, {
    streams,
    viewers: () => limit.count,
    foreignViewers: () => [...doors.hls.foreignViewers(), ...access.files.takeSeen()],
    connections: () => [...rtmpDoors, srtDoor].reduce((sum, door) => sum + (door?.connections ?? 0), web.connections),
  });
  limit.onDecided = reports.viewerRequested;
  const reload = (next: Config): void => {
    config = next;
    clients.reload(next.trustedProxies);
    access.reload(next);
    streams.reload(next);
  };
  const drain = async (): Promise<Drained> => {
    reports.close();
    load.close();
    return await drainWorker(parts, async () => {
      for (const door of [...rtmpDoors, srtDoor]) door?.stopListening();
      jobs.close();
      await doors.views.close();
      await doors.exams.flush();
      library.downloads.close();
      await library.conversions.close();
      streams.streams.close("draining");
      doors.webRtc.close("draining");
      await library.recorders.close();
      await web.close(GOODBYE_MS);
      list.close();
      access.close();
      streams.close();
      for (const door of [...rtmpDoors, srtDoor]) door?.close();
      await tracer.close();
    });
  };
  return {
    relayPort,
    handlers: { ...handlersOf(context, parts, doors), degraded: load.degraded, reload },
    drain,
  };
}

/** The answers to messages of the supervisor. */
function handlersOf(
  { start, metrics }: WorkerContext,
  { streams, access, library, jobs, limit, drain }: WorkerParts,
  doors: Doors,
): Omit<WorkerMethods, keyof WorkerLifecycle | "reload" | "degraded"> {
  const pins = new PrefetchPins(streams.streams);
  const meters = { hold: watchEventLoopDelay(), hops: new RelayLatencyMeter(start.node), uplinks: new UplinkMeter() };
  return {
    sample: () => ({
      holdMs: meters.hold.take(),
      hops: meters.hops.take(streams.upstreams.list()),
      uplinks: meters.uplinks.take(streams.streams.list()),
    }),
    ...writerHandlers(streams.streams, streams.locator),
    ...policyHandlers(access.streamPolicies, access.recordings, localInfo),
    ...reportHandlers({
      streams: streams.streams,
      metrics,
      node: start.node,
      process: start.name,
      recordingOf: (stream) => library.recorders.recordingOf(stream),
      stillOf: async ({ log }) => {
        const frame = newestKeyFrame(log);
        const still = frame && (await library.decode(frame.mp4, STILL_WIDTH));
        return still === "busy" ? null : still;
      },
    }),
    ...library.handlers(doors.remote),
    ...jobs.handlers,
    nodes: (table) => {
      correctClock(table.clockCorrectionMs);
      streams.peers.take(table);
    },
    policies: (known) => access.takePolicies(known),
    measures: (update) => access.protection.measures(update),
    orphans: (events) => {
      for (const event of events) access.callbacks.closed(event);
    },
    prefetchStream: ({ app, name }) => pins.keep(app, name),
    setDraining: (draining) => {
      limit.isDraining = draining;
      streams.streams.draining = draining;
      drain.turn(draining);
    },
    seatLost: (loss) => access.seats.lost(loss),
    sessionsEnded: (numbers) => access.sessions.end(numbers),
    roomUpdate: (update) => doors.rooms.take(update),
    webRtcSession: (request) => doors.webRtc.answer(request),
    viewersSeen: (numbers) => doors.hls.seenElsewhere(numbers),
    otherViewers: (count) => {
      limit.otherViewers = count;
    },
  };
}

/** Admits no new clients, closes the others, and reports the end of their callback sessions. */
async function drainWorker({ streams, access, limit, drain }: WorkerParts, close: () => Promise<void>): Promise<Drained> {
  limit.isDraining = true;
  drain.turn(false);
  // What is made here of streams has no publisher.
  const publishers = streams.streams.list().filter(({ name, publication }) => publication !== null && rungOf(name) === null).length;
  const viewers = limit.count;
  await close();
  // Sockets emit their close events in the next turns of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  await access.callbacks.flush(GOODBYE_MS);
  return { publishers, viewers };
}
