/** Passes access policies on: queries to the node with the control process, changes to all workers of all nodes. */
import type { PolicyQueries, PolicyRefresh, PolicyUpdates } from "../../access/policies/policy-messages.ts";
import { askControl, type NodeContext } from "./node-context.ts";
import type { PolicyDelivery } from "./policy-delivery.ts";

export function policyHandlers(context: NodeContext, delivery: PolicyDelivery): PolicyQueries & PolicyUpdates {
  const { workers } = context;
  return {
    streamRule: (of) => askControl(context, "streamRule", of),
    recordingRule: (of) => askControl(context, "recordingRule", of),
    rule: (update) => {
      workers.tell("rule", update);
      delivery.deliver("rule", `${update.app}/${update.name}`, update);
    },
    recording: (update) => {
      workers.tell("recording", update);
      delivery.deliver("recording", update.id, update);
    },
  };
}

export function policyNodeHandlers({ control, workers }: NodeContext): PolicyQueries & PolicyUpdates & PolicyRefresh<null> {
  return {
    streamRule: (of) => control().call("streamRule", of),
    recordingRule: (of) => control().call("recordingRule", of),
    rule: (update) => workers.tell("rule", update),
    recording: (update) => workers.tell("recording", update),
    refreshRules: () => workers.tell("refreshRules", undefined),
  };
}
