/** Connects what a node does without with its processes, its machine, the other nodes and its alarms. */
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { Alarms } from "../ipc/alarm-messages.ts";
import { DegradationHandlers } from "../ipc/degradation-handlers.ts";
import type { NodeContext } from "../ipc/node-context.ts";
import { MachineLoadMeter } from "./machine-load.ts";

export type NodeDegradationOptions = {
  readonly context: Pick<NodeContext, "cluster" | "workers" | "control">;
  readonly config: () => Config;
  readonly log: Logger;
  readonly raise: (open: Alarms) => void;
};

export function nodeDegradation({ context, config, log, raise }: NodeDegradationOptions): DegradationHandlers {
  const { cluster, workers } = context;
  const machine = new MachineLoadMeter(config().dataDir);
  return new DegradationHandlers({
    self: cluster.self,
    config: () => config().degradation,
    log,
    clock: systemClock,
    machine: () => machine.take(config().degradation.automatic),
    tell: (state) => {
      workers.tell("degraded", state);
      context.control().tell("degraded", state);
    },
    tellNodes: (automatic) => cluster.tellOthers("nodeDegraded", { node: cluster.self, automatic }),
    raise,
  });
}
