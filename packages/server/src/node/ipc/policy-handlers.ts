/** Passes access policies on: queries to the node with the control process, changes to all workers of all nodes. */
import type { PolicyQueries, PolicyRefresh, PolicyUpdates } from "../../access/policies/policy-messages.ts";
import { askControl, type NodeContext } from "./node-context.ts";

export function policyHandlers(context: NodeContext): PolicyQueries & PolicyUpdates {
  const { cluster, workers } = context;
  return {
    streamRule: (of) => askControl(context, "streamRule", of),
    recordingRule: (of) => askControl(context, "recordingRule", of),
    rule: (update) => {
      workers.tell("rule", update);
      cluster.tellOthers("rule", update);
    },
    recording: (update) => {
      workers.tell("recording", update);
      cluster.tellOthers("recording", update);
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
