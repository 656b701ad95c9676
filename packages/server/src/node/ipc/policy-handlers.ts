/** Passes access policies on: queries to the node with the control process, changes to all workers of all nodes. */
import type {
  KnownPolicyCalls,
  PolicyChanges,
  PolicyQueries,
  PolicyRefresh,
  PolicySources,
  PolicyUpdates,
  RefusalMessages,
} from "../../access/policies/policy-messages.ts";
import type { PolicyChange } from "../../access/policies/policy-snapshot.ts";
import { askControl, type NodeContext } from "./node-context.ts";
import type { NodePolicies } from "./node-policies.ts";
import type { PolicyDelivery } from "./policy-delivery.ts";

export function policyHandlers(
  context: NodeContext,
  delivery: PolicyDelivery,
  own: NodePolicies,
): PolicyQueries & PolicyUpdates & PolicyChanges & RefusalMessages & KnownPolicyCalls {
  const { workers } = context;
  return {
    streamRule: (of) => askControl(context, "streamRule", of),
    recordingRule: (of) => askControl(context, "recordingRule", of),
    refusalsSeen: (report) => askControl(context, "refusalsSeen", report),
    rule: (update) => {
      workers.tell("rule", update);
      delivery.deliver("rule", `${update.app}/${update.name}`, update);
    },
    recording: (update) => {
      workers.tell("recording", update);
      delivery.deliver("recording", update.id, update);
    },
    knownPolicies: async () => own.known,
    policyChange: (change) => {
      own.take(change);
      delivery.deliver("policyChange", subjectOf(change), change);
    },
  };
}

export function policyNodeHandlers(
  { control, workers }: NodeContext,
  own: NodePolicies,
): PolicyQueries & PolicySources & RefusalMessages & PolicyUpdates & PolicyChanges & PolicyRefresh<null> {
  return {
    streamRule: (of) => control().call("streamRule", of),
    recordingRule: (of) => control().call("recordingRule", of),
    refusalsSeen: (report) => control().call("refusalsSeen", report),
    policySnapshot: (of) => control().call("policySnapshot", of),
    addressListPart: (of) => control().call("addressListPart", of),
    rule: (update) => workers.tell("rule", update),
    recording: (update) => workers.tell("recording", update),
    policyChange: (change) => own.take(change),
    refreshRules: () => {
      own.refresh();
      workers.tell("refreshRules", undefined);
    },
  };
}

function subjectOf(change: PolicyChange): string {
  return change.part === "policy" ? `${change.target.level} ${change.target.id}` : `${change.part} ${change.id}`;
}
