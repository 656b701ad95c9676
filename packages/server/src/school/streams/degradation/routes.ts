/** Serves the API routes for operators about what the server does without: the list, and what they turn off for everybody, a school or a lesson. */
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { Degradation } from "../../../contracts/degradation/degradation.ts";
import { SHEDDABLE } from "../../../contracts/degradation/sheddable.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { DegradationRow } from "../../foundation/store/protection-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { degradationResponse, degradationShape, degradationsShape, newDegradation, nodeResponse } from "./shapes.ts";

export type DegradationContext = RouteContext & {
  readonly policyNotices: PolicyNotices;
  readonly degradation: Degradation;
  /** The name of this node. */
  readonly node: string;
};

const TAG = "Degradation";
/** Every process looks through them for each thing that can be shed. */
const MAX_SWITCHES = 200;
const LIMIT = { max: MAX_SWITCHES, refusal: protectionText("too-many-degradations", { max: MAX_SWITCHES }) };

export function degradationRoutes(context: DegradationContext): ApiRoute[] {
  return [getDegradationRoute(context), createDegradationRoute(context), deleteDegradationRoute(context)];
}

function getDegradationRoute({ db, degradation, node }: DegradationContext): ApiRoute {
  return route({
    id: "getDegradation",
    method: "GET",
    path: "/degradation",
    tag: TAG,
    summary: "Get what the server can do without, what operators have turned off, and what nodes do without by themselves",
    access: requires("system:read", "operator"),
    rights: ["+-------", null],
    status: 200,
    answer: degradationsShape,
    refusals: ["database-away"],
    handle: async () => {
      const rows = await db.selectFrom("degradations").selectAll().orderBy("id").execute();
      const { automatic, nodes } = degradation.state;
      return {
        body: {
          sheddable: [...SHEDDABLE],
          switches: rows.filter(({ until }) => until === null || until.getTime() > Date.now()).map(degradationResponse),
          nodes: [nodeResponse(node, automatic), ...nodes.map((other) => nodeResponse(other.node, other.automatic))],
        },
      };
    },
  });
}

function createDegradationRoute({ changes, policyNotices }: DegradationContext): ApiRoute {
  return route({
    id: "createDegradation",
    method: "POST",
    path: "/degradation",
    tag: TAG,
    summary: "Do without something, for everybody, a school or a lesson",
    access: requires("system:write", "operator"),
    rights: ["+-------", null],
    body: newDegradation,
    status: 201,
    answer: degradationShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ body: { what, reason, until, ...of }, ...requester }) =>
      changes.transact(requester, async (change) => {
        const { trx } = change;
        await assertQuota(trx, "degradations", "everybody", LIMIT);
        const scope = await scopeOf(trx, of);
        const row = { id: newId(), what, reason, until: until === null ? null : new Date(until), ...scope };
        const created = await trx
          .insertInto("degradations")
          .values({ ...row, created_by: requester.actor.name })
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.audit({ action: "degradation.create", ...targetOf(created), after: created });
        change.afterCommit(() => policyNotices.policyChanged({ part: "degradation", id: created.id }));
        return { body: degradationResponse(created) };
      }),
  });
}

function deleteDegradationRoute({ changes, policyNotices }: DegradationContext): ApiRoute {
  return route({
    id: "deleteDegradation",
    method: "DELETE",
    path: "/degradation/:degradationId",
    tag: TAG,
    summary: "Turn on again what an operator has turned off",
    access: requires("system:write", "operator"),
    rights: ["+-------", null],
    params: idParam("degradationId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const before = await change.trx
          .deleteFrom("degradations")
          .where("id", "=", params.degradationId)
          .returningAll()
          .executeTakeFirst();
        if (!before) throw new RefusalError("not-found", protectionText("no-degradation"));
        await change.audit({ action: "degradation.delete", ...targetOf(before), before });
        change.afterCommit(() => policyNotices.policyChanged({ part: "degradation", id: before.id }));
        return { body: null };
      }),
  });
}

/** The columns of what it is for. @throws RefusalError not-found */
async function scopeOf(
  db: Db,
  { schoolId, lessonId }: { readonly schoolId?: string | undefined; readonly lessonId?: string | undefined },
) {
  if (lessonId !== undefined) {
    const lesson = await db.selectFrom("lessons").select("school_id").where("id", "=", lessonId).executeTakeFirst();
    if (!lesson) throw new RefusalError("not-found", protectionText("no-lesson"));
    return { school_id: lesson.school_id, lesson_id: lessonId };
  }
  if (schoolId === undefined) return { school_id: null, lesson_id: null };
  const school = await db.selectFrom("schools").select("id").where("id", "=", schoolId).executeTakeFirst();
  if (!school) throw new RefusalError("not-found", protectionText("no-school"));
  return { school_id: schoolId, lesson_id: null };
}

function targetOf({ id: targetId, school_id: schoolId }: DegradationRow) {
  return { schoolId, targetKind: "degradation", targetId };
}
