/** Serves the API routes for operators about the service's protection: addresses under a measure, their release, and exemptions. */
import { z } from "zod";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { LIST_PREFIX } from "../../foundation/requests/network.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires } from "../../foundation/requests/permissions.ts";
import { conflictAs, type RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ProtectionControl } from "./protection-control.ts";
import {
  blockedResponse,
  exemptionResponse,
  exemptionShape,
  newExemption,
  newRelease,
  protectionShape,
  releaseShape,
} from "./shapes.ts";

export type ProtectionContext = RouteContext & {
  readonly policyNotices: PolicyNotices;
  readonly protection: ProtectionControl;
};

const TAG = "Protection";
/** Addresses in one answer. */
const MAX_SHOWN = 1000;
/** Every media worker compares addresses with them. */
const MAX_EXEMPTIONS = 1000;
const LIMIT = { max: MAX_EXEMPTIONS, refusal: protectionText("too-many-exemptions", { max: MAX_EXEMPTIONS }) };
const taken = conflictAs(protectionText("exemption-taken"));

export function protectionRoutes(context: ProtectionContext): ApiRoute[] {
  return [
    getProtectionRoute(context),
    releaseAddressRoute(context),
    listExemptionsRoute(context),
    createExemptionRoute(context),
    deleteExemptionRoute(context),
  ];
}

function getProtectionRoute({ protection }: ProtectionContext): ApiRoute {
  return route({
    id: "getProtection",
    method: "GET",
    path: "/protection",
    tag: TAG,
    summary: "Get the addresses that the service protects itself from, on all nodes, and why",
    access: requires("system:read", "operator"),
    rights: ["+-------", null],
    status: 200,
    answer: protectionShape,
    refusals: [],
    handle: async () => {
      const { held, ended } = await protection.state();
      const worst = held.toSorted((a, b) => b.points - a.points).slice(0, MAX_SHOWN);
      return {
        body: {
          mode: protection.mode(),
          heldCount: held.length,
          held: worst.map(blockedResponse),
          ended: ended.slice(0, MAX_SHOWN).map(blockedResponse),
        },
      };
    },
  });
}

function releaseAddressRoute({ changes, protection }: ProtectionContext): ApiRoute {
  return route({
    id: "releaseAddress",
    method: "POST",
    path: "/protection/releases",
    tag: TAG,
    summary: "End the measures against an address on all nodes, and take none for a while",
    access: requires("system:write", "operator"),
    rights: ["+-------", null],
    body: newRelease,
    status: 202,
    answer: releaseShape,
    refusals: ["database-away"],
    handle: ({ actor, body: { address: owner, seconds } }) =>
      changes.transact({ actor }, async (change) => {
        const until = Date.now() + seconds * 1000;
        const after = { address: owner, until: new Date(until) };
        await change.audit({ action: "protection.release", schoolId: null, targetKind: "address", targetId: owner, after });
        change.afterCommit(() => protection.release({ owner, until }));
        return { body: after };
      }),
  });
}

function listExemptionsRoute({ db }: ProtectionContext): ApiRoute {
  return route({
    id: "listExemptions",
    method: "GET",
    path: "/protection/exemptions",
    tag: TAG,
    summary: "List the addresses that no measure is taken against",
    access: requires("system:read", "operator"),
    rights: ["+-------", null],
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(exemptionShape),
    refusals: ["database-away"],
    handle: async ({ query: { limit, cursor = "" } }) => {
      const rows = db
        .selectFrom("exemptions")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      return { body: toPage(await rows.execute(), limit, exemptionResponse) };
    },
  });
}

function createExemptionRoute({ changes, policyNotices }: ProtectionContext): ApiRoute {
  return route({
    id: "createExemption",
    method: "POST",
    path: "/protection/exemptions",
    tag: TAG,
    summary: "Take no measures against an address, a network, or the addresses of a list of the installation",
    access: requires("system:write", "operator"),
    rights: ["+-------", null],
    body: newExemption,
    status: 201,
    answer: exemptionShape,
    creates: true,
    refusals: ["conflict", "database-away"],
    handle: async ({ body: { network, note, until }, ...requester }) => {
      const created = changes.transact(requester, async (change) => {
        const { trx } = change;
        await assertQuota(trx, "exemptions", "everybody", LIMIT);
        await requireList(trx, network);
        const row = { id: newId(), network, note, until: until === null ? null : new Date(until) };
        const exemption = await trx
          .insertInto("exemptions")
          .values({ ...row, created_by: requester.actor.name })
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.audit({ action: "exemption.create", ...targetOf(exemption), after: exemption });
        change.afterCommit(() => policyNotices.policyChanged({ part: "exemption", id: exemption.id }));
        return { body: exemptionResponse(exemption) };
      });
      return await created.catch(taken);
    },
  });
}

function deleteExemptionRoute({ changes, policyNotices }: ProtectionContext): ApiRoute {
  return route({
    id: "deleteExemption",
    method: "DELETE",
    path: "/protection/exemptions/:exemptionId",
    tag: TAG,
    summary: "Remove an exemption: measures can be taken again",
    access: requires("system:write", "operator"),
    rights: ["+-------", null],
    params: idParam("exemptionId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const before = await change.trx
          .deleteFrom("exemptions")
          .where("id", "=", params.exemptionId)
          .returningAll()
          .executeTakeFirst();
        if (!before) throw new RefusalError("not-found", protectionText("no-exemption"));
        await change.audit({ action: "exemption.delete", ...targetOf(before), before });
        change.afterCommit(() => policyNotices.policyChanged({ part: "exemption", id: before.id }));
        return { body: null };
      }),
  });
}

/**
 * A school's administrators change the lists of their school, so only lists of the installation are accepted. Keeps the list from being deleted
 * until the end of the transaction.
 * @throws RefusalError bad-request
 */
async function requireList(db: Db, network: string): Promise<void> {
  if (!network.startsWith(LIST_PREFIX)) return;
  const list = await db
    .selectFrom("address_lists")
    .select("id")
    .where("id", "=", network.slice(LIST_PREFIX.length))
    .where("school_id", "is", null)
    .forKeyShare()
    .executeTakeFirst();
  if (list) return;
  const mistake = protectionText("unknown-list");
  const message = platformText("field-mistake", { where: platformText("in-body"), field: "network", mistake });
  throw new RefusalError("bad-request", message, [{ path: "network", message: mistake }]);
}

function targetOf({ id: targetId }: { readonly id: string }) {
  return { schoolId: null, targetKind: "exemption", targetId };
}
