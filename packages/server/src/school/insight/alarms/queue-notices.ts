/** Writes what channels are to be told of an alarm, with the change that raises or clears it. */
import { newId } from "../../../platform/id.ts";
import { SEVERITIES, type Severity } from "../../foundation/store/alarm-codes.ts";
import type { Alarm } from "../../foundation/store/alarm-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** The kind of background work that tells channels (`channels/alarm-notices.ts`). */
export const ALARM_NOTICES = "alarm-notices";
/** Of one channel; what is beyond is in the console only. */
const MAX_WAITING = 1000;

type NotifiedAlarm = Pick<Alarm, "id" | "school_id" | "severity">;

/**
 * Queues the beginning of an alarm for the channels of the platform, and of its school.
 * @param only ids of the channels that are told; none: all @param at milliseconds since 1970
 */
export async function queueNotices(trx: Db, alarm: NotifiedAlarm, only: readonly string[], at: number): Promise<void> {
  let channels = trx
    .selectFrom("alarm_channels")
    .select("id")
    .where("enabled", "=", true)
    .where("severity", "in", upTo(alarm.severity))
    .where((where) => where.or([where("school_id", "is", null), where("school_id", "=", alarm.school_id)]))
    .where(
      (where) =>
        where
          .selectFrom("alarm_notices")
          .select((row) => row.fn.countAll<number>().as("count"))
          .whereRef("alarm_notices.channel_id", "=", "alarm_channels.id")
          .where("sent_at", "is", null),
      "<",
      MAX_WAITING,
    );
  if (only.length > 0) channels = channels.where("id", "in", [...only]);
  const found = await channels.execute();
  await insertNotices(
    trx,
    found.map(({ id }) => ({ channel_id: id, alarm_id: alarm.id, event: "raised" as const })),
    at,
  );
}

/** Queues the end of an alarm for the channels that are told of its beginning. */
export async function queueEnd(trx: Db, alarmId: string, at: number): Promise<void> {
  const told = await trx
    .selectFrom("alarm_notices")
    .select("channel_id")
    .where("alarm_id", "=", alarmId)
    .where("event", "=", "raised")
    .execute();
  await insertNotices(
    trx,
    told.map(({ channel_id }) => ({ channel_id, alarm_id: alarmId, event: "cleared" as const })),
    at,
  );
}

type NewNotice = { readonly channel_id: string; readonly alarm_id: string; readonly event: "raised" | "cleared" | "reminder" };

export async function insertNotices(trx: Db, notices: readonly NewNotice[], at: number): Promise<void> {
  if (notices.length === 0) return;
  await trx
    .insertInto("alarm_notices")
    .values(notices.map((notice) => ({ ...notice, id: newId(), created_at: new Date(at) })))
    .onConflict((conflict) => conflict.constraint("alarm_notices_once").doNothing())
    .execute();
}

/** These severities, and those that are less urgent. */
export function upTo(severity: Severity): readonly Severity[] {
  return SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
}
