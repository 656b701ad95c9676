/** Serves the API routes that read the audit log and verify it. `store/audit-log.ts` writes it, `checkpoints.ts` makes it proof against changes. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, instant } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { ADMINISTRATORS, requires } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { schoolScope } from "../schools/scope.ts";
import { auditResponse, auditShape, verificationShape } from "./shapes.ts";
import { verifyAudit } from "./verification.ts";

export type AuditContext = RouteContext & {
  /** Public keys with which the server signs or has signed checkpoints. */
  readonly auditKeys: () => ReadonlySet<string>;
};

export function auditRoutes(context: AuditContext): ApiRoute[] {
  return [listAuditRoute(context), verifyAuditRoute(context)];
}

function listAuditRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listAudit",
    method: "GET",
    path: "/audit",
    tag: "Audit",
    summary: "List audit entries: who changed what, and who looked at whom, when and from where; newest first",
    access: requires("audit:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: "audit",
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      targetId: z.string().max(100).optional(),
      actorId: id.optional(),
      action: z.string().max(100).optional(),
      kind: z.enum(["changes", "readings"]).optional().describe("Default: both."),
      from: instant.optional(),
      to: instant.optional(),
    }),
    status: 200,
    answer: pageOf(auditShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const { limit, cursor } = query;
      const school = schoolScope(actor, query.schoolId);
      let matching = db
        .selectFrom("audit")
        .selectAll()
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor) matching = matching.where("id", "<", cursor);
      if (school !== null) matching = matching.where("school_id", "=", school);
      if (query.targetId) matching = matching.where("target_id", "=", query.targetId);
      if (query.actorId) matching = matching.where("actor_id", "=", query.actorId);
      // As the indexes have it.
      if (query.kind === "readings") matching = matching.where(sql<boolean>`action like 'read.%'`);
      if (query.kind === "changes") matching = matching.where(sql<boolean>`action not like 'read.%'`);
      if (query.action) matching = matching.where("action", "=", query.action);
      if (query.from) matching = matching.where("at", ">=", new Date(query.from));
      if (query.to) matching = matching.where("at", "<", new Date(query.to));
      return { body: toPage(await matching.execute(), limit, auditResponse) };
    },
  });
}

function verifyAuditRoute({ db, auditKeys }: AuditContext): ApiRoute {
  return route({
    id: "verifyAudit",
    method: "GET",
    path: "/audit/verification",
    tag: "Audit",
    summary: "Verify that no audit entry was changed, removed or slipped in since its checkpoint, some checkpoints at a time",
    access: requires("audit:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({
      schoolId: id.optional().describe("Default: the own school; of operators, what concerns no school."),
      after: z.coerce.number().int().min(0).default(0).describe("The number of a checkpoint: verifies those behind it."),
    }),
    status: 200,
    answer: verificationShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { schoolId, after } }) => {
      return { body: await verifyAudit(db, auditKeys(), schoolScope(actor, schoolId), after) };
    },
  });
}
