/** Passes changes of access policies on to all workers of all nodes. */
import type { KnownPolicyCalls, PolicyChanges, PolicyRefresh, PolicyUpdates } from "../../access/policies/policy-messages.ts";
import type { PolicyChange } from "../../access/policies/policy-snapshot.ts";
import type { NodeContext } from "./node-context.ts";
import type { NodePolicies } from "./node-policies.ts";
import type { PolicyDelivery } from "./policy-delivery.ts";

export function policyHandlers(
  { workers }: Pick<NodeContext, "workers">,
  delivery: PolicyDelivery,
  own: NodePolicies,
): PolicyUpdates & PolicyChanges & KnownPolicyCalls {
  return {
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
  { workers }: Pick<NodeContext, "workers">,
  own: NodePolicies,
): PolicyUpdates & PolicyChanges & PolicyRefresh<null> {
  return {
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
