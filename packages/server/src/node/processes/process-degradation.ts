/** Keeps in a process of a node what the node does without, as the supervisor tells it, and tells the supervisor how pressed the process is. */
import { Degradation, type DegradationState } from "../../contracts/degradation/degradation.ts";
import type { DegradationMessages } from "../../contracts/degradation/degradation-messages.ts";
import { startPressureMeter } from "../../operations/degradation/pressure-meter.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";

export type ProcessDegradation = DegradationMessages & {
  readonly degradation: Degradation;
  /** A group of actions in a room was stored. */
  readonly onCommitted: (milliseconds: number) => void;
  readonly close: () => void;
};

export function openDegradation(
  start: { readonly degradation: DegradationState },
  supervisor: RpcChannel<SupervisorMethods>,
): ProcessDegradation {
  const degradation = new Degradation(start.degradation);
  const meter = startPressureMeter((report) => supervisor.tell("pressure", report));
  return {
    degradation,
    degraded: (state) => degradation.take(state),
    onCommitted: meter.committed,
    close: meter.close,
  };
}
