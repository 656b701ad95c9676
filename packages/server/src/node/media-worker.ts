/**
 * Puts a media worker together: the streams, the doors that lead to them, and the relay to the other workers. All workers listen on
 * the same ports; what is not media is passed on to the control process.
 */
import { rmSync } from "node:fs";
import { hostname, totalmem } from "node:os";
import { accessControl } from "../access/access.ts";
import { AddressLimits } from "../access/address-limits.ts";
import { HlsDoor } from "../live/hls/door.ts";
import { HttpDoor } from "../live/http/door.ts";
import { type HttpRequest, sendRefusal } from "../live/http-answer.ts";
import { RelayPeer } from "../live/relay/peer.ts";
import { relayUpstreams } from "../live/relay/upstream.ts";
import { RtmpDoor, type RtmpListen } from "../live/rtmp/door.ts";
import { type Publication, Streams, type StreamsOptions } from "../live/streams/index.ts";
import { answerHealth } from "../operations/health.ts";
import { Metrics } from "../operations/metrics.ts";
import { reportStream } from "../operations/stream-report.ts";
import { AddressSet, clientAddress, plainAddress } from "../platform/address.ts";
import { systemClock } from "../platform/clock.ts";
import type { Config } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { LogThrottle } from "../platform/log-throttle.ts";
import { Refusal } from "../platform/refusal.ts";
import { readTlsPair, watchTlsPair } from "../platform/tls-files.ts";
import type { Channel } from "./channel.ts";
import { ControlDoor } from "./control-door.ts";
import { controlSocket, relaySocket, type SupervisorMethods, type WorkerMethods, type WorkerStart } from "./messages.ts";
import { redirectsToHttps } from "./redirect.ts";
import { RemoteDirectory } from "./remote-directory.ts";
import { WebServer } from "./web-server.ts";

export type MediaWorker = Omit<WorkerMethods, "start">;

/** More of memory than the retention by time wants at 20 Mbps is not kept for one stream. */
const MAX_LOG_BYTES = 128 * 1024 * 1024;
/** All streams together may keep this much of the machine's memory; more of them keep less each. */
const MAX_LOGS_SHARE = 0.25;

/** What is said to viewers at the end is given so long to reach them. */
const GOODBYE_MS = 1000;
/** The other workers hear at least so often how many viewers there are. */
const COUNT_EVERY_MS = 250;

export async function startMediaWorker(
  options: WorkerStart & { readonly log: Logger; readonly supervisor: Channel<SupervisorMethods> },
): Promise<MediaWorker> {
  const { log, supervisor } = options;
  let config = options.config;
  let trusted = new AddressSet(config.trustedProxies);
  let draining = false;
  let viewersElsewhere = 0;

  const metrics = new Metrics();
  const directory = new RemoteDirectory(options.name, supervisor);
  for (const located of options.located) directory.take(located);
  const streams: Streams = new Streams(
    streamsOptions(config, () => streams.size),
    systemClock,
    metrics.fanOut,
    directory,
    relayUpstreams((peer) => relaySocket(options.directory, peer), {
      broken: (rule) => log.error({ rule }, "a relay peer broke the protocol"),
      received: (peer, bytes) => metrics.relayReceive(peer, bytes),
    }),
  );
  metrics.follow(streams);
  streams.onEnded((stream, reason) => {
    metrics.streamEnded(stream.statistics.look().receivedBytes);
    if (stream.writing) log.info({ stream: `${stream.app}/${stream.name}`, reason }, "stream ended");
  });
  const limits = new AddressLimits(() => config.limits.perAddress);
  const ask = accessControl(() => ({ publish: config.publish, play: config.play, linkSecrets: config.secrets.links }));
  const ipOf = (request: HttpRequest) =>
    clientAddress(request.socket.remoteAddress, oneHeader(request.headers["x-forwarded-for"]), trusted);
  const countViewers = () => streams.list().reduce((sum, stream) => sum + stream.viewerCount, 0);
  const admitViewer = () => {
    if (draining) return new Refusal("draining");
    return countViewers() + viewersElsewhere >= config.limits.viewers ? new Refusal("full") : null;
  };
  // Strangers can cause these as fast as they like; the metrics count all of them, the log has some of each second.
  const throttle = new LogThrottle(systemClock, (count) => log.info({ count }, "more refusals, not written one by one"));
  const events = {
    refused: (what: string, protocol: string, stream: string, ip: string, refusal: Refusal) => {
      metrics.refused(refusal.code, what === "play" ? protocol : null);
      if (throttle.allow()) log.info({ what, protocol, stream, ip, reason: refusal.code }, "refused");
    },
    broken: (ip: string, rule: string) => {
      metrics.refused("protocol", null);
      if (throttle.allow()) log.info({ ip, rule }, "connection closed: the peer broke the protocol");
    },
    publishing: ({ stream, source }: Publication) =>
      log.info({ stream: `${stream.app}/${stream.name}`, ...source }, "publisher came"),
    unpublished: ({ stream }: Publication, reason: string) =>
      log.info({ stream: `${stream.app}/${stream.name}`, reason }, "publisher left"),
    joined: (protocol: string, seconds: number) => metrics.joined(protocol, seconds),
    sent: (protocol: string, bytes: number) => metrics.sent(protocol, bytes),
    slowPath: (what: string) => metrics.slowPath(what),
  };
  const shared = { streams, ask, apps: () => config.apps, batchMs: () => config.viewer.batchMs, admitViewer, events };

  const rtmpDoors: RtmpDoor[] = [];
  const openRtmp = async (listen: RtmpListen): Promise<RtmpDoor> => {
    const door = new RtmpDoor(listen, limits, { ...shared, chunkSize: config.rtmp.chunkSize });
    rtmpDoors.push(door);
    await door.listen(listen);
    return door;
  };

  const httpDoor = new HttpDoor({ ...shared, ipOf });
  const hlsDoor = new HlsDoor({
    ...shared,
    ipOf,
    hls: () => config.hls,
    maxViewers: () => config.limits.viewers,
    secret: options.secret,
  });
  const controlDoor = new ControlDoor(controlSocket(options.directory));
  const relayPeer = new RelayPeer(streams, {
    broken: (rule) => log.error({ rule }, "a relay peer broke the protocol"),
    sent: (bytes) => metrics.relaySend(bytes),
  });
  const web = new WebServer(config.http, log, {
    onRequest: (request, response, secure) => {
      if (httpDoor.refusesSecond(request)) return;
      const ip = ipOf(request);
      if (!limits.request(ip)) sendRefusal(response, new Refusal("too-many"));
      else if (answerHealth(request, response, options.name, draining)) return;
      else if (!secure && redirectsToHttps(config.http, request, response)) return;
      else if (httpDoor.handle(request, response) || hlsDoor.handle(request, response)) return;
      else controlDoor.pass(request, response, ip, secure);
    },
    onUpgrade: (request, socket, head) => {
      if (limits.request(ipOf(request)) && httpDoor.upgrade(request, socket, head)) return;
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    },
    onConnection: (socket) => {
      const ip = plainAddress(socket.remoteAddress ?? "");
      // Behind a proxy all people share its address, and are counted by request.
      if (trusted.has(ip)) return true;
      if (!limits.connect(ip)) return false;
      socket.once("close", () => limits.disconnect(ip));
      return true;
    },
  });
  const relayPath = relaySocket(options.directory, options.name);
  rmSync(relayPath, { force: true });
  await relayPeer.listen(relayPath);
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

  return {
    located: (news) => {
      directory.take(news);
      streams.relocated(news.app, news.name, news.location);
    },
    yield: ({ app, name, to }) => streams.yield(app, name, to),
    newest: ({ app, name }) => streams.newest(app, name),
    streams: () =>
      streams.list().map((stream) => ({
        report: reportStream(stream, hostname(), options.name),
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
    viewersElsewhere: (count) => {
      viewersElsewhere = count;
    },
    reload: (next) => {
      config = next;
      trusted = new AddressSet(next.trustedProxies);
      streams.configure(streamsOptions(next, () => streams.size));
    },
    drain: async () => {
      draining = true;
      clearInterval(counting);
      const publishers = streams.list().filter((stream) => stream.publication !== null).length;
      const viewers = countViewers();
      for (const door of rtmpDoors) door.stopListening();
      streams.close("draining");
      await web.close(GOODBYE_MS);
      httpDoor.close();
      hlsDoor.close();
      controlDoor.close();
      relayPeer.close();
      for (const door of rtmpDoors) door.close();
      return { publishers, viewers };
    },
  };
}

function streamsOptions(config: Config, countStreams: () => number): StreamsOptions {
  const { hls, publish, viewer } = config;
  return {
    cuts: { segmentMs: hls.segmentSeconds * 1000, partMs: hls.partMs },
    retention: {
      segments: hls.windowSegments + 2,
      milliseconds: (hls.windowSegments + 2) * Math.max(10, hls.segmentSeconds) * 1000,
      bytes: () => Math.min(MAX_LOG_BYTES, (totalmem() * MAX_LOGS_SHARE) / Math.max(1, countStreams())),
    },
    tape: { milliseconds: viewer.maxQueueSeconds * 1000, bytes: viewer.maxQueueBytes },
    graceMs: publish.graceSeconds * 1000,
    supersedeAfterMs: publish.supersedeAfterSeconds * 1000,
    fanOut: { evictAfterMs: viewer.evictAfterSeconds * 1000 },
  };
}

function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}
