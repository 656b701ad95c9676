/** Puts the control process together: the API and the pages, on a Unix socket that the media workers pass requests on to. */
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { mergeMetrics, processMetrics } from "../operations/metrics.ts";
import { operationsRoutes } from "../operations/routes.ts";
import { mergeReports } from "../operations/stream-report.ts";
import { AddressSet } from "../platform/address.ts";
import { createApiServer } from "../platform/api/server.ts";
import type { Config } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { acmeRoutes } from "./acme.ts";
import type { Channel } from "./channel.ts";
import { CLIENT_ADDRESS } from "./control-door.ts";
import { type ControlStart, controlSocket, type SupervisorMethods } from "./messages.ts";
import { pageRoutes } from "./pages.ts";

export type Control = {
  readonly reload: (config: Config) => void;
  readonly close: () => Promise<void>;
};

export async function startControl(
  options: ControlStart & { readonly log: Logger; readonly supervisor: Channel<SupervisorMethods> },
): Promise<Control> {
  const { log, supervisor, adminToken } = options;
  let metricsReaders = new AddressSet(options.config.metrics.allow);
  const own = processMetrics();
  const streams = async () => mergeReports(await supervisor.call("streams", undefined));
  const api = createApiServer({ log, createServer: (handler) => createServer({ noDelay: true }, handler) });
  operationsRoutes(api, {
    adminToken,
    streams,
    endStream: (app, name) => supervisor.call("endStream", { app, name }),
    metrics: async () => {
      const [workers, live] = await Promise.all([supervisor.call("metrics", undefined), streams()]);
      return mergeMetrics([...workers, await own.getMetricsAsJSON()], live);
    },
    mayReadMetrics: (ip) => metricsReaders.has(ip),
    // Only the workers can reach this socket, and they say who has asked.
    ipOf: (request) => String(request.headers[CLIENT_ADDRESS] ?? ""),
  });
  acmeRoutes(api, options.config.dataDir);
  pageRoutes(api, options.pages);
  const path = controlSocket(options.directory);
  rmSync(path, { force: true });
  await api.listen({ path });
  return {
    reload: (config) => {
      metricsReaders = new AddressSet(config.metrics.allow);
    },
    close: () => api.close(),
  };
}
