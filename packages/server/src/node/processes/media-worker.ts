/**
 * Puts a media worker together: the streams, the doors that lead to them, and the relay to the other workers. All workers listen on
 * the same ports; what is not media is passed on to the control process.
 */
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { AccessControl } from "../../access/access.ts";
import { Callbacks } from "../../access/callbacks/callbacks.ts";
import { type RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { Catalog } from "../../library/catalog/catalog.ts";
import { directoriesOf } from "../../library/files/directories.ts";
import { ReplayDoor } from "../../library/replay/door.ts";
import { Previews } from "../../library/replay/previews.ts";
import { SegmentCache } from "../../library/replay/segment-cache.ts";
import { TimeShiftDoor } from "../../library/replay/time-shift-door.ts";
import { openStorage, sourceOf } from "../../library/storage/storage.ts";
import { FlvDoor } from "../../live/flv/door.ts";
import { HlsDoor } from "../../live/hls/door.ts";
import type { Door } from "../../live/http/door.ts";
import { peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { RelayServer } from "../../live/relay/transport/relay-server.ts";
import { relayUpstreams } from "../../live/relay/transport/upstream.ts";
import { RtmpDoor, type RtmpListen } from "../../live/rtmp/door.ts";
import { createDecoder } from "../../live/stills/decoder.ts";
import { StillsDoor } from "../../live/stills/door.ts";
import { type PublishSession, Streams } from "../../live/streams/index.ts";
import { mergePopularity } from "../../network/stream-popularity.ts";
import { healthDoor } from "../../operations/health.ts";
import { Metrics } from "../../operations/metrics.ts";
import { reportStream } from "../../operations/stream-report.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { readTlsPair, watchTlsPair } from "../../platform/tls-files.ts";
import { NodeDoor } from "../cluster/node-door.ts";
import { nodeOfFile, pathOf } from "../cluster/node-file-names.ts";
import { PrefetchPins } from "../cluster/prefetch-pins.ts";
import { RemoteRecordings } from "../cluster/remote-recordings.ts";
import { ViewerDrain } from "../cluster/viewer-drain.ts";
import { relaySocket, type SupervisorMethods, type WorkerMethods, type WorkerStart } from "../ipc/messages.ts";
import { RemoteStreamLocator } from "../ipc/remote-stream-locator.ts";
import { acmeDoor } from "../web/acme.ts";
import { Clients } from "../web/clients.ts";
import { DoorList } from "../web/door-list.ts";
import { controlDoor, Forwarder } from "../web/forwarder.ts";
import { httpsRedirectDoor } from "../web/https-redirect.ts";
import { WebServer } from "../web/web-server.ts";
import { openRecording } from "./recording.ts";
import { streamsOptions } from "./streams-options.ts";

export type MediaWorker = Omit<WorkerMethods, "start">;

/** What of a recording is fetched before somebody asks for it: as much as a player takes at first. */
const PREFETCH_SECONDS = 30;

/** What is said to viewers at the end is given so long to reach them. */
const GOODBYE_MS = 1000;
/** The other workers hear at least so often how many viewers there are. */
const COUNT_EVERY_MS = 250;
/** A client that could be redirected waits so long for where to. */
const REDIRECT_WITHIN_MS = 1000;
/** The node says this often how busy it is. */
const LOAD_EVERY_MS = 1000;
/** And which of each other's HLS viewers they have seen; a viewer is gone after three times this. */
const MEET_EVERY_MS = 4000;

export async function startMediaWorker(
  options: WorkerStart & { readonly log: Logger; readonly supervisor: RpcChannel<SupervisorMethods> },
): Promise<{ readonly worker: MediaWorker; readonly relayPort: number }> {
  const { log, supervisor } = options;
  let config = options.config;
  let draining = false;
  let viewersElsewhere = 0;

  const metrics = new Metrics();
  const directory = new RemoteStreamLocator(peerOf(options.node, options.name), supervisor);
  for (const located of options.located) directory.take(located);
  const broken = (rule: string) => log.error({ rule }, "a relay peer broke the protocol");
  const nodeDoor = new NodeDoor(options, {
    relay: (socket) => relayPeer.accept(socket),
    media: (socket) => web.take(socket),
    refused: (reason) => throttle.allow() && log.warn({ reason }, "a node was refused: it does not have this cluster's secret"),
  });
  const upstreams = relayUpstreams(
    {
      dial: (peer) => nodeDoor.dial(peer),
      paths: () => config.relay.paths,
      isOriginCopy: ({ app, name }) => directory.locate(app, name)?.isOriginCopy ?? false,
      clock: systemClock,
    },
    { broken, received: (peer, bytes) => metrics.relayReceive(peer, bytes) },
  );
  const streams: Streams = new Streams(
    streamsOptions(config, () => streams.size),
    systemClock,
    metrics.fanOut,
    directory,
    upstreams,
  );
  const mover = new ViewerDrain(streams);
  const expected = new PrefetchPins(streams);
  metrics.follow(streams);
  streams.onEnded((stream, reason) => {
    metrics.streamEnded(stream.statistics.look().receivedBytes);
    if (stream.writing) log.info({ stream: `${stream.app}/${stream.name}`, reason }, "stream ended");
  });
  const limits = new AddressLimits(() => config.limits.perAddress);
  const lessons = new StreamPolicyCache((app, name) => supervisor.call("streamRule", { app, name }), log);
  const callbacks = new Callbacks(() => config.callbacks, hostname(), log, {
    opened: (event) => supervisor.tell("entered", event),
    closed: (event) => supervisor.tell("left", event),
  });
  for (const event of options.orphans) callbacks.closed(event);
  const { ask, check, recheck, recording } = new AccessControl({
    settings: () => ({ publish: config.publish, play: config.play, linkSecrets: config.secrets.links }),
    policies: lessons,
    callbacks,
  });
  const countViewers = () => streams.list().reduce((sum, stream) => sum + stream.viewerCount, 0);
  const admitViewer = () => {
    if (draining) return new Refusal("draining");
    return countViewers() + viewersElsewhere >= config.limits.viewers ? new Refusal("full") : null;
  };
  // Strangers can cause these as fast as they like; the metrics count all of them, the log has some of each second.
  const throttle = new LogThrottle(systemClock, (count) => log.info({ count }, "more refusals, not written one by one"));
  const events = {
    refused: (what: string, protocol: string, stream: string, ip: string, refusal: Refusal) => {
      metrics.refused(refusal.code, what === "play" ? protocol : null, refusal.rule);
      if (throttle.allow())
        log.info({ what, protocol, stream, ip, reason: refusal.code, rule: refusal.rule ?? undefined }, "refused");
    },
    broken: (ip: string, rule: string) => {
      metrics.refused("protocol", null);
      if (throttle.allow()) log.info({ ip, rule }, "connection closed: the peer broke the protocol");
    },
    publishing: ({ stream, source }: PublishSession) =>
      log.info({ stream: `${stream.app}/${stream.name}`, ...source }, "publisher came"),
    unpublished: ({ stream }: PublishSession, reason: string) =>
      log.info({ stream: `${stream.app}/${stream.name}`, reason }, "publisher left"),
    joined: (protocol: string, seconds: number) => metrics.joined(protocol, seconds),
    sent: (protocol: string, bytes: number) => metrics.sent(protocol, bytes),
    slowPath: (what: string) => metrics.slowPath(what),
  };
  const shared = { streams, ask, apps: () => config.apps, batchMs: () => config.viewer.batchMs, admitViewer, events };
  const betterRtmp = (app: string, ip: string, agent: string): Promise<string | null> | null => {
    if (!config.dispatch.redirects.some((name) => agent.startsWith(name))) return null;
    // Whoever says FMLE is an encoder. Without an answer they are served here.
    const to = agent.startsWith("FMLE") ? ("publish" as const) : ("play" as const);
    return supervisor.call("betterRtmp", { app, ip, to }, REDIRECT_WITHIN_MS).catch(() => null);
  };

  const rtmpDoors: RtmpDoor[] = [];
  const openRtmp = async (listen: RtmpListen): Promise<RtmpDoor> => {
    const door = new RtmpDoor(listen, limits, {
      ...{ ...shared, callbacks, chunkSize: config.rtmp.chunkSize },
      // What came by TLS is not sent to where there is none.
      redirectTarget: listen.tls ? () => null : betterRtmp,
    });
    rtmpDoors.push(door);
    await door.listen(listen);
    return door;
  };

  const flvDoor = new FlvDoor(shared);
  const hlsDoor = new HlsDoor({
    ...shared,
    recheck,
    hls: () => config.hls,
    maxViewers: () => config.limits.viewers,
    isDrained: () => mover.isOver,
    stored: async (file) => {
      const { app, name, epoch } = file;
      const there = await elsewhere.stored(file);
      if (there !== undefined) return there;
      const wanted = "file" in file ? { initialisation: file.file.replace(/\.mp4$/, "") } : file;
      return await shiftDoor.stored(app, name, epoch, wanted);
    },
    secret: options.secret,
  });
  const directories = directoriesOf(config.dataDir);
  const storage = await openStorage(config, directories);
  const catalog = new Catalog(directories, sourceOf(storage));
  const segments = new SegmentCache();
  const recordingRules = new RecordingInfoCache(async (id) => withPaths(await supervisor.call("recordingRule", { id })));
  const decode = createDecoder();
  const previews = new Previews({ decode, directories });
  const shiftDoor = new TimeShiftDoor({
    previews,
    ...shared,
    catalog,
    cache: segments,
    windowSeconds: () => config.timeshift.windowSeconds,
    windowSegments: () => config.hls.windowSegments,
    strict: () => config.hls.strict,
    events: { ...events, failed: (error) => log.error({ err: error }, "what was live could not be sent") },
  });
  const replayDoor = new ReplayDoor({
    previews,
    catalog,
    cache: segments,
    rules: recordingRules,
    permit: recording,
    events: { ...events, failed: (error) => log.error({ err: error }, "a recording could not be sent") },
  });
  const { recorders, byHand } = openRecording({
    config: () => config,
    streams,
    directory,
    lessons,
    catalog,
    supervisor,
    callbacks,
    metrics,
    log,
  });
  metrics.followRecording(() => recorders.size);
  const stillsDoor = new StillsDoor({
    streams,
    check,
    apps: () => config.apps,
    directory: `${options.directory}/stills`,
    decode,
  });
  const forwarder = new Forwarder();
  const elsewhere = new RemoteRecordings({
    door: nodeDoor,
    forwarder,
    self: options.node,
    recorderNodeOf: (app, name) => directory.locate(app, name)?.recorderNode ?? null,
    streamOf: (request) => shiftDoor.match(request),
    recordingOf: (request) => replayDoor.recordingOf(request),
    infoOf: (id) => recordingRules.find(id),
    replay: (request, response) => {
      const address = replayDoor.match(request);
      if (address) replayDoor.handle(request, response, address);
    },
  });
  const relayPeer: RelayServer = new RelayServer(streams, {
    broken,
    sent: (bytes) => metrics.relaySend(bytes),
  });
  const clients = new Clients({ limits, trustedProxies: config.trustedProxies, isNode: (socket) => nodeDoor.isNode(socket) });
  const doors: readonly Door[] = [
    healthDoor(options.name, () => draining),
    acmeDoor({
      dataDir: config.dataDir,
      passOn: (request, response) => {
        const { control } = nodeDoor;
        if (!control || request.client.isFromNode) return false;
        forwarder.pass(request, response, nodeDoor.toMedia(control));
        return true;
      },
    }),
    httpsRedirectDoor(config.http),
    elsewhere,
    shiftDoor,
    flvDoor,
    hlsDoor,
    stillsDoor,
    replayDoor,
    controlDoor(forwarder, (path) => nodeDoor.toControl(path)),
  ];
  const doorList = new DoorList(doors, {
    identify: (request, isTls) => clients.identify(request, isTls),
    admitRequest: (client) => clients.admitRequest(client),
    admitConnection: (socket) => clients.admitConnection(socket),
  });
  doorList.metrics(metrics.registry);
  const web: WebServer = new WebServer(config.http, log, doorList);
  const relayPath = relaySocket(options.directory, options.name);
  rmSync(relayPath, { force: true });
  await relayPeer.listen(relayPath);
  const relayPort = await nodeDoor.listen();
  await web.listen(options.httpPort);
  await openRtmp({ host: config.rtmp.host, port: options.rtmpPort, tls: null });
  if (config.rtmp.tls) {
    const pair = readTlsPair(config.rtmp.tls);
    const door = await openRtmp({ host: config.rtmp.host, port: config.rtmp.tls.port, tls: pair });
    watchTlsPair(config.rtmp.tls, pair, log, (next) => door.useCertificate(next));
  }
  await streams.start();
  let told = 0;
  const counting = setInterval(() => {
    const count = countViewers();
    if (count !== told) supervisor.tell("viewers", count);
    told = count;
  }, COUNT_EVERY_MS);
  counting.unref();
  const loading = setInterval(() => {
    const { user, system } = process.cpuUsage();
    const [cpuSeconds, sentBytes] = [(user + system) / 1e6, metrics.sentTotal];
    supervisor.tell("load", {
      connections: web.connections + rtmpDoors.reduce((sum, door) => sum + door.connections, 0),
      sentBytes,
      cpuSeconds,
      paths: upstreams.list(),
      crowds: mergePopularity(
        streams
          .list()
          .flatMap(({ app, name, viewerCount }) => (viewerCount > 0 ? [{ app, name, watching: viewerCount, expected: 0 }] : [])),
      ),
    });
  }, LOAD_EVERY_MS);
  loading.unref();
  // Whoever has given a viewer's session learns here that the viewer is still there.
  const meeting = setInterval(() => {
    const numbers = hlsDoor.foreignViewers();
    if (numbers.length > 0) supervisor.tell("viewersSeen", numbers);
  }, MEET_EVERY_MS);
  meeting.unref();

  const worker: MediaWorker = {
    located: (news) => {
      directory.take(news);
      streams.relocated(news.app, news.name, news.location);
    },
    yield: ({ app, name, to, manner }) => streams.yield(app, name, to, manner),
    newest: ({ app, name }) => streams.newest(app, name),
    occupied: ({ app, name, silentMs }) => streams.publications.occupancy(app, name, silentMs),
    rule: ({ app, name, rule }) => lessons.take(app, name, rule),
    refreshRules: () => {
      lessons.refresh();
      recordingRules.refresh();
    },
    nodes: (table) => nodeDoor.take(table),
    orphans: (events) => {
      for (const event of events) callbacks.closed(event);
    },
    prefetchStream: ({ app, name }) => expected.keep(app, name),
    setDraining: (next) => {
      draining = next;
      streams.draining = next;
      mover.turn(next);
    },
    viewersSeen: (numbers) => hlsDoor.seenElsewhere(numbers),
    streams: () =>
      streams.list().map((stream) => ({
        report: reportStream(stream, options.node, options.name, recorders.recordingOf(stream)),
        writing: stream.writing,
        visitors: stream.visitorNumbers(),
      })),
    metrics: () => metrics.registry.getMetricsAsJSON(),
    endStream: ({ app, name }) => {
      const stream = streams.local(app, name);
      if (!stream?.writing) return false;
      stream.end("ended-by-operator");
      return true;
    },
    record: ({ app, name, action }) => {
      const stream = streams.local(app, name);
      if (!stream || !directory.locate(app, name)?.record) return false;
      byHand(stream, action);
      return true;
    },
    recording: ({ id, rule }) => recordingRules.take(id, withPaths(rule)),
    prefetch: async ({ id }) => {
      const rule = await recordingRules.find(id);
      if (rule instanceof Refusal) return 0;
      const fetched = await elsewhere.prefetch(rule, PREFETCH_SECONDS);
      if (fetched !== null) return fetched;
      const timeline = await catalog.recording(rule.files);
      let number = 0;
      for (; number < timeline.length && timeline.startOf(number) < PREFETCH_SECONDS; number++) {
        const segment = timeline.segment(number);
        const held = segment && (await segments.acquire(segment));
        if (!held) break;
        held.release();
      }
      return number < timeline.length ? timeline.startOf(number) : timeline.duration;
    },
    viewersElsewhere: (count) => {
      viewersElsewhere = count;
    },
    reload: (next) => {
      config = next;
      clients.reload(next.trustedProxies);
      streams.configure(streamsOptions(next, () => streams.size));
    },
    drain: async () => {
      draining = true;
      clearInterval(counting);
      clearInterval(meeting);
      clearInterval(loading);
      mover.turn(false);
      const publishers = streams.list().filter((stream) => stream.publication !== null).length;
      const viewers = countViewers();
      for (const door of rtmpDoors) door.stopListening();
      streams.close("draining");
      await recorders.close();
      await web.close(GOODBYE_MS);
      doorList.close();
      relayPeer.close();
      nodeDoor.close();
      for (const door of rtmpDoors) door.close();
      // The sockets say that they are closed in the next turns.
      await new Promise((resolve) => setImmediate(resolve));
      await callbacks.flush(GOODBYE_MS);
      return { publishers, viewers };
    },
  };
  return { worker, relayPort };
}

/** A recording's files as this node's disk and the object storage call them. */
function withPaths(rule: RecordingInfo | null): RecordingInfo | null {
  return rule && { ...rule, node: nodeOfFile(rule.files[0] ?? ""), files: rule.files.map(pathOf) };
}
