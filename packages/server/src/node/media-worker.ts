/**
 * Puts a media worker together: the streams, the doors that lead to them, and the relay to the other workers. All workers listen on
 * the same ports; what is not media is passed on to the control process.
 */
import { readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
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
import type { Channel } from "./channel.ts";
import { ControlDoor } from "./control-door.ts";
import { controlSocket, relaySocket, type SupervisorMethods, type WorkerMethods, type WorkerStart } from "./messages.ts";
import { RemoteDirectory } from "./remote-directory.ts";

export type MediaWorker = Omit<WorkerMethods, "start">;

/** An address may have this many bytes of headers, and a client this long to send them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
/** More of memory than the retention by time wants at 20 Mbps is not kept for one stream. */
const MAX_LOG_BYTES = 128 * 1024 * 1024;
/** All streams together may keep this much of the machine's memory; more of them keep less each. */
const MAX_LOGS_SHARE = 0.25;

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
      received: (bytes) => metrics.relayed("received", bytes),
    }),
  );
  metrics.follow(streams);
  streams.onEnded((stream, reason) => {
    if (!stream.writing) return;
    metrics.streamEnded(stream.statistics.look().receivedBytes);
    log.info({ stream: `${stream.app}/${stream.name}`, reason }, "stream ended");
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
  };
  const shared = { streams, ask, apps: () => config.apps, batchMs: () => config.viewer.batchMs, admitViewer, events };

  const rtmpDoors: RtmpDoor[] = [];
  const openRtmp = async (listen: RtmpListen): Promise<void> => {
    const door = new RtmpDoor(listen, limits, { ...shared, chunkSize: config.rtmp.chunkSize });
    rtmpDoors.push(door);
    await door.listen(listen);
  };

  const httpDoor = new HttpDoor({ ...shared, ipOf });
  const hlsDoor = new HlsDoor({
    ...shared,
    ipOf,
    hls: () => config.hls,
    maxHeld: () => config.limits.viewers,
    secret: options.secret,
  });
  const controlDoor = new ControlDoor(controlSocket(options.directory));
  const relayPeer = new RelayPeer(streams, {
    broken: (rule) => log.error({ rule }, "a relay peer broke the protocol"),
    sent: (bytes) => metrics.relayed("sent", bytes),
  });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const ip = ipOf(request);
    if (!limits.request(ip)) sendRefusal(response, new Refusal("too-many"));
    else if (httpDoor.handle(request, response) || hlsDoor.handle(request, response)) return;
    else if (!answerHealth(request, response, options.name, draining)) controlDoor.pass(request, response, ip, false);
  };
  const http = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 5000,
      noDelay: true,
    },
    handle,
  );
  http.on("connection", (socket: Socket) => {
    const ip = plainAddress(socket.remoteAddress ?? "");
    // Behind a proxy all people share its address, and are counted by request.
    if (trusted.has(ip)) return;
    if (!limits.connect(ip)) socket.destroy();
    else socket.once("close", () => limits.disconnect(ip));
  });
  http.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!limits.request(ipOf(request)) || !httpDoor.upgrade(request, socket, head)) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
  });
  http.on("clientError", (_error, socket) => socket.destroy());

  const relayPath = relaySocket(options.directory, options.name);
  rmSync(relayPath, { force: true });
  await relayPeer.listen(relayPath);
  await listenHttp(http, config.http.host, options.httpPort);
  await openRtmp({ host: config.rtmp.host, port: options.rtmpPort, tls: null });
  if (config.rtmp.tls) {
    const { cert, key, port } = config.rtmp.tls;
    await openRtmp({ host: config.rtmp.host, port, tls: { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") } });
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
      await goodbyes(http);
      httpDoor.close();
      hlsDoor.close();
      controlDoor.close();
      relayPeer.close();
      for (const door of rtmpDoors) door.close();
      http.close();
      return { publishers, viewers };
    },
  };
}

/** Gives what was said to viewers at the end a moment to reach them. */
async function goodbyes(http: Server): Promise<void> {
  http.closeIdleConnections();
  const until = performance.now() + 1000;
  const open = () => new Promise<number>((resolve) => http.getConnections((error, count) => resolve(error ? 0 : count)));
  while (performance.now() < until && (await open()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  http.closeAllConnections();
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

function listenHttp(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host, port, backlog: 4096, reusePort: true }, () => {
      http.off("error", reject);
      resolve();
    });
  });
}

function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}
