/** Provides the line that staff have pinned: an entry of the kind `moderation`, which is declared there. */
import { textOf, type WireEntry } from "./wire.ts";

/** The line that staff have pinned. */
export type Pin = { readonly key: string; readonly text: string };

/** @param entry of the key `pin` */
export function pinOf(entry: WireEntry | null): Pin | null {
  const body = entry?.body ?? {};
  const [key, text] = [textOf(body, "target"), textOf(body, "text")];
  return key === null || text === null ? null : { key, text };
}
