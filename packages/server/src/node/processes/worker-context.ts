/** Defines the context of a media worker's parts: its start message, the current configuration, the log, the metrics and the supervisor. */
import type { Sheds } from "../../contracts/degradation/degradation.ts";
import type { AskOwner } from "../../live/rooms/door.ts";
import type { DoorEvents } from "../../operations/door-events.ts";
import type { Metrics } from "../../operations/metrics.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { Tracer } from "../../platform/tracing/tracer.ts";
import type { AskControl } from "../ipc/control-questions.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";
import type { WorkerStart } from "../ipc/process-start.ts";

export type WorkerContext = {
  readonly start: WorkerStart;
  readonly config: () => Config;
  readonly log: Logger;
  readonly supervisor: RpcChannel<SupervisorMethods>;
  /** Asks the control process. */
  readonly ask: AskControl;
  /** Asks the owner of a room. */
  readonly askRoom: AskOwner;
  readonly metrics: Metrics;
  readonly events: DoorEvents;
  readonly tracer: Tracer;
  /** What this node does without. */
  readonly degradation: Sheds;
};
