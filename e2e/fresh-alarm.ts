/** Writes an alarm and a channel of a school, and a rule, for tests of what each role may do. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type AlarmIds = { readonly alarmId: string; readonly alarmChannelId: string; readonly alarmRuleId: string };

/** @param secret is in the channel's address */
export async function freshAlarm(db: Database, school_id: string, id: AlarmIds, secret: string): Promise<void> {
  // There may be only so many of them.
  await db.deleteFrom("alarm_rules").where("name", "=", school_id).execute();
  await db.deleteFrom("alarm_channels").where("school_id", "=", school_id).execute();
  await db
    .insertInto("alarm_rules")
    .values({
      id: id.alarmRuleId,
      code: "rule",
      name: school_id,
      kind: "node",
      metric: "cpu",
      subject: "*",
      comparison: "above",
      threshold: 99,
      clear_threshold: 99,
      for_seconds: 0,
      clear_seconds: 0,
      guard_metric: null,
      guard_least: null,
      severity: "info",
      channels: json<readonly string[]>([]),
      enabled: true,
    })
    .execute();
  // Of a source that reports nothing, so it stays open.
  const alarm = { id: id.alarmId, school_id, source: "node test", subject: id.alarmId, detail: "", lesson_id: null, rule_id: null };
  await db
    .insertInto("alarms")
    .values({ ...alarm, code: "source-away", severity: "warning", seen: json(null) })
    .execute();
  const channel = { id: id.alarmChannelId, school_id, kind: "slack" as const, name: "C", language: "en" as const };
  await db
    .insertInto("alarm_channels")
    .values({
      ...channel,
      secret_target: `http://127.0.0.1:9/${secret}`,
      secret: "",
      severity: "critical",
      enabled: false,
    })
    .execute();
}
