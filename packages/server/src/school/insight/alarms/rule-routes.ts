/** Serves the API routes for the rules of alarms. What they judge is of the whole platform, so they are the operators'. */
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { json } from "../../../platform/store/store.ts";
import { alarmText } from "../../foundation/messages/alarm-refusal-texts.ts";
import { definedFields, toDate } from "../../foundation/requests/fields.ts";
import { requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { changedRule, isGoodSide, newRule, ruleResponse, ruleShape } from "./rule-shapes.ts";

const MAX_RULES = 200;

export function alarmRuleRoutes(context: RouteContext): ApiRoute[] {
  const rules = resource(context, {
    table: "alarm_rules",
    path: "/alarm-rules/:alarmRuleId",
    tag: "Alarms",
    kind: "alarm-rule",
    read: requires("system:read", "operator"),
    write: requires("system:write", "operator"),
    owner: "platform",
    missing: alarmText("no-rule"),
    limit: { max: MAX_RULES, refusal: alarmText("too-many-rules", { max: MAX_RULES }) },
    shape: ruleShape,
    present: () => ruleResponse,
  });
  return [
    rules.list("listAlarmRules", {
      summary: "List the rules of alarms: the server's own, and those of operators",
      rights: ["+-------", null],
    }),
    rules.create("createAlarmRule", {
      summary: "Create a rule: an alarm is raised when what is measured is beyond a threshold for a while",
      rights: ["+-------", null],
      body: newRule,
      row: async (body, { trx }) => {
        await requireChannels(trx, body.channelIds);
        return {
          code: "rule",
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
      },
    }),
    rules.get("getAlarmRule", { summary: "Get a rule of alarms", rights: ["+-------", null] }),
    rules.change("changeAlarmRule", {
      summary: "Change a rule of alarms; open alarms are judged by it from then on",
      rights: ["+-------", null],
      body: changedRule,
      refusals: ["bad-request"],
      columns: async (body, before, { trx }) => {
        await requireChannels(trx, body.channelIds ?? []);
        const { threshold = before.threshold, clearThreshold = before.clear_threshold } = body;
        if (!isGoodSide(before.comparison, threshold, clearThreshold)) throw wrongClearThreshold();
        return definedFields({
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
      },
    }),
    rules.delete("deleteAlarmRule", {
      summary: "Delete a rule that an operator has made; its open alarms end",
      rights: ["+-------", null],
      refusals: ["conflict"],
      check: (_change, { code }) => {
        if (code !== "rule") throw new RefusalError("conflict", alarmText("default-rule-stays"));
      },
    }),
  ];
}

/** @throws RefusalError not-found */
async function requireChannels(db: Db, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  const found = await db.selectFrom("alarm_channels").select("id").where("id", "in", wanted).execute();
  if (found.length < wanted.length) throw new RefusalError("not-found", alarmText("no-channel"));
}

function wrongClearThreshold(): RefusalError {
  const mistake = alarmText("clear-side");
  const message = platformText("field-mistake", { where: platformText("in-body"), field: "clearThreshold", mistake });
  return new RefusalError("bad-request", message, [{ path: "clearThreshold", message: mistake }]);
}
