/** Serves the API routes of what was measured over time: of nodes, links, streams, components, lessons and the platform. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { instant, time } from "../../foundation/requests/fields.ts";
import { pageOf } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { MEASURED_KINDS, type MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { KEEP_MS, type Series } from "./metrics-history.ts";
import { type HistoryAnswer, readHistory } from "./read-history.ts";

export type HistoryContext = RouteContext & { readonly series: Series };

const TAG = "Monitoring";
const MAX_SUBJECT = 400;
const MAX_METRICS = 64;
/** As long as hours are kept. */
const MAX_SPAN_MS = 731 * 86_400_000;

const seriesShape = z
  .object({
    stepSeconds: z.int().describe("Seconds between two values."),
    from: time.describe("The time of the first value."),
    series: z.array(
      z.object({
        metric: z.string(),
        unit: z.string().describe("`share` is 0 to 1; empty: a number."),
        values: z.array(z.number().nullable()).describe("Null: nothing was measured."),
      }),
    ),
  })
  .meta({ id: "Series" });

export function metricsHistoryRoutes(context: HistoryContext): ApiRoute[] {
  return [readRoute(context), subjectsRoute(context)];
}

function readRoute({ db, series }: HistoryContext): ApiRoute {
  return route({
    id: "readHistory",
    method: "GET",
    path: "/series",
    tag: TAG,
    summary: "Read what was measured over time: of anything for operators, of streams and lessons for their staff",
    access: requires("streams:read", ...STAFF),
    // Of a lesson; what belongs to no lesson is the operators'.
    rights: ["+++0+---", "+0000---"],
    query: z.strictObject({
      kind: z.enum(MEASURED_KINDS),
      subject: z
        .string()
        .max(MAX_SUBJECT)
        .default("")
        .describe("A node's id, FROM>TO, NODE<FROM STREAM, APP/NAME, NODE COMPONENT, a lesson's id; empty for the platform."),
      metric: z.string().max(2000).optional().describe("Metrics, with commas between them; default: all of the subject."),
      from: instant.optional().describe("Default: two hours before `to`. The span decides the step."),
      to: instant.optional().describe("Default: now."),
    }),
    status: 200,
    answer: seriesShape,
    refusals: ["not-found", "refused-by-rule", "bad-request", "database-away"],
    handle: async ({ actor, query }): Promise<{ body: HistoryAnswer }> => {
      const { kind, subject, metric } = query;
      await admit(db, actor, kind, subject);
      const now = Date.now();
      const to = query.to === undefined ? now : Date.parse(query.to);
      const from = query.from === undefined ? to - KEEP_MS : Date.parse(query.from);
      if (from >= to || to - from > MAX_SPAN_MS) throw new RefusalError("bad-request");
      const metrics = metric === undefined ? null : [...new Set(metric.split(","))].slice(0, MAX_METRICS);
      return { body: await readHistory(db, series, { kind, subject, metrics, from, to }, now) };
    },
  });
}

function subjectsRoute({ db, series }: HistoryContext): ApiRoute {
  return route({
    id: "listSeriesSubjects",
    method: "GET",
    path: "/series/subjects",
    tag: TAG,
    summary:
      "List what was measured within the last two hours: everything for operators, the school's streams and lessons for administrators",
    access: requires("streams:read", ...ADMINISTRATORS),
    rights: ["++------", null],
    query: z.strictObject({
      kind: z.enum(MEASURED_KINDS),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      cursor: z.string().max(MAX_SUBJECT).default(""),
    }),
    status: 200,
    answer: pageOf(z.object({ subject: z.string(), metrics: z.array(z.string()) })),
    refusals: ["refused-by-rule", "database-away"],
    handle: async ({ actor, query: { kind, limit, cursor } }) => {
      const all = series
        .subjects(kind)
        .filter((subject) => subject > cursor || cursor === "")
        .sort();
      const seen = actor.role === "operator" ? all : await ofSchool(db, actor, kind, all);
      const page = seen.slice(0, limit);
      const nextCursor = seen.length > limit ? (page.at(-1) ?? null) : null;
      return {
        body: { items: page.map((subject) => ({ subject, metrics: [...series.metrics(kind, subject)].sort() })), nextCursor },
      };
    },
  });
}

/** @throws RefusalError refused-by-rule, not-found */
async function admit(db: Db, actor: Actor, kind: MeasuredKind, subject: string): Promise<void> {
  if (actor.role === "operator") return;
  if (kind !== "lesson" && kind !== "stream") throw new RefusalError("refused-by-rule");
  const id = kind === "lesson" ? subject : await lessonOf(db, subject);
  if (id === null) throw new RefusalError("not-found");
  await findLesson(db, actor, id, "assist");
}

async function lessonOf(db: Db, stream: string): Promise<string | null> {
  const [app = "", name = ""] = stream.split("/");
  const lesson = await db
    .selectFrom("lessons")
    .select("id")
    .where("stream_app", "=", app)
    .where("stream_name", "=", name)
    .executeTakeFirst();
  return lesson?.id ?? null;
}

/** @throws RefusalError refused-by-rule for what belongs to no school */
async function ofSchool(db: Db, actor: Actor, kind: MeasuredKind, subjects: readonly string[]): Promise<readonly string[]> {
  if (kind !== "lesson" && kind !== "stream") throw new RefusalError("refused-by-rule");
  if (subjects.length === 0) return [];
  const named = kind === "lesson" ? subjects : subjects.map((subject) => subject.split("/")[1] ?? "");
  const lessons = await db
    .selectFrom("lessons")
    .select(["id", "stream_app", "stream_name"])
    .where("school_id", "=", actor.schoolId ?? "")
    .where(kind === "lesson" ? "id" : "stream_name", "in", named)
    .execute();
  const own = new Set(lessons.map(({ id, stream_app, stream_name }) => (kind === "lesson" ? id : `${stream_app}/${stream_name}`)));
  return subjects.filter((subject) => own.has(subject));
}
