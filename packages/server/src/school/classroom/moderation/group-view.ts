/** Provides a room as moderation sees it while it decides about a group of actions: with what it has decided about the actions before. */

import { type NewRoomEntry, RetainedEntries, type RoomEntry } from "@lectern/room";
import type { RoomView } from "../domain.ts";
import { findKeyed } from "../talk/keyed-entries.ts";

export type GroupView = RoomView & {
  /** The newest entry of a key; null: there never was one, or it is gone. */
  readonly newest: (key: string) => Promise<RoomEntry | null>;
  readonly take: (entries: readonly NewRoomEntry[]) => void;
};

export function groupView(room: RoomView): GroupView {
  const retained = new RetainedEntries();
  for (const entry of room.retained.all()) retained.take(entry);
  const decided = new Map<string, RoomEntry>();
  return {
    ...room,
    retained,
    newest: async (key) => {
      const entry = decided.get(key) ?? (await findKeyed(room, [key])).get(key);
      return !entry || entry.gone ? null : entry;
    },
    take: (entries) => {
      for (const { from = null, gone = false, sampled = false, ...entry } of entries) {
        const taken = { ...entry, from, gone, sampled, seq: 0, at: room.now, mediaTime: null, id: "" };
        retained.take(taken);
        if (taken.key !== null) decided.set(taken.key, taken);
      }
    },
  };
}
