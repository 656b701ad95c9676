/** Serves the API and the pages of the control process on its Unix socket. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Registry } from "prom-client";
import { describeAccess } from "../../access/actor.ts";
import { isSecureRequest } from "../../access/credentials/session-cookie.ts";
import { STILLS_ONLY, signLink } from "../../access/links/signed-link.ts";
import type { ApiRoute } from "../../access/route.ts";
import { type CapacityReport, capacityRoutes } from "../../operations/capacity-routes.ts";
import { type DispatchOptions, dispatchPage, dispatchRoutes } from "../../operations/dispatch-routes.ts";
import { type JobsOptions, jobRoutes } from "../../operations/job-routes.ts";
import { metricsPage, type OperationsOptions, operationsRoutes } from "../../operations/monitoring-routes.ts";
import { type NodesOptions, nodeRoutes } from "../../operations/node-routes.ts";
import { mergeReports } from "../../operations/stream-report.ts";
import { AddressSet } from "../../platform/address.ts";
import { noteMethods } from "../../platform/api/allowed-methods.ts";
import { openApiDocument } from "../../platform/api/openapi.ts";
import { registerRoute } from "../../platform/api/route.ts";
import { createApiServer } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { createServer } from "../../platform/node-http.ts";
import type { Tracer } from "../../platform/tracing/tracer.ts";
import { deliveryBodies, type SchoolService } from "../../school/school.ts";
import type { Dispatch } from "../cluster/dispatch.ts";
import { controlSocket } from "../process-names.ts";
import { apiHost } from "../web/api-host.ts";
import { apiPages } from "../web/api-pages.ts";
import { PROXIED_SERVER } from "../web/forwarder.ts";
import { pageRoutes } from "../web/pages.ts";
import { clientAddress as ipOf } from "../web/proxied-headers.ts";
import { mayReadMetrics, warnOfUnknownProxies } from "../web/unknown-proxies.ts";
import { type ControlProcessOptions, metricsOf, type NodeServices } from "./node-services.ts";
import { serverOrigin } from "./server-origin.ts";
import { streamEmbedding } from "./stream-embedding.ts";

export type ControlApiOptions = {
  readonly options: ControlProcessOptions;
  readonly config: () => Config;
  readonly school: SchoolService;
  readonly services: NodeServices;
  readonly dispatch: Dispatch;
  readonly jobs: Pick<JobsOptions, "reports">;
  /** How many nodes are wanted. */
  readonly capacity: () => CapacityReport;
  /** This node is no part of a cluster. */
  readonly isAlone: boolean;
  readonly recordStream: OperationsOptions["recordStream"];
  readonly attemptsOf: OperationsOptions["attemptsOf"];
  /** The metrics of this process. */
  readonly registry: Registry;
  readonly tracer: Tracer;
};

export type ControlApi = {
  readonly routes: readonly ApiRoute[];
  readonly reload: (config: Config) => void;
  readonly close: () => Promise<unknown>;
};

const DEFAULT_RTMP_PORT = 1935;
/** The page `/embed/NAME` plays streams of this app. */
const EMBEDDED_APP = "live";
/** A link to a still names nobody, so it cannot be withdrawn: it opens the still for one to two of these. */
const STILL_LINK_SECONDS = 60;

/**
 * RFC 6797: a browser that has reached this host by HTTPS does not use plain HTTP for half a year. Subdomains and preload lists are the operator's
 * affair: other services may live there.
 */
const STRICT_TRANSPORT = "max-age=15552000";

export async function serveApi(parts: ControlApiOptions): Promise<ControlApi> {
  const { options, config, school, services, dispatch, isAlone, tracer } = parts;
  const { log, supervisor } = options;
  let metricsReaders = new AddressSet(config().metrics.allow);
  const host = apiHost({ actorOf: school.actorOf, ipOf, publicUrl: () => config().http.publicUrl });
  const operations: OperationsOptions = {
    streams: async () => mergeReports(await supervisor.call("streams", undefined)),
    endStream: (app, name) => supervisor.call("endStream", { app, name }),
    recordStream: parts.recordStream,
    streamsOf: school.visibleStreams,
    lessonStream: school.lessonStream,
    attemptsOf: parts.attemptsOf,
    stillOf: (app, name) => stillAddress(app, name, config().secrets.links[0] ?? ""),
    metrics: metricsOf(supervisor, parts.registry),
    admitToMetrics: async (request) => {
      if (!mayReadMetrics(request, metricsReaders)) await host.admit(request, { roles: ["operator"], scope: "system:read" });
    },
  };
  const nodes: NodesOptions = {
    nodes: () => supervisor.call("nodes", undefined),
    drainNode: (id, draining) => supervisor.call("drainNode", { id, draining }),
    prefetchStream: (app, name, ids) => supervisor.call("prefetchStream", { app, name, nodes: ids }),
    isLive: services.isLive,
    components: school.components,
  };
  const dispatching: DispatchOptions = {
    choose: dispatch.choose,
    explain: dispatch.explain,
    isLive: services.isLive,
    ipOf,
    rtmpOf: (origin) => rtmpAddress(origin, options.rtmpPort),
  };
  const embedding = streamEmbedding({
    known: () => supervisor.call("knownPolicies", undefined),
    streamPolicy: school.streamPolicy,
  });
  const api = createApiServer({ log, createServer: (handler) => createServer(PROXIED_SERVER, handler), ipOf, tracer });
  warnOfUnknownProxies(api, log);
  api.addHook("onRequest", async (request, reply) => {
    const { host = "" } = request.headers;
    // Browsers keep the port of an address when they change it to HTTPS, so a host with a port of its own would become unreachable by HTTP.
    if (isSecureRequest(request.headers) && !host.includes(":")) reply.header("strict-transport-security", STRICT_TRANSPORT);
  });
  const routes = [
    ...school.routes,
    ...operationsRoutes(operations),
    ...jobRoutes({ reports: parts.jobs.reports, jobsOf: school.visibleJobs }),
    ...nodeRoutes(nodes),
    ...capacityRoutes(parts.capacity),
    ...dispatchRoutes(dispatching),
  ];
  const refuseOtherMethods = noteMethods(api);
  for (const route of routes) registerRoute(api, route, host);
  metricsPage(api, operations);
  dispatchPage(api, dispatching);
  apiPages(
    api,
    () => openApiDocument(routes, describeAccess, deliveryBodies()),
    () => serverOrigin(config().http),
  );
  pageRoutes(api, {
    keptPlayers: join(config().dataDir, "player"),
    directory: options.pages,
    dispatch: isAlone ? "" : "/api/v1/dispatch/play",
    rtmpPort: options.rtmpPort,
    launchPage: school.launchPage,
    embedding: (name) => embedding(EMBEDDED_APP, name),
  });
  refuseOtherMethods();
  const path = controlSocket(options.directory);
  rmSync(path, { force: true });
  await api.listen({ path });
  return {
    routes,
    reload: (next) => {
      metricsReaders = new AddressSet(next.metrics.allow);
    },
    close: () => api.close(),
  };
}

/** The same host by RTMP. */
export function rtmpAddress(origin: string, port: number): string {
  const { hostname } = new URL(origin);
  return `rtmp://${hostname}${port === DEFAULT_RTMP_PORT ? "" : `:${port}`}`;
}

/** A still's address. The link opens nothing but stills. */
function stillAddress(app: string, name: string, secret: string): string {
  const expires = Math.ceil(systemClock.utc() / 1000 / STILL_LINK_SECONDS + 1) * STILL_LINK_SECONDS;
  return `/${app}/${name}.jpg?${signLink({ app, name, expires, viewer: STILLS_ONLY }, secret)}`;
}
