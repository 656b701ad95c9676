/** Serves the API routes for alarms: conditions that need an operator's or administrator's attention. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { alarmText } from "../../foundation/messages/alarm-refusal-texts.ts";
import { flag, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { actsFor, schoolScope } from "../../foundation/schools/scope.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { alarmResponse, alarmRows, alarmShape, alarmWithSeen, alarmWithSeenResponse, severity } from "./shapes.ts";

const TAG = "Alarms";

export function alarmRoutes(context: RouteContext): ApiRoute[] {
  return [listAlarmsRoute(context), getAlarmRoute(context), acknowledgeAlarmRoute(context)];
}

function listAlarmsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listAlarms",
    method: "GET",
    path: "/alarms",
    tag: TAG,
    summary: "List alarms, newest first; administrators see those of their school",
    access: requires("system:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      open: flag.optional().describe("true: only open alarms; false: only cleared ones."),
      severity: severity.optional(),
    }),
    status: 200,
    answer: pageOf(alarmShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const { limit, cursor, open } = query;
      const school = schoolScope(actor, query.schoolId);
      let alarms = alarmRows(db)
        .orderBy("alarms.id", "desc")
        .limit(limit + 1);
      if (cursor) alarms = alarms.where("alarms.id", "<", cursor);
      if (school !== null) alarms = alarms.where("alarms.school_id", "=", school);
      if (query.severity) alarms = alarms.where("alarms.severity", "=", query.severity);
      if (open !== undefined) alarms = alarms.where("cleared_at", open ? "is" : "is not", null);
      return { body: toPage(await alarms.execute(), limit, alarmResponse) };
    },
  });
}

function getAlarmRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getAlarm",
    method: "GET",
    path: "/alarms/:alarmId",
    tag: TAG,
    summary: "Get an alarm, with what was measured around it",
    access: requires("system:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("alarmId"),
    status: 200,
    answer: alarmWithSeen,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: alarmWithSeenResponse(await findAlarm(db, actor, params.alarmId)) }),
  });
}

function acknowledgeAlarmRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "acknowledgeAlarm",
    method: "POST",
    path: "/alarms/:alarmId/acknowledge",
    tag: TAG,
    summary: "Acknowledge an alarm, so that nobody is reminded of it, or take that back",
    access: requires("system:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("alarmId"),
    body: z.strictObject({ acknowledged: z.boolean().default(true) }),
    status: 200,
    answer: alarmShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async ({ trx, audit }) => {
        const before = await findAlarm(trx, actor, params.alarmId);
        const isSame = (before.acknowledged_at !== null) === body.acknowledged;
        if (isSame) return { body: alarmResponse(before) };
        const acknowledged_by = body.acknowledged && actor.kind === "user" ? actor.id : null;
        const columns = { acknowledged_at: body.acknowledged ? new Date() : null, acknowledged_by };
        await trx.updateTable("alarms").set(columns).where("id", "=", before.id).execute();
        const target = { schoolId: before.school_id, targetKind: "alarm", targetId: before.id };
        await audit({ action: "alarm.acknowledge", ...target, after: columns });
        return { body: alarmResponse(await findAlarm(trx, actor, before.id)) };
      }),
  });
}

/** @throws RefusalError not-found */
async function findAlarm(db: Db, actor: Actor, alarmId: string) {
  const alarm = await alarmRows(db).where("alarms.id", "=", alarmId).executeTakeFirst();
  if (!alarm || !actsFor(actor, alarm.school_id)) throw new RefusalError("not-found", alarmText("no-alarm"));
  return alarm;
}
