/** Serves the API route that lists sessions of players: of a lesson or a school, filtered by what divides viewers, the newest or the worst first. */
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { id } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { readCode } from "../../lessons/join-code.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { DIMENSIONS } from "./experience.ts";
import { sessions } from "./sessions.ts";
import { viewResponse, viewShape } from "./shapes.ts";

const SORTS = ["newest", "stalled"] as const;
const MAX_NAME = 260;
const dimension = z.string().max(MAX_NAME).optional();

const listQuery = z.strictObject({
  ...paging,
  lessonId: id.optional(),
  schoolId: id.optional(),
  participantId: id.optional(),
  complaint: z.string().max(20).optional().describe("The number of a viewer's report of a problem."),
  complained: z.enum(["true"]).optional().describe("Only sessions whose viewer reported a problem."),
  sort: z.enum(SORTS).default("newest").describe("stalled, of a lesson only: whose picture stood still for longest first."),
  node: dimension.describe("Each of these five: empty for sessions of which it is not known."),
  carrier: dimension,
  region: dimension,
  engine: dimension,
  device: dimension,
});
type ListQuery = z.output<typeof listQuery>;

export function listViewsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listViews",
    method: "GET",
    path: "/views",
    tag: "Viewer experience",
    summary:
      "List sessions of players, the newest or the worst first: of a lesson for its staff, of the school for administrators, or by a report's number",
    access: requires("lessons:read", ...STAFF),
    rights: ["++------", "+0------"],
    reads: "viewing",
    query: listQuery,
    status: 200,
    answer: pageOf(viewShape),
    refusals: ["not-found", "refused-by-rule", "bad-request"],
    handle: async ({ actor, query }) => {
      const { limit, cursor, sort } = query;
      // Those of a lesson are few enough to be put in another order.
      if (sort === "stalled" && query.lessonId === undefined) throw new RefusalError("bad-request");
      const [first, isAfter] = order(sort);
      let rows = (await matching(db, actor, query))
        .orderBy(first, "desc")
        .orderBy("view_sessions.id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined) rows = rows.where(isAfter(parseCursor(cursor)));
      const found = await rows.execute();
      const last = found.length > limit ? found[limit - 1] : undefined;
      const key = last && (sort === "newest" ? last.started_at.getTime() : last.stall_ms);
      return { body: { items: found.slice(0, limit).map(viewResponse), nextCursor: last ? `${key}.${last.id}` : null } };
    },
  });
}

/** @throws RefusalError not-found, refused-by-rule */
async function matching(db: Db, actor: Actor, query: ListQuery) {
  const { lessonId, participantId, complaint, complained } = query;
  if (lessonId !== undefined) await findLesson(db, actor, lessonId, "assist");
  else if (!ADMINISTRATORS.some((role) => role === actor.role)) throw new RefusalError("refused-by-rule");
  let rows = sessions(db);
  const school = lessonId === undefined ? schoolScope(actor, query.schoolId) : null;
  if (school !== null) rows = rows.where("view_sessions.school_id", "=", school);
  if (lessonId !== undefined) rows = rows.where("view_sessions.lesson_id", "=", lessonId);
  if (participantId !== undefined) rows = rows.where("participant_id", "=", participantId);
  if (complained) rows = rows.where("complaint", "is not", null);
  if (complaint !== undefined) {
    const reported = db
      .selectFrom("view_complaints")
      .select("view_id")
      .where("number", "=", readCode(complaint) ?? "");
    rows = rows.where("view_sessions.id", "in", reported);
  }
  for (const name of DIMENSIONS) {
    const value = query[name];
    if (value !== undefined) rows = rows.where(`view_sessions.${name}`, "=", value);
  }
  return rows;
}

type Cursor = { readonly key: number; readonly id: string };

function order(sort: (typeof SORTS)[number]) {
  return sort === "newest"
    ? ([
        "view_sessions.started_at",
        ({ key, id: sid }: Cursor) => sql<boolean>`(view_sessions.started_at, view_sessions.id) < (${new Date(key)}, ${sid})`,
      ] as const)
    : ([
        "view_sessions.stall_ms",
        ({ key, id: sid }: Cursor) => sql<boolean>`(view_sessions.stall_ms, view_sessions.id) < (${key}::bigint, ${sid})`,
      ] as const);
}

function parseCursor(cursor: string): Cursor {
  const [, key = "", sid = ""] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (key === "") throw new RefusalError("bad-request");
  return { key: Number(key), id: sid };
}
