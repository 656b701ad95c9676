/** Whether a room's board shows a page: what pages may ask before they have the code of the board. */
import type { Room } from "./use-room.ts";
import { textOf } from "./wire.ts";

/** As `SHOWN_KEY` of the board's package, which the first scripts of a class do without. */
const SHOWN_KEY = "page/shown";

export function showsPage(room: Pick<Room, "one">): boolean {
  return textOf(room.one(SHOWN_KEY)?.body ?? {}, "page") !== null;
}
