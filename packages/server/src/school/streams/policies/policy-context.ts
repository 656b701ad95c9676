/** Defines what the routes of policies need. */
import type { Explain } from "../../../access/explanation.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";

export type PolicyContext = RouteContext & {
  readonly policyNotices: PolicyNotices;
  readonly explain: Explain;
  /** Signs links. */
  readonly linkSecret: () => string;
};
