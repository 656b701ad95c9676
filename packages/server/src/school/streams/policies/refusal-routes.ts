/** Serves the API routes for what access rules have refused: counts over time, and single requests with what was wrong. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, instant, time } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import type { RefusedRequestRow } from "../../foundation/store/policy-tables.ts";

const TAG = "Policies";
const HOUR_MS = 3600 * 1000;
/** What is shown without `from`. */
const DEFAULT_SPAN_MS = 24 * HOUR_MS;
/** Of longer times, the counts are by the hour. */
const BY_MINUTE_MS = 3 * HOUR_MS;
const MAX_COUNTS = 5000;

const kind = {
  code: z.string(),
  rule: z.string().nullable().describe("The rule that refused; null where it was none, as for a stream that is not there."),
  source: z.string().nullable().describe("The policy that has the rule, as `school ID`."),
  dryRun: z.boolean().describe("The rule is in dry-run: the client was let in."),
};
const countShape = z.object({ from: time.describe("Beginning of the minute or hour."), ...kind, count: z.int() });
const requestShape = z.object({
  id: z.string(),
  at: time,
  target: z.string().describe("`live/NAME`, `vod/ID`."),
  action: z.string(),
  protocol: z.string(),
  ip: z.string(),
  ...kind,
  about: z.string().nullable().describe("What was wrong: the page, the program, the place."),
});

export function refusalRoutes(context: RouteContext): ApiRoute[] {
  return [countRefusalsRoute(context), listRefusedRoute(context)];
}

function countRefusalsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "countRefusals",
    method: "GET",
    path: "/policies/refusals",
    tag: TAG,
    summary: "Count what was refused, by the minute for up to three hours, else by the hour; of the last 24 hours by default",
    access: requires("policies:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({ schoolId: id.optional(), from: instant.optional(), to: instant.optional() }),
    status: 200,
    answer: z.object({ by: z.enum(["minute", "hour"]), items: z.array(countShape) }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const school = schoolScope(actor, query.schoolId);
      const to = query.to ? Date.parse(query.to) : Date.now();
      const from = query.from ? Date.parse(query.from) : to - DEFAULT_SPAN_MS;
      const by: "minute" | "hour" = to - from <= BY_MINUTE_MS ? "minute" : "hour";
      let matching = db
        .selectFrom("refusal_counts")
        .select(["code", "rule", "source", "dry_run as dryRun"])
        .select(({ ref }) => [
          sql<Date>`date_trunc(${by}, ${ref("minute")}, 'UTC')`.as("from"),
          sql<string>`sum(${ref("count")})`.as("count"),
        ])
        .where("minute", ">=", new Date(from))
        .where("minute", "<", new Date(to))
        .groupBy(["from", "code", "rule", "source", "dryRun"])
        .orderBy("from", "desc")
        .orderBy("count", "desc")
        .limit(MAX_COUNTS);
      if (school !== null) matching = matching.where("school_id", "=", school);
      const rows = await matching.execute();
      return { body: { by, items: rows.map((row) => ({ ...row, count: Number(row.count) })) } };
    },
  });
}

function listRefusedRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listRefusedRequests",
    method: "GET",
    path: "/policies/refused-requests",
    tag: TAG,
    summary: "List requests that were refused in the last seven days, newest first; of many in one second, some",
    access: requires("policies:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: { unlogged: "addresses of strangers" },
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      target: z.string().max(200).optional(),
      rule: z.string().max(50).optional(),
    }),
    status: 200,
    answer: pageOf(requestShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor, schoolId, target, rule } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("refused_requests")
        .selectAll()
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor) matching = matching.where("id", "<", cursor);
      if (school !== null) matching = matching.where("school_id", "=", school);
      if (target) matching = matching.where("target", "=", target);
      if (rule) matching = matching.where("rule", "=", rule);
      return { body: toPage(await matching.execute(), limit, refusedResponse) };
    },
  });
}

function refusedResponse({ school_id: _school, dry_run: dryRun, ...rest }: RefusedRequestRow) {
  return { ...rest, dryRun };
}
