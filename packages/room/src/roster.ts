/** Determines who is in the room, by name: asked for a page at a time, and answered to the one who asks. */
import { integer, optional, string } from "./fields.ts";
import { kind } from "./kind.ts";
import { type Body, isBody, listOf, numberOf, textOf } from "./wire.ts";

const MAX_SEARCH = 100;
const MAX_FROM = 1_000_000;

export const ROSTER = /* @__PURE__ */ kind(() => ({
  kind: "roster",
  sends: {
    fields: {
      /** Part of a name. */
      search: optional(string({ max: MAX_SEARCH })),
      /** `next` of the page before. */
      from: optional(integer(0, MAX_FROM)),
    },
  },
  entries: [],
}));

export type RosterName = { readonly name: string; readonly isStaff: boolean };
/** `next`: where the next page begins; null: there is none. */
export type RosterPage = { readonly names: readonly RosterName[]; readonly next: number | null };

/** @param answer `{names, count, next}` */
export function rosterPageOf(answer: Body = {}): RosterPage {
  const names = listOf(answer["names"]).filter(isBody);
  return {
    names: names.map((one) => ({ name: textOf(one, "name") ?? "", isStaff: one["role"] === "staff" })),
    next: numberOf(answer, "next"),
  };
}
