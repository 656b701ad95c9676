/** Takes the texts of lines that were deleted out of what webhooks have not been sent yet. */

import type { RoomEntry } from "@lectern/room";
import type { Transaction } from "kysely";
import type { EventName, QueuedEvent } from "../foundation/store/events.ts";
import type { Tables } from "../foundation/store/tables.ts";

/** Events that have a line's text. */
const WITH_TEXT: readonly EventName[] = ["room.chat", "room.question", "room.announcement"];
const LINE = /^(?:chat|group-chat|question|announcement)\/(.+)$/;

type Data = QueuedEvent["data"];

/** The references of lines that a group has deleted, and of none that it has restored. */
export function deletedRefs(entries: readonly RoomEntry[]): ReadonlySet<string> {
  const refs = new Set<string>();
  for (const { key, gone, body } of entries) {
    const ref = LINE.exec(key ?? "")?.[1];
    if (ref === undefined) continue;
    if (gone || body["deleted"] === true) refs.add(ref);
    else refs.delete(ref);
  }
  return refs;
}

/** Events that are about to be queued. */
export function withoutDeletedTexts(events: readonly QueuedEvent[], refs: ReadonlySet<string>): readonly QueuedEvent[] {
  return events.map((one) => (isOf(one.event, one.data, refs) ? { ...one, data: withoutText(one.data) } : one));
}

/** Deliveries that were queued before, and wait for their first attempt or another one. */
export async function removeDeletedTexts(trx: Transaction<Tables>, refs: ReadonlySet<string>): Promise<void> {
  if (refs.size === 0) return;
  const waiting = await trx
    .selectFrom("deliveries")
    .select(["id", "event", "body"])
    .where("state", "=", "pending")
    .where("event", "in", WITH_TEXT)
    .where((where) => where.or([...refs].map((ref) => where("body", "like", `%"ref":"${ref}"%`))))
    .execute();
  for (const { id, event, body } of waiting) {
    const delivery: { data: Data } = JSON.parse(body);
    if (!isOf(event, delivery.data, refs)) continue;
    const changed = JSON.stringify({ ...delivery, data: withoutText(delivery.data) });
    await trx.updateTable("deliveries").set({ body: changed }).where("id", "=", id).execute();
  }
}

function isOf(event: string, data: Data, refs: ReadonlySet<string>): boolean {
  const ref = data["ref"];
  return WITH_TEXT.some((one) => one === event) && typeof ref === "string" && refs.has(ref);
}

function withoutText({ text: _, answer: __, ...data }: Data): Data {
  return { ...data, deleted: true };
}
