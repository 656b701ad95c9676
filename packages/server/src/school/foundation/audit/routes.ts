/** API route that reads the audit log. `store/audit-log.ts` writes it. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, instant } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { ADMINISTRATORS, requires } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { schoolScope } from "../schools/scope.ts";
import { auditResponse, auditShape } from "./shapes.ts";

export function auditRoutes(context: RouteContext): ApiRoute[] {
  return [listAuditRoute(context)];
}

function listAuditRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listAudit",
    method: "GET",
    path: "/audit",
    tag: "Audit",
    summary: "List audit entries: who changed what, when and from where; newest first",
    access: requires("audit:read", ...ADMINISTRATORS),
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      targetId: z.string().max(100).optional(),
      actorId: id.optional(),
      action: z.string().max(100).optional(),
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
      if (query.action) matching = matching.where("action", "=", query.action);
      if (query.from) matching = matching.where("at", ">=", new Date(query.from));
      if (query.to) matching = matching.where("at", "<", new Date(query.to));
      return { body: toPage(await matching.execute(), limit, auditResponse) };
    },
  });
}
