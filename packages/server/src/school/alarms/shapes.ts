/** What the API returns about alarms. */
import { z } from "zod";
import { id, time } from "../requests/fields.ts";
import { ALARM_CODES } from "../store/alarm-codes.ts";
import type { Alarm } from "../store/tables.ts";

export const alarmShape = z
  .object({
    id,
    schoolId: id.nullable(),
    code: z.enum(ALARM_CODES),
    subject: z.string().describe("A stream as APP/NAME, or a school's id; empty for the platform."),
    detail: z.string(),
    raisedAt: time,
    clearedAt: time.nullable().describe("Null while the alarm is open."),
  })
  .meta({ id: "Alarm" });

export function alarmResponse(alarm: Alarm) {
  return {
    id: alarm.id,
    schoolId: alarm.school_id,
    code: alarm.code,
    subject: alarm.subject,
    detail: alarm.detail,
    raisedAt: alarm.raised_at,
    clearedAt: alarm.cleared_at,
  };
}
