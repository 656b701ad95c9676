/** Serves the API route that tells which rules hold for a target, where they come from, and which ones are replaced. */
import { effectiveRules, type Policy, type PolicyTarget } from "../../../access/policies/access-policy.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { checkVisible, policyTargets } from "./policy-targets.ts";
import { effectiveQuery, effectiveShape, type ShownRule, shownRuleResponse } from "./shapes.ts";
import { readPolicy } from "./stored-policies.ts";

export function effectivePolicyRoute({ db, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "getEffectivePolicy",
    method: "GET",
    path: "/policies/effective",
    tag: "Policies",
    summary: "List the rules that hold for a target, with those of everything that it belongs to, and what replaces which",
    access: requires("policies:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    query: effectiveQuery,
    status: 200,
    answer: effectiveShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      await checkVisible(db, actor, query);
      const targets = await policyTargets(db, query.level, query.id);
      if (!targets) throw new RefusalError("not-found", policyText("no-target"));
      const policies: Policy[] = [];
      for (const target of targets) {
        const policy = await readPolicy(db, storedSecrets, target);
        if (policy) policies.push(policy);
      }
      return { body: { targets: [...targets], rules: shownRules(policies).map(shownRuleResponse) } };
    },
  });
}

/** All rules, from the farthest to the nearest; of those that do not hold, which policy replaces them. */
export function shownRules(policies: readonly Policy[]): readonly ShownRule[] {
  const effective = effectiveRules(policies);
  return policies.flatMap(({ target, rules }) => {
    const holding = new Set(effective.flatMap(({ rule, source }) => (source === target ? [rule] : [])));
    return rules.map((rule) => ({ rule, source: target, replacedBy: holding.has(rule) ? null : replacing(policies, rule) }));
  });
}

/** The nearest policy that replaces rules of this kind. */
function replacing(policies: readonly Policy[], replaced: Policy["rules"][number]): PolicyTarget | null {
  const by = policies.findLast(({ rules }) =>
    rules.some((rule) => rule.combine === "replace" && rule.kind === replaced.kind && rule.for === replaced.for),
  );
  return by?.target ?? null;
}
