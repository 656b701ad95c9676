/** Provides the streams of a media worker, and how they come from other workers and go to them. */
import { rmSync } from "node:fs";
import type { TLSSocket } from "node:tls";
import { RemoteStreamLocator } from "../../live/relay/registry/remote-stream-locator.ts";
import { peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import { RelayServer } from "../../live/relay/transport/relay-server.ts";
import { relayUpstreams } from "../../live/relay/transport/upstream.ts";
import { Streams } from "../../live/streams/index.ts";
import { followLogs } from "../../operations/log-metrics.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { PeerConnections } from "../cluster/peer-connections.ts";
import { relaySocket } from "../process-names.ts";
import { backlogOf, streamsOptions } from "./streams-options.ts";
import type { WorkerContext } from "./worker-context.ts";

export type WorkerStreams = {
  readonly streams: Streams;
  readonly locator: RemoteStreamLocator;
  readonly upstreams: ReturnType<typeof relayUpstreams>;
  readonly peers: PeerConnections;
  /** Applies to streams that begin from now on. */
  readonly reload: (config: Config) => void;
  /** Opens the socket for workers of this node, and the port for other nodes. Returns the port. */
  readonly listen: () => Promise<number>;
  readonly close: () => void;
};

/** @param acceptMedia serves a connection of another node that proxies requests */
export function openWorkerStreams(context: WorkerContext, acceptMedia: (socket: TLSSocket) => void): WorkerStreams {
  const { start, config, log, supervisor, metrics, events, tracer } = context;
  const locator = new RemoteStreamLocator(peerOf(start.node, start.name), supervisor);
  for (const located of start.located) locator.take(located);
  const broken = (rule: string) => log.error({ rule }, "relay peer broke the protocol");
  const peers = new PeerConnections(
    { ...start, secret: start.config.cluster.secret },
    { relay: (socket) => relayServer.accept(socket), media: acceptMedia, refused: events.nodeRefused },
  );
  const upstreams = relayUpstreams(
    {
      dial: (peer) => peers.dial(peer),
      paths: () => config().relay.paths,
      isOriginCopy: ({ app, name }) => locator.locate(app, name)?.isOriginCopy ?? false,
      clock: systemClock,
      tracer,
    },
    { broken, received: (peer, bytes) => metrics.relayReceive(peer, bytes) },
  );
  const backlog = backlogOf(config);
  const optionsOf = (of: Config) => streamsOptions(of, () => streams.size, backlog);
  const streams: Streams = new Streams(optionsOf(config()), systemClock, metrics.fanOut, locator, upstreams, tracer);
  const relayServer: RelayServer = new RelayServer(streams, { broken, sent: (bytes) => metrics.relaySend(bytes) }, { tracer });
  metrics.follow(streams);
  followLogs(metrics.registry, streams, backlog);
  streams.onEnded((stream, reason) => {
    metrics.streamEnded(stream.statistics.look().receivedBytes);
    if (stream.writing) log.info({ stream: `${stream.app}/${stream.name}`, reason }, "stream ended");
  });
  return {
    streams,
    locator,
    upstreams,
    peers,
    reload: (next) => streams.configure(optionsOf(next)),
    listen: async () => {
      const path = relaySocket(start.directory, start.name);
      rmSync(path, { force: true });
      await relayServer.listen(path);
      return await peers.listen();
    },
    close: () => {
      relayServer.close();
      peers.close();
    },
  };
}
