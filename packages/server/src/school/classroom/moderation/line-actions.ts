/** Deletes lines, restores and pins them. Stored entries stay: what others get has no text any more. */

import type { NewRoomEntry, RoomEntry, RoomPerson } from "@lectern/room";
import { sql } from "kysely";
import { Refusal } from "../../../platform/refusal.ts";
import { moderationText } from "../../foundation/messages/moderation-texts.ts";
import type { Outcome } from "../domain.ts";
import { entryOf } from "../entry-store.ts";
import type { GroupView } from "./group-view.ts";

const PIN = "pin";

export async function deleteLine(room: GroupView, key: string): Promise<Outcome> {
  const entry = await room.newest(key);
  if (!entry) return noEntry();
  const entries = [notice("delete", entry)];
  if (isDeleted(entry)) return { entries: [] };
  entries.push(again(entry, { ref: refOf(key), deleted: true }));
  if (pinnedKey(room) === key) entries.push(unpinned());
  return { entries };
}

export async function restoreLine(room: GroupView, key: string): Promise<Outcome> {
  const newest = await room.newest(key);
  if (!newest) return noEntry();
  if (!isDeleted(newest)) return new Refusal("conflict", moderationText("not-deleted"));
  const stored = await room.trx
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", room.lessonId)
    .where("key", "=", key)
    .where("gone", "=", false)
    .where(sql<boolean>`body->'deleted' is null`)
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!stored) return noEntry();
  const entry = entryOf(stored);
  return { entries: [notice("restore", entry), again(entry, entry.body)] };
}

export async function pinLine(room: GroupView, key: string): Promise<Outcome> {
  const entry = await room.newest(key);
  if (!entry || isDeleted(entry)) return noEntry();
  if (entry.to !== "all") return new Refusal("refused-by-rule", moderationText("private-line"));
  const { at: postedAt, from } = entry;
  const author = from ? { id: from.id, name: from.name } : null;
  // Fields of the entry itself, as `key` and `at`, would hide those of its body.
  const body = { action: "pin", target: key, ref: refOf(key), text: entry.body["text"], author, postedAt };
  return { entries: [{ kind: "moderation", to: "all", key: PIN, body }] };
}

export function unpinLine(room: GroupView, key: string): Outcome {
  if (pinnedKey(room) !== key) return new Refusal("conflict", moderationText("not-pinned"));
  return { entries: [unpinned()] };
}

function pinnedKey({ retained }: GroupView): unknown {
  return retained.get(PIN)?.body["target"];
}

function unpinned(): NewRoomEntry {
  return { kind: "moderation", to: "all", key: PIN, gone: true, body: { action: "unpin" } };
}

/** Says what was done to a line, to those who see it. */
function notice(action: "delete" | "restore", { to, key }: RoomEntry): NewRoomEntry {
  return { kind: "moderation", to, key: null, body: { action, target: key } };
}

/** The entry of a key once more, with another body. */
function again({ kind, to, key, sampled, from }: RoomEntry, body: RoomEntry["body"]): NewRoomEntry {
  const server: RoomPerson = { id: "", name: "", role: "staff" };
  return { kind, to, key, sampled, from: from ?? server, body };
}

function isDeleted({ body }: RoomEntry): boolean {
  return body["deleted"] === true;
}

function refOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

function noEntry(): Refusal {
  return new Refusal("not-found", moderationText("no-entry"));
}
