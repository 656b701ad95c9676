/** What somebody should look at, and what was. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { alarmShape, id, pageOf, paging } from "../requests/fields.ts";
import { ADMINISTRATORS, type Desk, requires, schoolScope, toPage } from "../requests/route-context.ts";
import type { Alarm } from "../store/tables.ts";

export function alarmRoutes({ db }: Desk): ApiRoute[] {
  return [
    route({
      id: "listAlarms",
      method: "GET",
      path: "/alarms",
      tag: "Alarms",
      summary: "What is wrong, or was; the newest first. Administrators see those of their school",
      access: requires("system:read", ...ADMINISTRATORS),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        open: z.stringbool().optional().describe("Only what is wrong at present, or only what is not any more."),
      }),
      status: 200,
      answer: pageOf(alarmShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query }) => {
        const { limit, cursor, open } = query;
        const school = schoolScope(actor, query.schoolId);
        let all = db
          .selectFrom("alarms")
          .selectAll()
          .orderBy("id", "desc")
          .limit(limit + 1);
        if (cursor) all = all.where("id", "<", cursor);
        if (school !== null) all = all.where("school_id", "=", school);
        if (open !== undefined) all = all.where("cleared_at", open ? "is" : "is not", null);
        return { body: toPage(await all.execute(), limit, alarmResponse) };
      },
    }),
  ];
}

function alarmResponse({ id, school_id, code, subject, detail, raised_at, cleared_at }: Alarm) {
  return { id, schoolId: school_id, code, subject, detail, raisedAt: raised_at, clearedAt: cleared_at };
}
