/** Finds the newest entries of keys: a room holds the newest ones of each kind only, the database has all. */

import type { RoomEntry } from "@lectern/room";
import { sql } from "kysely";
import type { RoomView } from "../domain.ts";
import { entryOf } from "../entry-store.ts";

/** At most one statement. Keys that there never were are missing; of others the newest entry is found, also where it is gone. */
export async function findKeyed({ retained, trx, lessonId }: RoomView, keys: readonly string[]): Promise<Map<string, RoomEntry>> {
  const found = new Map<string, RoomEntry>();
  const missing = new Set<string>();
  for (const key of keys) {
    const entry = retained.get(key);
    if (entry) found.set(key, entry);
    else missing.add(key);
  }
  if (missing.size === 0) return found;
  const rows = await trx
    .selectFrom("room_entries")
    .distinctOn("key")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("key", "=", sql<string>`any(${[...missing]}::text[])`)
    .orderBy("key")
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .execute();
  for (const row of rows) if (row.key !== null) found.set(row.key, entryOf(row));
  return found;
}
