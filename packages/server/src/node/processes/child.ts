/**
 * A child process of the supervisor: a media worker, or the control process or what stands in its place, as the first argument says. It is told to start, to
 * reload and to drain over the channel to the supervisor, and does not outlive it.
 */

import { openLog } from "../../platform/log.ts";
import { RpcChannel } from "../../platform/rpc-channel.ts";
import type { ControlMethods, ControlStart, SupervisorMethods, WorkerMethods } from "../ipc/messages.ts";
import { type Control, startControl } from "./control.ts";
import { type MediaWorker, startMediaWorker } from "./media-worker.ts";
import { startNodeServices } from "./node-services.ts";

/** A child that cannot end its work by then is ended. */
const LAST_GOODBYE_MS = 5000;
const NOT_STARTED = "this process has not been started yet";

const log = openLog(process.env["LECTERN_LOG_LEVEL"]);
// A terminal and systemd send these to all processes of a service; the supervisor decides what follows.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

const [, , name] = process.argv;
if (name === "control") runControl(startControl);
else if (name === "services") runControl(startNodeServices);
else runWorker();

function runWorker(): void {
  let worker: MediaWorker | null = null;
  const running = () => {
    if (!worker) throw new Error(NOT_STARTED);
    return worker;
  };
  const methods: WorkerMethods = {
    start: async (options) => {
      const started = await startMediaWorker({ ...options, log: log.child({ process: options.name }), supervisor: channel });
      worker = started.worker;
      return started.relayPort;
    },
    nodes: (table) => worker?.nodes(table),
    orphans: (events) => worker?.orphans(events),
    prefetchStream: (of) => running().prefetchStream(of),
    setDraining: (draining) => worker?.setDraining(draining),
    located: (news) => worker?.located(news),
    yield: (of) => running().yield(of),
    newest: (of) => running().newest(of),
    occupied: (of) => running().occupied(of),
    rule: (news) => worker?.rule(news),
    refreshRules: () => worker?.refreshRules(),
    viewersSeen: (numbers) => worker?.viewersSeen(numbers),
    streams: () => running().streams(),
    metrics: () => running().metrics(),
    endStream: (of) => running().endStream(of),
    record: (ask) => running().record(ask),
    recording: (news) => worker?.recording(news),
    prefetch: (of) => running().prefetch(of),
    viewersElsewhere: (count) => worker?.viewersElsewhere(count),
    reload: (config) => worker?.reload(config),
    drain: async () => (await worker?.drain()) ?? { publishers: 0, viewers: 0 },
  };
  const channel = new RpcChannel<SupervisorMethods>(process, methods);
  process.on("disconnect", () => leave(() => worker?.drain()));
}

type Start = (
  options: ControlStart & { readonly log: typeof log; readonly supervisor: RpcChannel<SupervisorMethods> },
) => Promise<Control>;

function runControl(start: Start): void {
  let control: Control | null = null;
  const running = (): Control => {
    if (!control) throw new Error(NOT_STARTED);
    return control;
  };
  const methods: ControlMethods = {
    start: async (options) => {
      control = await start({ ...options, log: log.child({ process: name }), supervisor: channel });
    },
    located: (news) => control?.located(news),
    streamRule: async (of) => await running().streamRule(of),
    betterRtmp: async (of) => await running().betterRtmp(of),
    recordingRule: async (of) => await running().recordingRule(of),
    recorded: (file) => control?.recorded(file),
    recordingSeen: async (recording) => await running().recordingSeen(recording),
    clip: async (of) => await running().clip(of),
    removeFiles: async (of) => await running().removeFiles(of),
    alarms: (open) => control?.alarms(open),
    alarmsOf: (of) => control?.alarmsOf(of),
    workerGone: () => control?.workerGone(),
    members: (members) => control?.members(members),
    reload: (config) => control?.reload(config),
    drain: async () => control?.close(),
  };
  const channel = new RpcChannel<SupervisorMethods>(process, methods);
  process.on("disconnect", () => leave(() => control?.close()));
}

/** The supervisor is gone: without it nothing would be mended any more, so everybody is told, and the next one begins afresh. */
function leave(drain: () => unknown): void {
  setTimeout(() => process.exit(1), LAST_GOODBYE_MS).unref();
  Promise.resolve()
    .then(drain)
    .finally(() => process.exit(0));
}
