/** API route for alarms: conditions that need an operator's or administrator's attention. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { id } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { ADMINISTRATORS, requires } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { schoolScope } from "../schools/scope.ts";
import { alarmResponse, alarmShape } from "./shapes.ts";

export function alarmRoutes({ db }: RouteContext): ApiRoute[] {
  return [
    route({
      id: "listAlarms",
      method: "GET",
      path: "/alarms",
      tag: "Alarms",
      summary: "List alarms, newest first; administrators see those of their school",
      access: requires("system:read", ...ADMINISTRATORS),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        open: z.stringbool().optional().describe("true: only open alarms; false: only cleared ones."),
      }),
      status: 200,
      answer: pageOf(alarmShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query }) => {
        const { limit, cursor, open } = query;
        const school = schoolScope(actor, query.schoolId);
        let alarms = db
          .selectFrom("alarms")
          .selectAll()
          .orderBy("id", "desc")
          .limit(limit + 1);
        if (cursor) alarms = alarms.where("id", "<", cursor);
        if (school !== null) alarms = alarms.where("school_id", "=", school);
        if (open !== undefined) alarms = alarms.where("cleared_at", open ? "is" : "is not", null);
        return { body: toPage(await alarms.execute(), limit, alarmResponse) };
      },
    }),
  ];
}
