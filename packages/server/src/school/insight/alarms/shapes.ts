/** Defines what the API returns about alarms. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { ALARM_CODES, SEVERITIES } from "../../foundation/store/alarm-codes.ts";
import { type Alarm, MEASURED_KINDS } from "../../foundation/store/alarm-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

export const severity = z.enum(SEVERITIES);

export const alarmShape = z
  .object({
    id,
    schoolId: id.nullable(),
    code: z.enum(ALARM_CODES).describe("What is wrong; `rule`: what `ruleName` says."),
    severity,
    subject: z
      .string()
      .describe(
        "A stream as APP/NAME, a node, a link as FROM>TO, a lesson's or a school's id; empty: the platform; *: more subjects of the rule.",
      ),
    detail: z.string(),
    ruleId: id.nullable().describe("Null: the server noticed it without a rule, or the rule is deleted."),
    ruleName: z.string().nullable(),
    lessonId: id.nullable(),
    lessonTitle: z.string().nullable(),
    raisedAt: time,
    clearedAt: time.nullable().describe("Null while the alarm is open."),
    acknowledgedAt: time.nullable().describe("Since then nobody is reminded of it."),
    acknowledgedBy: z.string().nullable().describe("Name of the person."),
  })
  .meta({ id: "Alarm" });

const seenShape = z.object({
  kind: z.enum(MEASURED_KINDS),
  subject: z.string(),
  metric: z.string(),
  threshold: z.number().nullable(),
  values: z.array(z.tuple([time, z.number()])).describe("From ten minutes before the alarm to its end."),
  others: z.record(z.string(), z.number()).describe("Other metrics of the subject when the alarm was raised."),
});

export const alarmWithSeen = alarmShape
  .extend({ seen: seenShape.nullable().describe("What was measured around the alarm; null: nothing.") })
  .meta({ id: "AlarmWithSeen" });

type AlarmRow = Alarm & {
  readonly rule_name: string | null;
  readonly lesson_title: string | null;
  readonly acknowledger: string | null;
};

/** Alarms with the names of what they refer to. */
export function alarmRows(db: Db) {
  return db
    .selectFrom("alarms")
    .leftJoin("alarm_rules", "alarm_rules.id", "alarms.rule_id")
    .leftJoin("lessons", "lessons.id", "alarms.lesson_id")
    .leftJoin("users", "users.id", "alarms.acknowledged_by")
    .selectAll("alarms")
    .select(["alarm_rules.name as rule_name", "lessons.title as lesson_title", "users.name as acknowledger"]);
}

export function alarmResponse(alarm: AlarmRow) {
  return {
    id: alarm.id,
    schoolId: alarm.school_id,
    code: alarm.code,
    severity: alarm.severity,
    subject: alarm.subject,
    detail: alarm.detail,
    ruleId: alarm.rule_id,
    ruleName: alarm.rule_name,
    lessonId: alarm.lesson_id,
    lessonTitle: alarm.lesson_title,
    raisedAt: alarm.raised_at,
    clearedAt: alarm.cleared_at,
    acknowledgedAt: alarm.acknowledged_at,
    acknowledgedBy: alarm.acknowledger,
  };
}

export function alarmWithSeenResponse(alarm: AlarmRow) {
  const { seen } = alarm;
  const values = seen?.values.map(([at, value]): [Date, number] => [new Date(at), value]) ?? [];
  return { ...alarmResponse(alarm), seen: seen && { ...seen, values, others: { ...seen.others } } };
}
