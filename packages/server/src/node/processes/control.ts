/**
 * Puts the control process together: the school, its API and the pages, on a Unix socket that the media workers pass requests on to.
 */
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { FastifyRequest } from "fastify";
import { signLink } from "../../access/links/signed-link.ts";
import { lookUpAddress } from "../../network/dispatch/address-table.ts";
import { MAX_POPULAR_STREAMS } from "../../network/stream-popularity.ts";
import { type DispatchOptions, dispatchPage, dispatchRoutes } from "../../operations/dispatch.ts";
import { type NodesOptions, nodeRoutes } from "../../operations/nodes.ts";
import { metricsPage, type OperationsOptions, operationsRoutes } from "../../operations/routes.ts";
import { mergeReports } from "../../operations/stream-report.ts";
import { AddressSet } from "../../platform/address.ts";
import { openApiDocument } from "../../platform/api/openapi.ts";
import { registerRoute } from "../../platform/api/route.ts";
import { createApiServer, RefusalError } from "../../platform/api/server.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { writeBackup } from "../../platform/store/backup.ts";
import type { LiveStream } from "../../school/lessons/live-lessons.ts";
import { startSchool } from "../../school/school.ts";
import { nodeId } from "../cluster/cluster.ts";
import { openDispatch } from "../cluster/dispatch.ts";
import { openLocalDoor } from "../ipc/admin-socket.ts";
import { type ControlMethods, type ControlStart, controlSocket, type Located, type SupervisorMethods } from "../ipc/messages.ts";
import { RuleUpdates } from "../ipc/rule-updates.ts";
import { apiHost } from "../web/api-host.ts";
import { apiPages } from "../web/api-pages.ts";
import { CLIENT_ADDRESS } from "../web/forwarder.ts";
import { pageRoutes } from "../web/pages.ts";
import { metricsOf, openNodeServices } from "./node-services.ts";

export type Control = Omit<ControlMethods, "start" | "drain"> & { readonly close: () => Promise<void> };

const CLIP_WITHIN_MS = 60_000;
/** The timetable is looked at this often for what is about to begin. */
const EXPECT_EVERY_MS = 5000;
const DEFAULT_RTMP_PORT = 1935;
/** Links to stills change this seldom, so that browsers can keep what they have. */
const STILL_LINK_SECONDS = 900;

export async function startControl(
  options: ControlStart & { readonly log: Logger; readonly supervisor: RpcChannel<SupervisorMethods> },
): Promise<Control> {
  const { log, supervisor, directory } = options;
  let config = options.config;
  let metricsReaders = new AddressSet(config.metrics.allow);
  // Before the database is opened: nobody else may have it.
  const localDoor = await openLocalDoor(config.dataDir, {
    backup: ({ file }) => writeBackup(school.db, file),
    recover: () => school.recoverOperator(),
    nodes: () => supervisor.call("nodes", undefined),
  });
  const teller = new RuleUpdates(
    (app, name) => school.streamPolicy(app, name),
    (news) => supervisor.tell("rule", news),
  );
  const recordStream = async (app: string, name: string, action: "start" | "stop"): Promise<boolean> => {
    if (action === "start" && (await school.streamPolicy(app, name))?.mayRecord === false) throw new RefusalError("quota-reached");
    return await supervisor.call("record", { app, name, action });
  };
  const rtmpOf = (origin: string) => rtmpAddress(origin, options.rtmpPort);
  const school = await startSchool({
    databaseUrl: config.database.url,
    dataDir: config.dataDir,
    log,
    adminToken: options.adminToken,
    adminPassword: options.adminPassword,
    settings: () => ({
      operatorNetworks: config.operators.allow,
      privateWebhooks: config.webhooks.private,
      mail: { ...config.mail, publicUrl: config.http.publicUrl },
    }),
    streams: {
      end: (app, name) => supervisor.call("endStream", { app, name }),
      ruleChanged: (app, name) => teller.take(app, name),
      linkSecret: () => config.secrets.links[0] ?? "",
      rtmpOf,
    },
    live: options.located.map(liveOf),
    recordings: {
      record: recordStream,
      prefetch: (id, nodes) => supervisor.call("prefetch", { id, nodes }, CLIP_WITHIN_MS),
      ruleChanged: (id) => void tellRecording(id),
      clip: (files, from, to) => supervisor.call("clip", { files, from, to }, CLIP_WITHIN_MS),
      remove: (files) => supervisor.call("removeFiles", { files }, CLIP_WITHIN_MS),
    },
    retainDays: () => config.recording.retainDays,
  });
  // Of several nodes with a school's database each says what is wrong with itself.
  const self = nodeId(config);
  const isAlone = config.cluster.nats.length === 0;
  const sourceOf = (what: "media" | "storage") => (isAlone ? what : (`node ${self}: ${what}` as const));
  const dispatch = openDispatch(config, self, isAlone ? () => null : await lookUpAddress());
  dispatch.update(await supervisor.call("nodes", undefined));
  // A worker that is not told learns it when it asks anew.
  const tellRecording = async (id: string): Promise<void> => {
    const rule = await school.recordingInfo(id).catch(() => undefined);
    if (rule !== undefined) supervisor.tell("recording", { id, rule });
  };
  const house = await openNodeServices({
    config: () => config,
    log,
    located: options.located,
    onRecording: (recording) => supervisor.call("recordingSeen", recording),
    onAlarms: (open) => school.reportAlarms(sourceOf("storage"), open),
  });
  school.reportAlarms(sourceOf("media"), options.alarms);
  if (school.generatedPassword !== null) supervisor.tell("firstPassword", school.generatedPassword);
  if (options.demo) supervisor.tell("demoSchool", await school.openDemo());

  // Only the workers can reach this socket, and they say who has asked.
  const ipOf = ({ headers }: FastifyRequest) => String(headers[CLIENT_ADDRESS] ?? "");
  const host = apiHost({ actorOf: school.actorOf, ipOf, publicUrl: () => config.http.publicUrl });
  const streams = async () => mergeReports(await supervisor.call("streams", undefined));
  const operations: OperationsOptions = {
    streams,
    endStream: (app, name) => supervisor.call("endStream", { app, name }),
    recordStream,
    streamsOf: school.visibleStreams,
    lessonStream: school.lessonStream,
    stillOf: (app, name) => stillAddress(app, name, config.secrets.links[0] ?? ""),
    metrics: metricsOf(supervisor),
    admitToMetrics: async (request) => {
      if (!metricsReaders.has(ipOf(request))) await host.admit(request, { roles: ["operator"], scope: "system:read" });
    },
  };
  const api = createApiServer({ log, createServer: (handler) => createServer({ noDelay: true }, handler) });
  const cluster: NodesOptions = {
    nodes: () => supervisor.call("nodes", undefined),
    drainNode: (id, draining) => supervisor.call("drainNode", { id, draining }),
    prefetchStream: (app, name, nodes) => supervisor.call("prefetchStream", { app, name, nodes }),
    isLive: house.isLive,
  };
  const dispatching: DispatchOptions = { choose: dispatch.choose, explain: dispatch.explain, isLive: house.isLive, ipOf, rtmpOf };
  const routes = [...school.routes, ...operationsRoutes(operations), ...nodeRoutes(cluster), ...dispatchRoutes(dispatching)];
  for (const route of routes) registerRoute(api, route, host);
  metricsPage(api, operations);
  dispatchPage(api, dispatching);
  apiPages(
    api,
    openApiDocument(routes, (access) => access === "everybody"),
  );
  pageRoutes(api, options.pages, isAlone ? "" : "/api/v1/dispatch/play");
  const path = controlSocket(directory);
  rmSync(path, { force: true });
  await api.listen({ path });
  const tellExpected = async (): Promise<void> => {
    const { prefetchFrom } = config.relay;
    supervisor.tell("expected", prefetchFrom === 0 ? [] : await school.expectedAudiences(prefetchFrom, MAX_POPULAR_STREAMS));
  };
  // While the database is away, what was said before holds.
  const expecting = setInterval(() => void tellExpected().catch(() => {}), EXPECT_EVERY_MS);
  expecting.unref();
  void house.keeper.start();
  return {
    located: (news) => {
      house.located(news);
      school.streamChanged(news.app, news.name, news.location && liveOf(news));
    },
    recordingRule: ({ id }) => school.recordingInfo(id),
    recorded: house.recorded,
    recordingSeen: (recording) => school.recordingUpdated(recording),
    clip: ({ files, from, to }) => house.keeper.clip(files, from, to),
    removeFiles: ({ files }) => house.keeper.remove(files),
    alarms: (open) => school.reportAlarms(sourceOf("media"), open),
    alarmsOf: ({ node, open }) => school.reportAlarms(node === "" ? "nodes" : `node ${node}`, open),
    workerGone: house.workerGone,
    members: dispatch.update,
    betterRtmp: async (of) => dispatch.betterRtmp(of),
    streamRule: ({ app, name }) => school.streamPolicy(app, name),
    reload: (next) => {
      config = next;
      metricsReaders = new AddressSet(next.metrics.allow);
      dispatch.reload(next);
    },
    close: async () => {
      clearInterval(expecting);
      await api.close();
      await house.close();
      await school.close();
      localDoor.close();
    },
  };
}

function liveOf({ app, name, location }: Located): LiveStream {
  return { app, name, epoch: location?.epoch ?? "", startedAt: location?.startedAt ?? 0 };
}

/** A still's address, with a link that is nobody's in particular. */
function stillAddress(app: string, name: string, secret: string): string {
  const expires = Math.ceil(Date.now() / 1000 / STILL_LINK_SECONDS + 1) * STILL_LINK_SECONDS;
  return `/${app}/${name}.jpg?${signLink({ app, name, expires }, secret)}`;
}

/** The same host, by RTMP. */
function rtmpAddress(origin: string, port: number): string {
  const { hostname } = new URL(origin);
  return `rtmp://${hostname}${port === DEFAULT_RTMP_PORT ? "" : `:${port}`}`;
}
