/** API routes for probes, which watch live lessons like viewers on a schedule, and for what they saw. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { PROBE_VERDICTS } from "../../../contracts/monitoring/probe-report.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { actsFor, noSuchSchool, schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Probe } from "../../foundation/store/probe-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { changedProbe, type NewestRun, newProbe, probeResponse, probeRunResponse, probeRunShape, probeShape } from "./shapes.ts";

const TAG = "Probes";
/** Of one school, and of the operator. */
const MAX_PROBES = 50;

export function probeRoutes(context: RouteContext): ApiRoute[] {
  return [
    listProbesRoute(context),
    createProbeRoute(context),
    changeProbeRoute(context),
    deleteProbeRoute(context),
    runProbeRoute(context),
    listRunsRoute(context),
  ];
}

function listProbesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listProbes",
    method: "GET",
    path: "/probes",
    tag: TAG,
    summary: "List probes with the verdict of the newest run; operators see their own and those of all schools",
    access: requires("system:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(probeShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("probes")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      const probes = await matching.execute();
      const newest = await newestRuns(db, probes);
      return { body: toPage(probes, limit, (probe) => probeResponse(probe, newest.get(probe.id))) };
    },
  });
}

function createProbeRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "createProbe",
    method: "POST",
    path: "/probes",
    tag: TAG,
    summary: "Create a probe, which watches one lesson, or all, while they are live",
    access: requires("system:write", ...ADMINISTRATORS),
    body: newProbe,
    status: 201,
    answer: probeShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ body, ...requester }) =>
      changes.transact(requester, async ({ trx, audit }) => {
        const { actor } = requester;
        const { lessonId, everySeconds, schoolId: _, ...rest } = body;
        const lesson = lessonId === null ? null : await findLesson(trx, actor, lessonId, "teach");
        const scope = schoolScope(actor, body.schoolId);
        if (lesson && scope !== null && lesson.school_id !== scope) throw noSuchSchool();
        const school_id = lesson?.school_id ?? scope;
        await assertQuota(trx, "probes", school_id, MAX_PROBES, schoolText("too-many-probes", { max: MAX_PROBES }));
        const row = { id: newId(), school_id, lesson_id: lessonId, every_seconds: everySeconds, ...rest };
        const probe = await trx.insertInto("probes").values(row).returningAll().executeTakeFirstOrThrow();
        await audit({ action: "probe.create", schoolId: school_id, ...targetOf(probe), after: probe });
        return { body: probeResponse(probe, undefined) };
      }),
  });
}

function changeProbeRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "changeProbe",
    method: "PATCH",
    path: "/probes/:probeId",
    tag: TAG,
    summary: "Change a probe",
    access: requires("system:write", ...ADMINISTRATORS),
    params: idParam("probeId"),
    body: changedProbe,
    status: 200,
    answer: probeShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findProbe(change.trx, actor, params.probeId);
        checkVersion(before, ifMatch);
        const { everySeconds: every_seconds, ...rest } = body;
        const after = await updateRow(change, "probes", before, definedFields({ every_seconds, ...rest }));
        await change.audit({ action: "probe.change", schoolId: before.school_id, ...targetOf(before), before, after });
        return { body: probeResponse(after, (await newestRuns(change.trx, [after])).get(after.id)) };
      }),
  });
}

function deleteProbeRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteProbe",
    method: "DELETE",
    path: "/probes/:probeId",
    tag: TAG,
    summary: "Delete a probe with its runs",
    access: requires("system:write", ...ADMINISTRATORS),
    params: idParam("probeId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findProbe(change.trx, actor, params.probeId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "probes", before);
        await change.audit({ action: "probe.delete", schoolId: before.school_id, ...targetOf(before), before });
        return { body: null };
      }),
  });
}

function runProbeRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "runProbe",
    method: "POST",
    path: "/probes/:probeId/run",
    tag: TAG,
    summary: "Watch now, at each node with the role probe; the runs are there within a minute, if a lesson is live",
    access: requires("system:write", ...ADMINISTRATORS),
    params: idParam("probeId"),
    status: 202,
    answer: probeShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findProbe(change.trx, actor, params.probeId);
        const after = await updateRow(change, "probes", before, { asked_at: new Date() });
        return { body: probeResponse(after, (await newestRuns(change.trx, [after])).get(after.id)) };
      }),
  });
}

function listRunsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listProbeRuns",
    method: "GET",
    path: "/probes/:probeId/runs",
    tag: TAG,
    summary: "List what a probe saw in the last 14 days, newest first",
    access: requires("system:read", ...ADMINISTRATORS),
    params: idParam("probeId"),
    query: z.strictObject({ ...paging, verdict: z.enum(PROBE_VERDICTS).optional(), lessonId: id.optional() }),
    status: 200,
    answer: pageOf(probeRunShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor, verdict, lessonId } }) => {
      const probe = await findProbe(db, actor, params.probeId);
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

/** @throws RefusalError not-found */
async function findProbe(db: Db, actor: Actor, probeId: string): Promise<Probe> {
  const probe = await db.selectFrom("probes").selectAll().where("id", "=", probeId).executeTakeFirst();
  if (!probe || !actsFor(actor, probe.school_id)) throw new RefusalError("not-found", schoolText("no-probe"));
  return probe;
}

async function newestRuns(db: Db, probes: readonly Probe[]): Promise<ReadonlyMap<string, NewestRun>> {
  if (probes.length === 0) return new Map();
  const ids = probes.map(({ id: probeId }) => probeId);
  const runs = await db
    .selectFrom("probe_runs")
    .distinctOn("probe_id")
    .select(["probe_id", "at", "verdict"])
    .where("probe_id", "in", ids)
    .orderBy("probe_id")
    .orderBy("at", "desc")
    .execute();
  return new Map(runs.map((run) => [run.probe_id, run]));
}

function targetOf({ id: targetId }: Probe) {
  return { targetKind: "probe", targetId };
}
