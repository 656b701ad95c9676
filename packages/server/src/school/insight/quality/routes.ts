/** Serves the API routes of lesson quality: how a lesson reached its viewers, the school's rule of compensation, and make-up lessons. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { ALL_TIME } from "../../foundation/requests/all-time.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { MAKE_UP_STATES, type QualityRule } from "../../foundation/store/quality-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { qualityReport } from "./quality-report.ts";
import { figuresShape, reportRow } from "./report-shapes.ts";
import { DEFAULT_RULE } from "./roll-up.ts";

const TAG = "Lesson quality";
const MAX_EXPORTED = 50_000;
const schoolQuery = { schoolId: id.optional() };

const ruleShape = z
  .strictObject({
    enabled: z.boolean().describe("Whether make-up lessons are proposed."),
    stallSeconds: z.int().min(10).max(7200).describe("A viewer whose picture stood still for longer, in all, is affected."),
    viewerShare: z
      .number()
      .min(0)
      .max(1)
      .describe("A make-up lesson is proposed when this share of viewers is affected, and at least one."),
  })
  .meta({ id: "QualityRule" });

const makeUpShape = z
  .object({
    lessonId: id,
    title: z.string(),
    teacher: z.string().nullable(),
    startedAt: time.nullable(),
    state: z.enum(MAKE_UP_STATES),
    viewers: z.int(),
    affected: z.int(),
    stallMs: z.int().describe("Of all viewers."),
    proposedAt: time,
    decidedAt: time.nullable(),
    decidedBy: z.string().nullable().describe("Name of the person."),
  })
  .meta({ id: "MakeUp" });

export function qualityRoutes(context: RouteContext): ApiRoute[] {
  return [
    lessonQualityRoute(context),
    getRuleRoute(context),
    putRuleRoute(context),
    listMakeUpsRoute(context),
    exportMakeUpsRoute(context),
    decideRoute(context),
  ];
}

function lessonQualityRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "readLessonQuality",
    method: "GET",
    path: "/lessons/:lessonId/quality",
    tag: TAG,
    summary: "Read how a lesson reached its students and guests, from three minutes after its end; also by carrier",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: z
      .object({
        computedAt: time.nullable().describe("Null: the lesson has not been computed yet."),
        total: figuresShape.nullable().describe("Null: nobody watched."),
        carriers: z.array(reportRow),
        makeUp: z.enum(MAKE_UP_STATES).nullable(),
      })
      .meta({ id: "LessonQuality" }),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const scope = { schoolId: lesson.school_id, lessonId: lesson.id, ...ALL_TIME };
      const rolledUp = await db
        .selectFrom("lesson_rollups")
        .leftJoin("make_ups", "make_ups.lesson_id", "lesson_rollups.lesson_id")
        .select(["computed_at", "state"])
        .where("lesson_rollups.lesson_id", "=", lesson.id)
        .executeTakeFirst();
      const [total] = await qualityReport(db, "lesson", scope);
      const carriers = [...(await qualityReport(db, "carrier", scope))];
      return {
        body: { computedAt: rolledUp?.computed_at ?? null, total: total ?? null, carriers, makeUp: rolledUp?.state ?? null },
      };
    },
  });
}

function getRuleRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getQualityRule",
    method: "GET",
    path: "/quality-rule",
    tag: TAG,
    summary: "Read the school's rule for make-up lessons",
    access: requires("schools:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject(schoolQuery),
    status: 200,
    answer: ruleShape,
    refusals: ["not-found", "bad-request", "database-away"],
    handle: async ({ actor, query }) => {
      const school = await targetSchool(db, actor, query.schoolId);
      return { body: ruleResponse(await ruleOf(db, school.id)) };
    },
  });
}

function putRuleRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "putQualityRule",
    method: "PUT",
    path: "/quality-rule",
    tag: TAG,
    summary: "Set the school's rule for make-up lessons; it holds for lessons computed from now on",
    access: requires("schools:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject(schoolQuery),
    body: ruleShape,
    status: 200,
    answer: ruleShape,
    refusals: ["not-found", "bad-request", "database-away"],
    handle: ({ actor, query, body }) =>
      changes.transact({ actor }, async ({ trx, audit }) => {
        const { id: school_id } = await targetSchool(trx, actor, query.schoolId);
        const columns = { enabled: body.enabled, stall_seconds: body.stallSeconds, viewer_share: body.viewerShare };
        const before = await ruleOf(trx, school_id);
        await trx
          .insertInto("quality_rules")
          .values({ school_id, ...columns })
          .onConflict((conflict) => conflict.column("school_id").doUpdateSet(columns))
          .execute();
        const target = { schoolId: school_id, targetKind: "school", targetId: school_id };
        await audit({ action: "quality-rule.change", ...target, before, after: columns });
        return { body };
      }),
  });
}

const makeUpQuery = { ...schoolQuery, state: z.enum(MAKE_UP_STATES).optional() };

function listMakeUpsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listMakeUps",
    method: "GET",
    path: "/make-ups",
    tag: TAG,
    summary: "List the make-up lessons that the school's rule proposes, with what was decided",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({ ...paging, ...makeUpQuery }),
    status: 200,
    answer: pageOf(makeUpShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor, schoolId, state } }) => {
      let rows = makeUps(db, schoolScope(actor, schoolId), state).limit(limit + 1);
      if (cursor !== undefined) rows = rows.where("lessons.id", "<", cursor);
      return { body: toPage(await rows.execute(), limit, makeUpResponse) };
    },
  });
}

function exportMakeUpsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportMakeUps",
    method: "GET",
    path: "/make-ups/export",
    tag: TAG,
    summary: "Export make-up lessons as CSV for spreadsheets",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: { unlogged: "lessons and their teachers" },
    query: z.strictObject(makeUpQuery),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const rows = await makeUps(db, schoolScope(actor, query.schoolId), query.state).limit(MAX_EXPORTED).execute();
      const columns = Object.keys(makeUpShape.shape).map((name) => ({
        name,
        valueOf: (row: MakeUpResponse) => row[name as keyof MakeUpResponse],
      }));
      const headers = { "content-disposition": 'attachment; filename="make-ups.csv"' };
      return { body: writeCsv(columns, rows.map(makeUpResponse)), headers };
    },
  });
}

function decideRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "decideMakeUp",
    method: "PUT",
    path: "/make-ups/:lessonId",
    tag: TAG,
    summary: "Approve or decline a proposed make-up lesson; the decision can be changed, and taken back",
    access: requires("lessons:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("lessonId"),
    body: z.strictObject({ state: z.enum(MAKE_UP_STATES).describe("`proposed`: nothing is decided yet.") }),
    status: 200,
    answer: makeUpShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params: { lessonId }, body }) =>
      changes.transact({ actor }, async ({ trx, audit }) => {
        const lesson = await findLesson(trx, actor, lessonId, "teach");
        const before = await trx
          .selectFrom("make_ups")
          .selectAll()
          .where("lesson_id", "=", lessonId)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw new RefusalError("not-found");
        const isDecided = body.state !== "proposed";
        const decided_by = isDecided && actor.kind === "user" ? actor.id : null;
        const columns = { state: body.state, decided_at: isDecided ? new Date(systemClock.utc()) : null, decided_by };
        await trx.updateTable("make_ups").set(columns).where("lesson_id", "=", lessonId).execute();
        const target = { schoolId: lesson.school_id, targetKind: "lesson", targetId: lessonId };
        await audit({ action: "make-up.decide", ...target, before, after: columns });
        const row = await makeUps(trx, lesson.school_id).where("lessons.id", "=", lessonId).executeTakeFirstOrThrow();
        return { body: makeUpResponse(row) };
      }),
  });
}

async function ruleOf(db: Db, schoolId: string): Promise<Omit<QualityRule, "school_id">> {
  const rule = await db
    .selectFrom("quality_rules")
    .select(["enabled", "stall_seconds", "viewer_share"])
    .where("school_id", "=", schoolId)
    .executeTakeFirst();
  return rule ?? DEFAULT_RULE;
}

function ruleResponse({ enabled, stall_seconds: stallSeconds, viewer_share: viewerShare }: Omit<QualityRule, "school_id">) {
  return { enabled, stallSeconds, viewerShare };
}

/** The newest lessons first. */
function makeUps(db: Db, schoolId: string | null, state?: (typeof MAKE_UP_STATES)[number]) {
  let rows = db
    .selectFrom("make_ups")
    .innerJoin("lessons", "lessons.id", "make_ups.lesson_id")
    .leftJoin("users as teachers", "teachers.id", "lessons.teacher_id")
    .leftJoin("users as deciders", "deciders.id", "make_ups.decided_by")
    .select(["lessons.id", "lessons.title", "lessons.started_at", "teachers.name as teacher", "deciders.name as decider"])
    .select(["make_ups.state", "make_ups.viewers", "make_ups.affected", "make_ups.stall_ms", "proposed_at", "decided_at"])
    .where("lessons.deleted_at", "is", null)
    .orderBy("lessons.id", "desc");
  if (schoolId !== null) rows = rows.where("make_ups.school_id", "=", schoolId);
  if (state !== undefined) rows = rows.where("make_ups.state", "=", state);
  return rows;
}

type MakeUpRow = Awaited<ReturnType<ReturnType<typeof makeUps>["executeTakeFirstOrThrow"]>>;
type MakeUpResponse = ReturnType<typeof makeUpResponse>;

function makeUpResponse(row: MakeUpRow) {
  const { id: lessonId, title, teacher, state, viewers, affected, stall_ms: stallMs } = row;
  const times = { startedAt: row.started_at, proposedAt: row.proposed_at, decidedAt: row.decided_at };
  return { lessonId, title, teacher, state, viewers, affected, stallMs, ...times, decidedBy: row.decider };
}
