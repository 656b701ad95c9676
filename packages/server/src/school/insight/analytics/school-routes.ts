/** Serves the API routes of a school's analytics, for administrators: its days, by day, teacher or course. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { SCHOOL_GROUPINGS, type SchoolReportRow, type SchoolReportScope, schoolReport } from "./school-report.ts";
import { schoolReportRowShape } from "./shapes.ts";
import { daysOf } from "./spans.ts";

const TAG = "Analytics";

const query = z.strictObject({
  schoolId: id.optional(),
  by: z.enum(SCHOOL_GROUPINGS).default("day"),
  from: z.iso.date().optional().describe("The first day, in the school's time zone. Default: 30 days before `to`."),
  to: z.iso.date().optional().describe("The last day. Default: today."),
  teacherId: id.optional(),
  courseId: id.optional(),
});

export function schoolAnalyticsRoutes(context: RouteContext): ApiRoute[] {
  return [readRoute(context), exportRoute(context)];
}

function readRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readSchoolAnalytics",
    method: "GET",
    path: "/reports/analytics",
    tag: TAG,
    summary: "Read lessons, viewers, time watched, peaks and interaction by day, teacher or course, in a span of up to a year",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query,
    status: 200,
    answer: z.object({ items: z.array(schoolReportRowShape) }),
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query: asked }) => ({
      body: { items: [...(await schoolReport(db, asked.by, scopeOf(actor, asked)))] },
    }),
  });
}

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportSchoolAnalytics",
    method: "GET",
    path: "/reports/analytics/export",
    tag: TAG,
    summary: "Export the same as CSV for spreadsheets",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: { unlogged: "sums" },
    query,
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query: asked }) => {
      const rows = await schoolReport(db, asked.by, scopeOf(actor, asked));
      const columns = Object.keys(schoolReportRowShape.shape).map((name) => ({
        name,
        valueOf: (row: SchoolReportRow) => row[name as keyof SchoolReportRow],
      }));
      const headers = { "content-disposition": `attachment; filename="analytics-by-${asked.by}.csv"` };
      return { body: writeCsv(columns, rows), headers };
    },
  });
}

/** @throws RefusalError bad-request, not-found */
function scopeOf(actor: Actor, { schoolId, teacherId, courseId, from, to }: z.output<typeof query>): SchoolReportScope {
  return { schoolId: schoolScope(actor, schoolId), ...daysOf({ from, to }), teacherId, courseId };
}
