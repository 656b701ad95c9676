/** Defines what the API takes and returns about rules of alarms. */
import { z } from "zod";
import { alarmText } from "../../foundation/messages/alarm-refusal-texts.ts";
import { id, instant, text, time, version } from "../../foundation/requests/fields.ts";
import { ALARM_CODES } from "../../foundation/store/alarm-codes.ts";
import { type AlarmRule, MEASURED_KINDS } from "../../foundation/store/alarm-tables.ts";
import { severity } from "./shapes.ts";

const MAX_SECONDS = 900;
const metric = z.string().regex(/^[\w-]{1,60}$/, alarmText.key("metric"));
const seconds = z.int().min(0).max(MAX_SECONDS);
const value = z.number().min(-1e12).max(1e12);
const onlyWhile = z
  .strictObject({ metric, least: value })
  .nullable()
  .describe("The rule judges a subject only while this metric of it is at least so large.");

const fields = {
  name: text(100),
  subject: text(200).describe("Subjects that the rule judges; * stands for any text."),
  threshold: value.describe("Shares are 0 to 1."),
  clearThreshold: value.describe("The alarm ends beyond it, on the good side of the threshold."),
  forSeconds: seconds.describe("The alarm begins when every value was beyond the threshold for so long."),
  clearSeconds: seconds.describe("The alarm ends when every value was good for so long."),
  severity,
  channelIds: z.array(id).max(20).describe("Channels that are told; none: all."),
  silentUntil: instant.nullable().describe("Until then alarms of the rule are listed, and nobody is told."),
  enabled: z.boolean(),
};

export const ruleShape = z
  .object({
    ...fields,
    id,
    code: z.enum(ALARM_CODES).describe("The server's own rules have one each; `rule`: an operator has made it."),
    name: z.string(),
    kind: z.enum(MEASURED_KINDS),
    metric: z.string().describe("As GET /api/v1/series names it."),
    subject: z.string(),
    comparison: z.enum(["above", "below"]),
    onlyWhile,
    silentUntil: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "AlarmRule" });

export const newRule = z
  .strictObject({
    ...fields,
    kind: z.enum(MEASURED_KINDS),
    metric,
    comparison: z.enum(["above", "below"]).default("above"),
    subject: fields.subject.default("*"),
    clearThreshold: fields.clearThreshold.optional().describe("Default: the threshold."),
    forSeconds: seconds.default(60),
    clearSeconds: seconds.default(60),
    onlyWhile: onlyWhile.default(null),
    severity: severity.default("warning"),
    channelIds: fields.channelIds.default([]),
    silentUntil: fields.silentUntil.default(null),
    enabled: z.boolean().default(true),
  })
  .refine(({ comparison, threshold, clearThreshold = threshold }) => isGoodSide(comparison, threshold, clearThreshold), {
    path: ["clearThreshold"],
    error: alarmText.key("clear-side"),
  });

export const changedRule = z.strictObject(fields).partial();

export function isGoodSide(comparison: "above" | "below", threshold: number, clearThreshold: number): boolean {
  return comparison === "above" ? clearThreshold <= threshold : clearThreshold >= threshold;
}

export function ruleResponse(rule: AlarmRule) {
  const { guard_metric, guard_least } = rule;
  return {
    id: rule.id,
    code: rule.code,
    name: rule.name,
    kind: rule.kind,
    metric: rule.metric,
    subject: rule.subject,
    comparison: rule.comparison,
    threshold: rule.threshold,
    clearThreshold: rule.clear_threshold,
    forSeconds: rule.for_seconds,
    clearSeconds: rule.clear_seconds,
    onlyWhile: guard_metric === null || guard_least === null ? null : { metric: guard_metric, least: guard_least },
    severity: rule.severity,
    channelIds: [...rule.channels],
    silentUntil: rule.silent_until,
    enabled: rule.enabled,
    createdAt: rule.created_at,
    version: rule.version,
  };
}
