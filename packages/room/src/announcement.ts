/** Provides announcements: lines of staff that stay in sight until they are removed. */
import { ID, STRING, text } from "./fields.ts";
import { DELETED, kind } from "./kind.ts";
import { textOf, type WireEntry } from "./wire.ts";

export const MAX_ANNOUNCEMENT_TEXT = 2000;

export const ANNOUNCEMENT = /* @__PURE__ */ kind(() => ({
  kind: "announcement",
  sends: { actions: { post: { text: text(MAX_ANNOUNCEMENT_TEXT) }, remove: { ref: ID } } },
  entries: [{ key: "announcement/REF", fields: { ref: ID, text: STRING }, gone: { ref: ID }, deleted: DELETED }],
}));

export type Announcement = { readonly key: string; readonly ref: string; readonly text: string };

/** In the order of the entries. Of one that was deleted there is no text. */
export function announcementsOf(entries: readonly WireEntry[]): readonly Announcement[] {
  return entries.flatMap(({ key, body }): readonly Announcement[] => {
    const [ref, posted] = [textOf(body, "ref"), textOf(body, "text")];
    return key === null || ref === null || posted === null ? [] : [{ key, ref, text: posted }];
  });
}
