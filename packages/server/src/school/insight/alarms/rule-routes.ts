/** API routes for the rules of alarms. What they judge is of the whole platform, so they are the operators'. */
import { z } from "zod";
import type { Access } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { json } from "../../../platform/store/store.ts";
import { alarmText } from "../../foundation/messages/alarm-refusal-texts.ts";
import { definedFields, idParam, toDate } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { AlarmRule } from "../../foundation/store/alarm-tables.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { changedRule, isGoodSide, newRule, ruleResponse, ruleShape } from "./rule-shapes.ts";

const TAG = "Alarms";
const MAX_RULES = 200;
const READ: Access = requires("system:read", "operator");
const WRITE: Access = requires("system:write", "operator");
const params = idParam("alarmRuleId");

export function alarmRuleRoutes(context: RouteContext): ApiRoute[] {
  return [
    listRulesRoute(context),
    createRuleRoute(context),
    getRuleRoute(context),
    changeRuleRoute(context),
    deleteRuleRoute(context),
  ];
}

function listRulesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listAlarmRules",
    method: "GET",
    path: "/alarm-rules",
    tag: TAG,
    summary: "List the rules of alarms: the server's own, and those of operators",
    access: READ,
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(ruleShape),
    refusals: ["database-away"],
    handle: async ({ query: { limit, cursor = "" } }) => {
      const rules = db
        .selectFrom("alarm_rules")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      return { body: toPage(await rules.execute(), limit, ruleResponse) };
    },
  });
}

function createRuleRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "createAlarmRule",
    method: "POST",
    path: "/alarm-rules",
    tag: TAG,
    summary: "Create a rule: an alarm is raised when what is measured is beyond a threshold for a while",
    access: WRITE,
    body: newRule,
    status: 201,
    answer: ruleShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ body, ...requester }) =>
      changes.transact(requester, async (change) => {
        await assertQuota(change.trx);
        await requireChannels(change.trx, body.channelIds);
        const row = {
          id: newId(),
          code: "rule" as const,
          name: body.name,
          kind: body.kind,
          metric: body.metric,
          subject: body.subject,
          comparison: body.comparison,
          threshold: body.threshold,
          clear_threshold: body.clearThreshold ?? body.threshold,
          for_seconds: body.forSeconds,
          clear_seconds: body.clearSeconds,
          severity: body.severity,
          enabled: body.enabled,
          guard_metric: body.onlyWhile?.metric ?? null,
          guard_least: body.onlyWhile?.least ?? null,
          channels: json<readonly string[]>(body.channelIds),
          silent_until: toDate(body.silentUntil),
        };
        const rule = await change.trx.insertInto("alarm_rules").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "alarm-rule.create", ...auditTarget(rule), after: rule });
        return { body: ruleResponse(rule) };
      }),
  });
}

function getRuleRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getAlarmRule",
    method: "GET",
    path: "/alarm-rules/:alarmRuleId",
    tag: TAG,
    summary: "Get a rule of alarms",
    access: READ,
    params,
    status: 200,
    answer: ruleShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ params: { alarmRuleId } }) => ({ body: ruleResponse(await findRule(db, alarmRuleId)) }),
  });
}

function changeRuleRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "changeAlarmRule",
    method: "PATCH",
    path: "/alarm-rules/:alarmRuleId",
    tag: TAG,
    summary: "Change a rule of alarms; open alarms are judged by it from then on",
    access: WRITE,
    params,
    body: changedRule,
    status: 200,
    answer: ruleShape,
    changes: true,
    refusals: ["not-found", "bad-request", "precondition-failed", "database-away"],
    handle: ({ actor, params: { alarmRuleId }, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findRule(change.trx, alarmRuleId);
        checkVersion(before, ifMatch);
        await requireChannels(change.trx, body.channelIds ?? []);
        const [threshold, clear] = [body.threshold ?? before.threshold, body.clearThreshold ?? before.clear_threshold];
        if (!isGoodSide(before.comparison, threshold, clear)) throw wrongClearThreshold();
        const columns = definedFields({
          name: body.name,
          subject: body.subject,
          threshold: body.threshold,
          clear_threshold: body.clearThreshold,
          for_seconds: body.forSeconds,
          clear_seconds: body.clearSeconds,
          severity: body.severity,
          enabled: body.enabled,
          channels: body.channelIds && json<readonly string[]>(body.channelIds),
          silent_until: body.silentUntil === undefined ? undefined : toDate(body.silentUntil),
        });
        const after = await updateRow(change, "alarm_rules", before, columns);
        await change.audit({ action: "alarm-rule.change", ...auditTarget(before), before, after });
        return { body: ruleResponse(after) };
      }),
  });
}

function deleteRuleRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteAlarmRule",
    method: "DELETE",
    path: "/alarm-rules/:alarmRuleId",
    tag: TAG,
    summary: "Delete a rule that an operator has made; its open alarms end",
    access: WRITE,
    params,
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params: { alarmRuleId }, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findRule(change.trx, alarmRuleId);
        checkVersion(before, ifMatch);
        if (before.code !== "rule") throw new RefusalError("conflict", alarmText("default-rule-stays"));
        await deleteRow(change, "alarm_rules", before);
        await change.audit({ action: "alarm-rule.delete", ...auditTarget(before), before });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findRule(db: Db, ruleId: string): Promise<AlarmRule> {
  const rule = await db.selectFrom("alarm_rules").selectAll().where("id", "=", ruleId).executeTakeFirst();
  if (!rule) throw new RefusalError("not-found", alarmText("no-rule"));
  return rule;
}

/** @throws RefusalError not-found */
async function requireChannels(db: Db, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  const found = await db.selectFrom("alarm_channels").select("id").where("id", "in", wanted).execute();
  if (found.length < wanted.length) throw new RefusalError("not-found", alarmText("no-channel"));
}

/** @throws RefusalError conflict, where there are as many rules as there may be */
async function assertQuota(db: Db): Promise<void> {
  const { count } = await db
    .selectFrom("alarm_rules")
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  if (Number(count) >= MAX_RULES) throw new RefusalError("conflict", alarmText("too-many-rules", { max: MAX_RULES }));
}

function wrongClearThreshold(): RefusalError {
  const mistake = alarmText("clear-side");
  const message = platformText("field-mistake", { where: platformText("in-body"), field: "clearThreshold", mistake });
  return new RefusalError("bad-request", message, [{ path: "clearThreshold", message: mistake }]);
}

function auditTarget({ id: targetId }: AlarmRule) {
  return { schoolId: null, targetKind: "alarm-rule", targetId };
}
