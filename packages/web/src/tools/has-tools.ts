/** Decides whether a room has anything for the strip of tools: what pages ask before they have its code. */
import type { Room } from "../room/use-room.ts";

export function hasTools({ one, held }: Pick<Room, "one" | "held">): boolean {
  return one("timer") !== null || one("pick") !== null || held("star").length > 0;
}
