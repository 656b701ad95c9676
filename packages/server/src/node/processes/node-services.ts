/**
 * Provides Node services: maintenance of the recorded files and `/metrics`, which every node has. They run in the control process; a node without one
 * runs them in a process of their own.
 */

import { rmSync } from "node:fs";
import type { Registry } from "prom-client";
import { OperatorToken } from "../../access/credentials/operator-token.ts";
import { answeringComponent } from "../../contracts/monitoring/answering-component.ts";
import type { FileMessages, RecordedFileMessages, RecordedMessages } from "../../contracts/recordings/recording-messages.ts";
import { Catalog } from "../../library/catalog/catalog.ts";
import { directoriesOf } from "../../library/files/directories.ts";
import { fileHandlers } from "../../library/maintenance/file-handlers.ts";
import { RecordingMaintenance } from "../../library/maintenance/recording-maintenance.ts";
import { type RequestFile, withRemoteFiles } from "../../library/replay/remote-files.ts";
import { openStorage, sourceOf } from "../../library/storage/storage.ts";
import { mergeMetrics, processMetrics } from "../../operations/metrics.ts";
import { metricsPage } from "../../operations/monitoring-routes.ts";
import { watchEventLoopDelay } from "../../operations/samples/event-loop-delay.ts";
import type { ControlSample } from "../../operations/samples/sample-messages.ts";
import { mergeReports } from "../../operations/stream-report.ts";
import { AddressSet } from "../../platform/address.ts";
import { bearerToken, createApiServer, RefusalError } from "../../platform/api/server.ts";
import { coveredConfig } from "../../platform/config/covered-config.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { createServer } from "../../platform/node-http.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { OpenAlarm } from "../../school/school.ts";
import { nodeId } from "../cluster/node-identity.ts";
import { openAdminSocket } from "../ipc/admin-socket.ts";
import type { AskControl } from "../ipc/control-questions.ts";
import type { ControlMethods, SupervisorMethods } from "../ipc/messages.ts";
import { nodeAskerOf } from "../ipc/node-questions.ts";
import type { ControlLifecycle, ControlStart } from "../ipc/process-start.ts";
import { withNode } from "../ipc/recording-handlers.ts";
import { controlSocket } from "../process-names.ts";
import { PROXIED_SERVER } from "../web/forwarder.ts";
import { clientAddress } from "../web/proxied-headers.ts";
import { mayReadMetrics, warnOfUnknownProxies } from "../web/unknown-proxies.ts";
import { adminNodeMethods } from "./admin-node-methods.ts";
import { keysOfFiles } from "./file-encryption.ts";
import { startProbes } from "./probes.ts";

/** Parts of the platform answer a sample within this, or are down. Less than the time in which the supervisor wants its answer. */
export const COMPONENT_WITHIN_MS = 2500;
/** A range of a file of another node. */
const FILE_WITHIN_MS = 10_000;
/** An object that nobody writes: asking for its size shows that the storage answers. */
const ABSENT_OBJECT = "lectern-sample";

export type ControlProcessOptions = ControlStart & {
  readonly log: Logger;
  readonly supervisor: RpcChannel<SupervisorMethods>;
  readonly ask: AskControl;
};

/** The control process, or the process of node services in its place. */
export type ControlProcess = {
  readonly handlers: Omit<ControlMethods, keyof ControlLifecycle>;
  readonly close: () => Promise<void>;
};

export type NodeServicesOptions = {
  readonly options: Pick<ControlProcessOptions, "log" | "supervisor" | "ask" | "located">;
  readonly config: () => Config;
  /** All open alarms of the object storage. */
  readonly onAlarms: (open: readonly OpenAlarm[]) => void;
};

export type NodeServices = {
  readonly maintenance: RecordingMaintenance;
  readonly handlers: FileMessages & RecordedFileMessages & RecordedMessages & Pick<ControlMethods, "located" | "workerGone">;
  readonly isLive: (app: string, name: string) => boolean;
  /** What this process knows of itself and of the object storage. */
  readonly sample: () => Promise<ControlSample>;
  readonly close: () => Promise<void>;
};

export async function openNodeServices({ options, config, onAlarms }: NodeServicesOptions): Promise<NodeServices> {
  const { log, supervisor, ask, located } = options;
  const live = new Map(located.map(({ app, name, location }) => [`${app}/${name}`, location?.epoch]));
  const directories = directoriesOf(config().dataDir);
  const storage = await openStorage(config(), directories);
  const hold = watchEventLoopDelay();
  const onFailure = (error: Error | null) => onAlarms(error ? [{ code: "storage-away", subject: "", detail: String(error) }] : []);
  onFailure(null);
  const maintenance = new RecordingMaintenance({
    catalog: new Catalog(
      directories,
      withRemoteFiles(sourceOf(storage), directories.record, askerOfFiles(supervisor)),
      keysOfFiles(config),
    ),
    log,
    storage: storage && { ...storage, onFailure },
    cacheBytes: () => config().storage.cacheBytes,
    timeShift: () => config().timeshift,
    isLive: (app, name, epoch) => live.get(`${app}/${name}`) === epoch,
    onRecording: (recording) => ask("recordingSeen", withNode(nodeId(config()), recording)),
  });
  return {
    maintenance,
    handlers: {
      ...fileHandlers(maintenance),
      located: ({ app, name, location }) => {
        if (location) live.set(`${app}/${name}`, location.epoch);
        else {
          live.delete(`${app}/${name}`);
          maintenance.streamEnded(app, name);
        }
      },
      workerGone: () => void maintenance.sweep(),
    },
    isLive: (app, name) => live.has(`${app}/${name}`),
    sample: async () => ({
      holdMs: hold.take(),
      components: storage
        ? [await answeringComponent("storage", () => storage.store.size(ABSENT_OBJECT), COMPONENT_WITHIN_MS)]
        : [],
    }),
    close: async () => {
      hold.close();
      await maintenance.close();
      storage?.store.close();
    },
  };
}

/** Asks other nodes for recorded files: this process has no connections to their doors. */
function askerOfFiles(supervisor: RpcChannel<SupervisorMethods>): RequestFile {
  const ask = nodeAskerOf(supervisor);
  return async (node, address) => {
    const base64 = await ask(node, "recordedFile", { address }, FILE_WITHIN_MS);
    return base64 === null ? { status: 404, bytes: Buffer.alloc(0) } : { status: 200, bytes: Buffer.from(base64, "base64") };
  };
}

/** The metrics of this node's processes, this one among them. @param own this process's */
export function metricsOf(
  supervisor: RpcChannel<SupervisorMethods>,
  own: Registry,
): () => Promise<{ contentType: string; text: string }> {
  return async () => {
    const [workers, streams] = await Promise.all([supervisor.call("metrics", undefined), supervisor.call("ownStreams", undefined)]);
    return mergeMetrics([...workers, await own.getMetricsAsJSON()], mergeReports(streams));
  };
}

/** The process of a node without a control process. */
export async function startNodeServices(options: ControlProcessOptions): Promise<ControlProcess> {
  const { log, supervisor, ask, directory, adminToken } = options;
  let config = options.config;
  const absent = () => Promise.reject(new Error("this node does not have the role control"));
  const adminSocket = await openAdminSocket(config.dataDir, {
    backup: absent,
    recover: absent,
    breakGlass: absent,
    findImportedLesson: absent,
    addImportedLesson: absent,
    list: absent,
    auditChains: absent,
    verifyAudit: absent,
    encryption: absent,
    ...adminNodeMethods(supervisor),
    config: async () => coveredConfig(config),
  });
  const alarms = { workers: options.alarms, storage: [] as readonly OpenAlarm[] };
  const sendAlarms = () => supervisor.tell("alarmsOf", [...alarms.workers, ...alarms.storage]);
  const services = await openNodeServices({
    options,
    config: () => config,
    onAlarms: (open) => {
      alarms.storage = open;
      sendAlarms();
    },
  });
  const registry = processMetrics();
  const api = await serveMetrics(() => config, { log, supervisor, directory, adminToken, registry });
  const stopProbes = startProbes({ config, log, supervisor, ask, registry });
  void services.maintenance.start();
  return {
    handlers: {
      ...services.handlers,
      askControl: absent,
      room: absent,
      roomWorkerGone: () => {},
      sample: services.sample,
      nodeSample: () => {},
      camera: async () => null,
      alarms: (open) => {
        alarms.workers = open;
        sendAlarms();
      },
      alarmsOf: () => {},
      members: () => {},
      degraded: () => {},
      reload: (next) => {
        config = next;
      },
    },
    close: async () => {
      stopProbes();
      await api.close();
      await services.close();
      adminSocket.close();
    },
  };
}

/** Serves `/metrics` on the control socket, to allowed addresses and to the administrator's token. */
async function serveMetrics(
  config: () => Config,
  {
    log,
    supervisor,
    directory,
    adminToken,
    registry,
  }: Pick<ControlProcessOptions, "log" | "supervisor" | "directory" | "adminToken"> & { readonly registry: Registry },
) {
  const api = createApiServer({ log, createServer: (handler) => createServer(PROXIED_SERVER, handler) });
  warnOfUnknownProxies(api, log);
  const operatorToken = new OperatorToken(adminToken, () => config().operators.token);
  metricsPage(api, {
    metrics: metricsOf(supervisor, registry),
    admitToMetrics: async (request) => {
      const token = bearerToken(request);
      if (mayReadMetrics(request, new AddressSet(config().metrics.allow))) return;
      if (token === null) throw new RefusalError("not-signed-in");
      if (!operatorToken.matches(token)) throw new RefusalError("bad-credential");
      operatorToken.checkUse(clientAddress(request));
    },
  });
  const path = controlSocket(directory);
  rmSync(path, { force: true });
  await api.listen({ path });
  return api;
}
