/** Provides the order in which students speak: the server shuffles those who are here, and staff go from one to the next. */
import { choice, list, NUMBER, object, STRING } from "./fields.ts";
import { kind } from "./kind.ts";
import { isBody, listOf, numberOf, textOf, type WireEntry } from "./wire.ts";

/** More are not drawn: a lesson has no time for them. */
export const MAX_ORDERED = 40;

export const ORDER = /* @__PURE__ */ kind(() => ({
  kind: "order",
  sends: {
    actions: {
      draw: {},
      /** Who has left is passed over; after the last one there is no order any more. */
      next: {},
      end: {},
    },
  },
  entries: [
    {
      key: "order",
      fields: {
        people: list(object({ person: STRING, name: STRING, role: choice(["member", "guest"]) })),
        /** Whose turn it is, from 0. */
        place: NUMBER,
      },
      gone: {},
    },
  ],
}));

export type OrderedPerson = { readonly person: string; readonly name: string; readonly isGuest: boolean };
export type SpeakingOrder = { readonly people: readonly OrderedPerson[]; readonly place: number; readonly seq: number };

/** @param entry of the key `order` */
export function speakingOrderOf(entry: WireEntry | null): SpeakingOrder | null {
  if (entry === null) return null;
  const people = listOf(entry.body["people"])
    .filter(isBody)
    .flatMap((one) => {
      const [person, name] = [textOf(one, "person"), textOf(one, "name")];
      return person === null || name === null ? [] : [{ person, name, isGuest: one["role"] === "guest" }];
    });
  return people.length === 0 ? null : { people, place: numberOf(entry.body, "place") ?? 0, seq: entry.seq };
}
