/** Provides events that webhooks can receive. They are queued in the transaction that causes them, so that none is lost or sent too early. */
import type { Transaction } from "kysely";
import { newId } from "../../../platform/id.ts";
import type { Tables } from "./tables.ts";

export const EVENTS = [
  "lesson.created",
  "lesson.changed",
  "lesson.deleted",
  "lesson.restored",
  "lesson.started",
  "lesson.ended",
  "recording.started",
  "recording.ready",
  "recording.deleted",
  "recording.restored",
  "user.created",
  "user.changed",
  "user.erased",
  "course.created",
  "course.changed",
  "course.deleted",
  "import.finished",
  "participant.joined",
  "check-in.made",
  "attendance.absent",
  "participant.removed",
  "stream.started",
  "stream.ended",
  "alarm.raised",
  "alarm.cleared",
  "room.chat",
  "room.question",
  "room.announcement",
  "room.hand",
  "room.quiz.opened",
  "room.quiz.closed",
  "room.signin.closed",
  "attendance.ready",
  "exam.published",
  "exam.handed-in",
  "exam.graded",
  "exam.released",
  "approval.requested",
  "approval.decided",
  "capacity.wanted",
] as const;
export type EventName = (typeof EVENTS)[number];

export function isEventName(name: string): name is EventName {
  return EVENTS.some((event) => event === name);
}

/** Events of every line that people write: only webhooks that name them get them. */
const NAMED_ONLY: readonly EventName[] = ["room.chat", "room.hand"];

/** Whether a webhook subscribes to an event; an empty list subscribes to all but those that must be named. */
export function subscribesTo(events: readonly string[], event: EventName): boolean {
  return events.length === 0 ? !NAMED_ONLY.includes(event) : events.includes(event);
}

/** The kind of background work that sends them (`foundation/work/`). */
export const WEBHOOK_DELIVERIES = "webhook-deliveries";

/** An event for webhooks, with its data. */
export type QueuedEvent = { readonly event: EventName; readonly data: Readonly<Record<string, unknown>> };

/**
 * Queues one delivery for each webhook of the school, and of the platform, that subscribes to the event.
 * Returns whether any delivery was queued.
 */
export function queueDeliveries(
  trx: Transaction<Tables>,
  event: EventName,
  schoolId: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  return queueEvents(trx, schoolId, [{ event, data }]);
}

/** Columns are parameters, and one statement has at most 65 535. */
const ROWS_OF_STATEMENT = 1000;

/** The same for several events at once: one statement finds the webhooks, one more stores the deliveries. */
export async function queueEvents(
  trx: Transaction<Tables>,
  schoolId: string | null,
  events: readonly QueuedEvent[],
): Promise<boolean> {
  if (events.length === 0) return false;
  const webhooks = await trx
    .selectFrom("webhooks")
    .select(["id", "events"])
    .where("enabled", "=", true)
    .where((where) => where.or([where("school_id", "is", null), where("school_id", "=", schoolId)]))
    // The platform's webhooks would tell operators what happens in a school that they have to ask for entry.
    .where(({ or, eb, not, exists, selectFrom }) => {
      const asks = selectFrom("schools")
        .select("schools.id")
        .where("schools.id", "=", schoolId)
        .where("four_eyes_entry", "=", true);
      return or([eb("webhooks.school_id", "is not", null), not(exists(asks))]);
    })
    .execute();
  const now = new Date();
  const rows = events.flatMap(({ event, data }) =>
    webhooks
      .filter((webhook) => subscribesTo(webhook.events, event))
      .map((webhook) => {
        const id = newId();
        const body = JSON.stringify({ id, event, at: now.toISOString(), schoolId, data });
        return { id, webhook_id: webhook.id, event, body, state: "pending" as const, attempts: 0, next_at: now };
      }),
  );
  for (let i = 0; i < rows.length; i += ROWS_OF_STATEMENT)
    await trx
      .insertInto("deliveries")
      .values(rows.slice(i, i + ROWS_OF_STATEMENT))
      .execute();
  return rows.length > 0;
}
