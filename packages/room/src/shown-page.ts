/** Decides whether a room's board shows a page: what pages may ask before they have the code of the board. */
import { textOf, type WireEntry } from "./wire.ts";

/** The key of the entry that says which page everybody is shown. */
export const SHOWN_KEY = "page/shown";

export function showsPage(room: { readonly one: (key: string) => Pick<WireEntry, "body"> | null }): boolean {
  return textOf(room.one(SHOWN_KEY)?.body ?? {}, "page") !== null;
}
