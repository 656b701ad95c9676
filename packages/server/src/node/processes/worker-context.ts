/** What the parts of a media worker stand on: its start message, the current configuration, and who it reports to. */
import type { DoorEvents } from "../../operations/door-events.ts";
import type { Metrics } from "../../operations/metrics.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";
import type { WorkerStart } from "../ipc/process-start.ts";

export type WorkerContext = {
  readonly start: WorkerStart;
  readonly config: () => Config;
  readonly log: Logger;
  readonly supervisor: RpcChannel<SupervisorMethods>;
  readonly metrics: Metrics;
  readonly events: DoorEvents;
};
