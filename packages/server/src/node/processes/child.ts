/**
 * Provides the entry of a child process of the supervisor: a media worker, the control process, or node services, as the first argument says. The
 * supervisor starts, reloads and drains it over a channel, and the process does not outlive the supervisor.
 */

import { flushCompileCache } from "node:module";
import { openLog } from "../../platform/log.ts";
import { RpcChannel, surviveUnanswered } from "../../platform/rpc-channel.ts";
import { askerOf } from "../ipc/control-questions.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";
import type { ControlLifecycle, WorkerLifecycle } from "../ipc/process-start.ts";
import type { MediaWorker, startMediaWorker } from "./media-worker.ts";
import type { ControlProcess, startNodeServices } from "./node-services.ts";

/** A drain without the supervisor takes at most this long. */
const LAST_DRAIN_MS = 5000;

const log = openLog(process.env["LECTERN_LOG_LEVEL"]);
// A terminal and systemd send these to all processes of a service; the supervisor handles them.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

surviveUnanswered((error) => log.warn({ err: error }, "another process has not answered"));

const [, , name] = process.argv;
// Each process loads its own part only: loading is most of a start.
if (name === "control") runControl(import("./control.ts").then(({ startControl }) => startControl));
else if (name === "services") runControl(import("./node-services.ts").then(({ startNodeServices }) => startNodeServices));
else runWorker(import("./media-worker.ts").then(({ startMediaWorker }) => startMediaWorker));

function runWorker(loading: Promise<typeof startMediaWorker>): void {
  let worker: MediaWorker | null = null;
  const lifecycle: WorkerLifecycle = {
    start: async (options) => {
      const start = await loading;
      // A spare process has no name before.
      if (name !== options.name) process.title = options.name;
      worker = await start({ ...options, log: log.child({ process: options.name }), supervisor: channel });
      channel.serve(worker.handlers);
      flushCompileCache();
      return worker.relayPort;
    },
    drain: async () => (await worker?.drain()) ?? { publishers: 0, viewers: 0 },
  };
  const channel = new RpcChannel<SupervisorMethods>(process, lifecycle);
  process.on("disconnect", () => leave(() => worker?.drain()));
}

function runControl(loading: Promise<typeof startNodeServices>): void {
  let control: ControlProcess | null = null;
  const lifecycle: ControlLifecycle = {
    start: async (options) => {
      const start = await loading;
      control = await start({ ...options, log: log.child({ process: name }), supervisor: channel, ask: askerOf(channel) });
      channel.serve(control.handlers);
      flushCompileCache();
    },
    drain: async () => control?.close(),
  };
  const channel = new RpcChannel<SupervisorMethods>(process, lifecycle);
  process.on("disconnect", () => leave(() => control?.close()));
}

/** Ends the process after the supervisor has died: clients are closed, and come back to the next start of the server. */
function leave(drain: () => unknown): void {
  setTimeout(() => process.exit(1), LAST_DRAIN_MS).unref();
  Promise.resolve()
    .then(drain)
    .finally(() => process.exit(0));
}
