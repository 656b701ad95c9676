/** Decides whether a room has anything for the strip of tools: what pages ask before they have its code. */
import type { Room } from "../room/use-room.ts";

const KEYS = ["timer", "pick", "dice", "order", "groups"] as const;

export function hasTools({ one, held }: Pick<Room, "one" | "held">): boolean {
  return KEYS.some((key) => one(key) !== null) || held("star").length > 0;
}
