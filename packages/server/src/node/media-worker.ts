/**
 * Puts a media worker together: the streams, the doors that lead to them, the pages and the API, and what watches over them.
 * On a machine of its own it is the whole platform.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { hostname, totalmem } from "node:os";
import { accessControl } from "../access/access.ts";
import { AddressLimits } from "../access/address-limits.ts";
import { HlsDoor } from "../live/hls/door.ts";
import { HttpDoor } from "../live/http/door.ts";
import { type HttpRequest, sendRefusal } from "../live/http-answer.ts";
import { RtmpDoor, type RtmpListen } from "../live/rtmp/door.ts";
import { type Publication, Streams, type StreamsOptions } from "../live/streams/index.ts";
import { Metrics } from "../operations/metrics.ts";
import { operationsRoutes } from "../operations/routes.ts";
import { AddressSet, clientAddress, plainAddress } from "../platform/address.ts";
import { createApiServer } from "../platform/api/server.ts";
import { systemClock } from "../platform/clock.ts";
import type { Config } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { LogThrottle } from "../platform/log-throttle.ts";
import { Refusal } from "../platform/refusal.ts";
import { pageRoutes } from "./pages.ts";

export type MediaWorkerOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly adminToken: string | null;
  /** Where the built pages are. */
  readonly pages: string;
};

export type MediaWorker = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Applies what can change while running. */
  readonly reload: (config: Config) => void;
  /** Takes nobody new, tells everybody who is there, and ends. Gives how many publishers and viewers it was. */
  readonly drain: () => Promise<{ publishers: number; viewers: number }>;
};

/** An address may have this many bytes of headers, and a client this long to send them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
/** More of memory than the retention by time wants at 20 Mbps is not kept for one stream. */
const MAX_LOG_BYTES = 128 * 1024 * 1024;
/** All streams together may keep this much of the machine's memory; more of them keep less each. */
const MAX_LOGS_SHARE = 0.25;

export async function startMediaWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const { log } = options;
  let config = options.config;
  let trusted = new AddressSet(config.trustedProxies);
  let metricsReaders = new AddressSet(config.metrics.allow);
  let draining = false;

  const metrics = new Metrics();
  const streams: Streams = new Streams(
    streamsOptions(config, () => streams.size),
    systemClock,
    metrics.fanOut,
  );
  metrics.follow(streams);
  streams.onEnded((stream, reason) => {
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
    return countViewers() >= config.limits.viewers ? new Refusal("full") : null;
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
  const openRtmp = async (listen: RtmpListen): Promise<number> => {
    const door = new RtmpDoor(listen, limits, { ...shared, chunkSize: config.rtmp.chunkSize });
    rtmpDoors.push(door);
    return door.listen(listen);
  };

  const httpDoor = new HttpDoor({ ...shared, ipOf });
  const hlsDoor = new HlsDoor({
    ...shared,
    ipOf,
    hls: () => config.hls,
    maxHeld: () => config.limits.viewers,
    secret: randomBytes(32),
  });
  let server: Server | null = null;
  const api = createApiServer({
    log,
    createServer: (handler) => {
      server = createServer(
        {
          maxHeaderSize: MAX_HEADER_BYTES,
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: 30_000,
          connectionsCheckingInterval: 5000,
          noDelay: true,
        },
        (request, response) => {
          if (!limits.request(ipOf(request))) sendRefusal(response, new Refusal("too-many"));
          else if (!httpDoor.handle(request, response) && !hlsDoor.handle(request, response)) handler(request, response);
        },
      );
      return server;
    },
  });
  operationsRoutes(api, {
    streams,
    metrics,
    node: hostname(),
    adminToken: options.adminToken,
    mayReadMetrics: (ip) => metricsReaders.has(ip),
    ipOf: (request) => ipOf(request.raw),
    isDraining: () => draining,
  });
  pageRoutes(api, options.pages);
  await api.ready();

  const http = api.server;
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

  const httpPort = await listenHttp(http, config.http.host, config.http.port);
  const rtmpPort = await openRtmp({ host: config.rtmp.host, port: config.rtmp.port, tls: null });
  if (config.rtmp.tls) {
    const { cert, key, port } = config.rtmp.tls;
    await openRtmp({ host: config.rtmp.host, port, tls: { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") } });
  }
  await streams.start();

  return {
    httpPort,
    rtmpPort,
    reload: (next) => {
      config = next;
      trusted = new AddressSet(next.trustedProxies);
      metricsReaders = new AddressSet(next.metrics.allow);
      streams.configure(streamsOptions(next, () => streams.size));
    },
    drain: async () => {
      draining = true;
      const publishers = streams.list().filter((stream) => stream.publication !== null).length;
      const viewers = countViewers();
      for (const door of rtmpDoors) door.stopListening();
      streams.close("draining");
      await goodbyes(http);
      httpDoor.close();
      hlsDoor.close();
      for (const door of rtmpDoors) door.close();
      await api.close();
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
  const { hls, publish, viewer, limits } = config;
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
    maxStreams: limits.streams,
    fanOut: { evictAfterMs: viewer.evictAfterSeconds * 1000 },
  };
}

function listenHttp(http: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host, port, backlog: 4096 }, () => {
      http.off("error", reject);
      const address = http.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}
