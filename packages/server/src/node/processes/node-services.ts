/**
 * What every node has, whatever it does besides: somebody who looks after the files that are recorded here, and the figures of its
 * processes at /metrics. It is in the control process; where a node has none, a process of its own stands in that place.
 */
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { Catalog } from "../../library/catalog/catalog.ts";
import { directoriesOf } from "../../library/files/directories.ts";
import { type InspectedRecording, RecordingMaintenance } from "../../library/maintenance/recording-maintenance.ts";
import { openStorage, sourceOf } from "../../library/storage/storage.ts";
import { mergeMetrics, processMetrics } from "../../operations/metrics.ts";
import { metricsPage } from "../../operations/routes.ts";
import { mergeReports } from "../../operations/stream-report.ts";
import { AddressSet } from "../../platform/address.ts";
import { bearerToken, createApiServer, RefusalError } from "../../platform/api/server.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { equalSecrets } from "../../platform/secrets.ts";
import type { OpenAlarm } from "../../school/school.ts";
import { openLocalDoor } from "../ipc/admin-socket.ts";
import { type ControlMethods, type ControlStart, controlSocket, type Located, type SupervisorMethods } from "../ipc/messages.ts";
import { CLIENT_ADDRESS } from "../web/forwarder.ts";

export type NodeServicesOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly located: readonly Located[];
  /** Must be told until it has succeeded. */
  readonly onRecording: (recording: InspectedRecording) => Promise<void>;
  /** What is wrong with the storage; none: it is well. */
  readonly onAlarms: (open: readonly OpenAlarm[]) => void;
};

export type NodeServices = Pick<ControlMethods, "located" | "recorded" | "workerGone"> & {
  readonly keeper: RecordingMaintenance;
  readonly isLive: (app: string, name: string) => boolean;
  readonly close: () => Promise<void>;
};

export async function openNodeServices({
  config,
  log,
  located,
  onRecording,
  onAlarms,
}: NodeServicesOptions): Promise<NodeServices> {
  const live = new Map(located.map(({ app, name, location }) => [`${app}/${name}`, location?.epoch]));
  const directories = directoriesOf(config().dataDir);
  const storage = await openStorage(config(), directories);
  const onTrouble = (error: Error | null) => onAlarms(error ? [{ code: "storage-away", subject: "", detail: String(error) }] : []);
  onTrouble(null);
  const keeper = new RecordingMaintenance({
    catalog: new Catalog(directories, sourceOf(storage)),
    log,
    storage: storage && { ...storage, onFailure: onTrouble },
    cacheBytes: () => config().storage.cacheBytes,
    timeShift: () => config().timeshift,
    isLive: (app, name, epoch) => live.get(`${app}/${name}`) === epoch,
    onRecording,
  });
  return {
    keeper,
    isLive: (app, name) => live.has(`${app}/${name}`),
    located: ({ app, name, location }) => {
      if (location) live.set(`${app}/${name}`, location.epoch);
      else {
        live.delete(`${app}/${name}`);
        keeper.streamEnded(app, name);
      }
    },
    recorded: ({ recording, path }) => keeper.recorded(recording, path),
    workerGone: () => void keeper.sweep(),
    close: async () => {
      await keeper.close();
      storage?.store.close();
    },
  };
}

/** The figures of this node's processes, this one among them. */
export function metricsOf(supervisor: RpcChannel<SupervisorMethods>): () => Promise<{ contentType: string; text: string }> {
  const own = processMetrics();
  return async () => {
    const [workers, streams] = await Promise.all([supervisor.call("metrics", undefined), supervisor.call("ownStreams", undefined)]);
    return mergeMetrics([...workers, await own.getMetricsAsJSON()], mergeReports(streams));
  };
}

/** The process of a node that has no control process. */
export async function startNodeServices(
  options: ControlStart & { readonly log: Logger; readonly supervisor: RpcChannel<SupervisorMethods> },
): Promise<Omit<ControlMethods, "start" | "drain"> & { readonly close: () => Promise<void> }> {
  const { log, supervisor, directory, adminToken } = options;
  let config = options.config;
  const absent = () => Promise.reject(new Error("this node has not the role control"));
  const localDoor = await openLocalDoor(config.dataDir, {
    backup: absent,
    recover: absent,
    nodes: () => supervisor.call("nodes", undefined),
  });
  const alarms = { media: options.alarms, storage: [] as readonly OpenAlarm[] };
  const tellAlarms = () => supervisor.tell("alarmsOf", [...alarms.media, ...alarms.storage]);
  const house = await openNodeServices({
    config: () => config,
    log,
    located: options.located,
    onRecording: (recording) => supervisor.call("recordingSeen", recording),
    onAlarms: (open) => {
      alarms.storage = open;
      tellAlarms();
    },
  });
  const api = createApiServer({ log, createServer: (handler) => createServer({ noDelay: true }, handler) });
  metricsPage(api, {
    metrics: metricsOf(supervisor),
    admitToMetrics: async (request) => {
      const ip = String(request.headers[CLIENT_ADDRESS] ?? "");
      const token = bearerToken(request);
      if (new AddressSet(config.metrics.allow).has(ip)) return;
      if (token === null) throw new RefusalError("not-signed-in");
      if (adminToken === null || !equalSecrets(token, adminToken)) throw new RefusalError("bad-credential");
    },
  });
  const path = controlSocket(directory);
  rmSync(path, { force: true });
  await api.listen({ path });
  void house.keeper.start();
  return {
    ...house,
    streamRule: absent,
    betterRtmp: absent,
    recordingRule: absent,
    recordingSeen: absent,
    clip: ({ files, from, to }) => house.keeper.clip(files, from, to),
    removeFiles: ({ files }) => house.keeper.remove(files),
    alarms: (open) => {
      alarms.media = open;
      tellAlarms();
    },
    alarmsOf: () => {},
    members: () => {},
    reload: (next) => {
      config = next;
    },
    close: async () => {
      await api.close();
      await house.close();
      localDoor.close();
    },
  };
}
