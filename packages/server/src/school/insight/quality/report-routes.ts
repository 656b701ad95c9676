/** Serves the API routes of reports for administrators: lesson quality by day, lesson, teacher, course or carrier. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, instant } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { GROUPINGS, qualityReport, type ReportRow, type ReportScope } from "./quality-report.ts";
import { recomputeLessons } from "./recompute.ts";
import { reportRow } from "./report-shapes.ts";

const TAG = "Lesson quality";
const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 366 * DAY_MS;
const MAX_RECOMPUTED_MS = 31 * DAY_MS;

const span = {
  schoolId: id.optional(),
  from: instant.optional().describe("Lessons that started from then on. Default: 30 days before `to`."),
  to: instant.optional().describe("Lessons that started before. Default: now."),
};
const reportQuery = z.strictObject({
  ...span,
  by: z.enum(GROUPINGS).default("day"),
  lessonId: id.optional(),
  teacherId: id.optional(),
  courseId: id.optional(),
  carrier: z.string().max(100).optional(),
});

export function reportRoutes(context: RouteContext): ApiRoute[] {
  return [reportRoute(context), exportRoute(context), recomputeRoute(context)];
}

function reportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readQualityReport",
    method: "GET",
    path: "/reports/quality",
    tag: TAG,
    summary: "Read the quality of lessons by day, lesson, teacher, course or carrier, in a span of up to a year",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: reportQuery,
    status: 200,
    answer: z.object({ items: z.array(reportRow) }),
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query }) => ({ body: { items: [...(await qualityReport(db, query.by, scopeOf(actor, query)))] } }),
  });
}

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportQualityReport",
    method: "GET",
    path: "/reports/quality/export",
    tag: TAG,
    summary: "Export the quality of lessons as CSV for spreadsheets; no cell is a formula",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: { unlogged: "sums" },
    query: reportQuery,
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query }) => {
      const rows = await qualityReport(db, query.by, scopeOf(actor, query));
      const columns = Object.keys(reportRow.shape).map((name) => ({
        name,
        valueOf: (row: ReportRow) => row[name as keyof ReportRow],
      }));
      return {
        body: writeCsv(columns, rows),
        headers: { "content-disposition": `attachment; filename="quality-by-${query.by}.csv"` },
      };
    },
  });
}

function recomputeRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "recomputeReports",
    method: "POST",
    path: "/reports/recompute",
    tag: TAG,
    summary: "Compute the quality of lessons again, from viewers' sessions that are kept, for lessons of up to 31 days",
    access: requires("lessons:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject(span),
    status: 200,
    answer: z.object({ lessons: z.int() }),
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query }) => {
      const scope = scopeOf(actor, query, MAX_RECOMPUTED_MS);
      return { body: { lessons: await recomputeLessons(db, scope, new Date(systemClock.utc())) } };
    },
  });
}

type RequestedReport = {
  readonly schoolId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly lessonId?: string | undefined;
  readonly teacherId?: string | undefined;
  readonly courseId?: string | undefined;
  readonly carrier?: string | undefined;
};

/** @throws RefusalError bad-request, not-found */
function scopeOf(actor: Actor, asked: RequestedReport, longestMs = MAX_SPAN_MS): ReportScope {
  const { schoolId, from: fromText, to: toText, ...filters } = asked;
  const to = toText === undefined ? systemClock.utc() : Date.parse(toText);
  const from = fromText === undefined ? to - 30 * DAY_MS : Date.parse(fromText);
  if (from >= to || to - from > longestMs) throw new RefusalError("bad-request");
  return { ...filters, schoolId: schoolScope(actor, schoolId), from: new Date(from), to: new Date(to) };
}
