/** Serves the API routes for policies: the access rules of the installation, of schools, courses, lessons, streams and recordings. */
import { z } from "zod";
import { POLICY_LEVELS, type PolicyRule, type PolicyTarget } from "../../../access/policies/access-policy.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { conflictAs } from "../../foundation/requests/route-context.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import type { PolicyRow } from "../../foundation/store/policy-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { shownRule, storedRules } from "./back-end-secrets.ts";
import { checkReferences } from "./check-references.ts";
import { effectivePolicyRoute } from "./effective-route.ts";
import { explainRoute } from "./explain-route.ts";
import type { PolicyContext } from "./policy-context.ts";
import { placeOf, visiblePolicies } from "./policy-targets.ts";
import { refusalRoutes } from "./refusal-routes.ts";
import { changedPolicy, newPolicy, policyResponse, policyShape, rulesBytes } from "./shapes.ts";
import { fitting } from "./stored-policies.ts";

const TAG = "Policies";
const READ = requires("policies:read", ...TEACHERS);
const WRITE = requires("policies:write", ...ADMINISTRATORS);
/** Of a school, and of the operator. */
const MAX_POLICIES = 1000;
/** All policies of a school. Every media worker has them in its memory. */
const MAX_SCHOOL_BYTES = 8 * 1024 * 1024;
/** A page ends before it has more. */
const PAGE_BYTES = 512 * 1024;
/** Twice what rules may have: a body may be written with white space. */
const MAX_BODY = 256 * 1024;
/** The audit log has larger rules without their entries. */
const MAX_AUDITED_BYTES = 16 * 1024;

type Policies = Resource<"policies", typeof policyShape>;

export function policyRoutes(context: PolicyContext): ApiRoute[] {
  const { storedSecrets, policyNotices } = context;
  const policies: Policies = resource(context, {
    table: "policies",
    path: "/policies/:policyId",
    tag: TAG,
    kind: "policy",
    read: READ,
    write: WRITE,
    owner: "school-or-platform",
    missing: policyText("no-policy"),
    limit: { max: MAX_POLICIES, refusal: policyText("too-many-policies", { max: MAX_POLICIES }) },
    shape: policyShape,
    present: () => policyResponse,
    visible: (db, actor) => visiblePolicies(db, actor).selectAll("policies"),
    audited,
    committed: (policy) => policyNotices.policyChanged({ part: "policy", target: targetOf(policy) }),
  });
  return [
    listPoliciesRoute(context),
    createPolicyRoute(context, policies),
    effectivePolicyRoute(context),
    explainRoute(context),
    ...refusalRoutes(context),
    policies.get("getPolicy", { summary: "Get a policy", rights: ["+++0----", "+000----"] }),
    policies.change("changePolicy", {
      summary: "Replace the rules of a policy",
      rights: ["++------", "+0------"],
      body: changedPolicy,
      bodyLimit: MAX_BODY,
      refusals: ["conflict", "too-large"],
      columns: async ({ rules }, before, { trx, actor }) => {
        const stored = storedRules(rules, before.rules, (secret) => storedSecrets.encrypt("policies", before.id, secret));
        const bytes = rulesBytes(stored);
        await requireBytes(trx, before.school_id, bytes - before.bytes);
        const user = { schoolId: before.school_id, isOperator: actor.role === "operator", before: before.rules };
        await checkReferences(trx, stored, user);
        return { rules: json<readonly PolicyRule[]>(stored), bytes };
      },
    }),
    policies.delete("deletePolicy", { summary: "Delete a policy", rights: ["++------", "+0------"] }),
  ];
}

/** Pages end by the size of their rules, too. */
function listPoliciesRoute({ db }: PolicyContext): ApiRoute {
  return route({
    id: "listPolicies",
    method: "GET",
    path: "/policies",
    tag: TAG,
    summary: "List policies: all of the school for administrators, those of what they see for teachers",
    access: READ,
    rights: ["++++----", "+000----"],
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      level: z.enum(POLICY_LEVELS).optional(),
      targetId: z.string().max(200).optional(),
    }),
    status: 200,
    answer: pageOf(policyShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId, level, targetId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = visiblePolicies(db, actor).select(["id", "bytes"]).where("policies.id", ">", cursor);
      if (school !== null) matching = matching.where("policies.school_id", "=", school);
      if (level !== undefined) matching = matching.where("policies.level", "=", level);
      if (targetId !== undefined) matching = matching.where("policies.target_id", "=", targetId);
      const sizes = await matching
        .orderBy("policies.id")
        .limit(limit + 1)
        .execute();
      const ids = fitting(sizes.slice(0, limit), PAGE_BYTES);
      const nextCursor = sizes.length > ids.length ? (ids.at(-1) ?? null) : null;
      if (ids.length === 0) return { body: { items: [], nextCursor } };
      const rows = await db.selectFrom("policies").selectAll().where("id", "in", ids).orderBy("id").execute();
      return { body: { items: rows.map(policyResponse), nextCursor } };
    },
  });
}

function createPolicyRoute({ changes, storedSecrets }: PolicyContext, policies: Policies): ApiRoute {
  return route({
    id: "createPolicy",
    method: "POST",
    path: "/policies",
    tag: TAG,
    summary: "Create the policy of a school, course, lesson or recording; for operators also of the installation and of a stream",
    access: WRITE,
    rights: ["++------", "+0------"],
    body: newPolicy,
    bodyLimit: MAX_BODY,
    status: 201,
    answer: policyShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "too-large", "database-away"],
    handle: async ({ body: { target, rules }, ...requester }) => {
      const { actor } = requester;
      const created = changes.transact(requester, async (change) => {
        const { trx } = change;
        const { school_id: schoolId, ...place } = await placeOf(trx, actor, target);
        const policy = await policies.add(change, schoolId, async (policyId) => {
          const stored = storedRules(rules, [], (secret) => storedSecrets.encrypt("policies", policyId, secret));
          const bytes = rulesBytes(stored);
          await requireBytes(trx, schoolId, bytes);
          await checkReferences(trx, stored, { schoolId, isOperator: actor.role === "operator", before: [] });
          return { ...place, rules: json<readonly PolicyRule[]>(stored), bytes };
        });
        return { body: policyResponse(policy) };
      });
      return await created.catch(conflictAs(policyText("target-taken")));
    },
  });
}

/** Those who write policies of one school at the same time wait for each other. @throws RefusalError conflict */
async function requireBytes(db: Db, schoolId: string | null, more: number): Promise<void> {
  if (schoolId === null || more <= 0) return;
  await db.selectFrom("schools").select("id").where("id", "=", schoolId).forNoKeyUpdate().execute();
  const { bytes } = await db
    .selectFrom("policies")
    .select((row) => row.fn.coalesce(row.fn.sum<number>("bytes"), row.lit(0)).as("bytes"))
    .where("school_id", "=", schoolId)
    .executeTakeFirstOrThrow();
  if (Number(bytes) + more > MAX_SCHOOL_BYTES) throw new RefusalError("conflict", policyText("policies-too-large"));
}

function targetOf({ level, target_id: targetId }: PolicyRow): PolicyTarget {
  return { level, id: targetId };
}

function audited(policy: PolicyRow): Record<string, unknown> {
  if (policy.bytes <= MAX_AUDITED_BYTES) return { ...policy, rules: policy.rules.map(shownRule) };
  return {
    ...policy,
    rules: policy.rules.map(({ kind, for: action, combine, mode, locked }) => ({ kind, for: action, combine, mode, locked })),
  };
}
