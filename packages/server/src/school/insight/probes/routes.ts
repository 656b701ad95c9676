/** Serves the API routes for probes, which watch live lessons like viewers on a schedule, and for what they saw. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { PROBE_VERDICTS } from "../../../contracts/monitoring/probe-report.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { noSuchSchool, schoolScope } from "../../foundation/schools/scope.ts";
import type { Probe } from "../../foundation/store/probe-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { changedProbe, newProbe, probeResponse, probeRunResponse, probeRunShape, probeShape } from "./shapes.ts";

const TAG = "Probes";
const READ = requires("system:read", ...ADMINISTRATORS);
const WRITE = requires("system:write", ...ADMINISTRATORS);
/** Of one school, and of the operator. */
const MAX_PROBES = 50;

type Probes = Resource<"probes", typeof probeShape>;

export function probeRoutes(context: RouteContext): ApiRoute[] {
  const probes = resource(context, {
    table: "probes",
    path: "/probes/:probeId",
    tag: TAG,
    kind: "probe",
    read: READ,
    write: WRITE,
    owner: "school-or-platform",
    missing: schoolText("no-probe"),
    limit: { max: MAX_PROBES, refusal: schoolText("too-many-probes", { max: MAX_PROBES }) },
    shape: probeShape,
    present: ({ db }, rows) => presentProbes(db, rows),
  });
  return [
    probes.list("listProbes", {
      summary: "List probes with the verdict of the newest run; operators see their own and those of all schools",
      rights: ["++------", "+0------"],
    }),
    probes.create("createProbe", {
      summary: "Create a probe, which watches one lesson, or all, while they are live",
      rights: ["++------", "+0------"],
      body: newProbe,
      ownerOf: async (db, actor, { lessonId, schoolId }) => {
        const lesson = lessonId === null ? null : await findLesson(db, actor, lessonId, "teach");
        const school = schoolScope(actor, schoolId);
        if (lesson && school !== null && lesson.school_id !== school) throw noSuchSchool();
        return lesson?.school_id ?? school;
      },
      row: ({ lessonId: lesson_id, everySeconds: every_seconds, schoolId: _, ...rest }) => ({ lesson_id, every_seconds, ...rest }),
    }),
    probes.change("changeProbe", {
      summary: "Change a probe",
      rights: ["++------", "+0------"],
      body: changedProbe,
      columns: ({ everySeconds: every_seconds, ...rest }) => definedFields({ every_seconds, ...rest }),
    }),
    probes.delete("deleteProbe", { summary: "Delete a probe with its runs", rights: ["++------", "+0------"] }),
    runProbeRoute(context, probes),
    listRunsRoute(context, probes),
  ];
}

function runProbeRoute({ changes }: RouteContext, probes: Probes): ApiRoute {
  return route({
    id: "runProbe",
    method: "POST",
    path: "/probes/:probeId/run",
    tag: TAG,
    summary: "Watch now, at each node with the role probe; the runs are there within a minute, if a lesson is live",
    access: WRITE,
    rights: ["++------", "+0------"],
    params: idParam("probeId"),
    status: 202,
    answer: probeShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const before = await probes.find(change.trx, actor, params.probeId);
        const after = await updateRow(change, "probes", before, { asked_at: new Date() });
        return { body: (await presentProbes(change.trx, [after]))(after) };
      }),
  });
}

function listRunsRoute({ db }: RouteContext, probes: Probes): ApiRoute {
  return route({
    id: "listProbeRuns",
    method: "GET",
    path: "/probes/:probeId/runs",
    tag: TAG,
    summary: "List what a probe saw in the last 14 days, newest first",
    access: READ,
    rights: ["++------", "+0------"],
    params: idParam("probeId"),
    query: z.strictObject({ ...paging, verdict: z.enum(PROBE_VERDICTS).optional(), lessonId: id.optional() }),
    status: 200,
    answer: pageOf(probeRunShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor, verdict, lessonId } }) => {
      const probe = await probes.find(db, actor, params.probeId);
      let runs = db
        .selectFrom("probe_runs")
        .innerJoin("lessons", "lessons.id", "probe_runs.lesson_id")
        .selectAll("probe_runs")
        .select("lessons.title")
        .where("probe_id", "=", probe.id)
        .orderBy("probe_runs.id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined) runs = runs.where("probe_runs.id", "<", cursor);
      if (verdict !== undefined) runs = runs.where("verdict", "=", verdict);
      if (lessonId !== undefined) runs = runs.where("lesson_id", "=", lessonId);
      return { body: toPage(await runs.execute(), limit, probeRunResponse) };
    },
  });
}

/** With the newest run of each. */
async function presentProbes(db: Db, probes: readonly Probe[]) {
  const ids = probes.map(({ id: probeId }) => probeId);
  const runs =
    ids.length === 0
      ? []
      : await db
          .selectFrom("probe_runs")
          .distinctOn("probe_id")
          .select(["probe_id", "at", "verdict"])
          .where("probe_id", "in", ids)
          .orderBy("probe_id")
          .orderBy("at", "desc")
          .execute();
  const newest = new Map(runs.map((run) => [run.probe_id, run]));
  return (probe: Probe) => probeResponse(probe, newest.get(probe.id));
}
