/** Provides raised hands: one for each person, until it is lowered or its owner has left. */
import { choice, ID, NUMBER, optional, STRING } from "./fields.ts";
import { kind } from "./kind.ts";
import { numberOf, textOf, type WireEntry } from "./wire.ts";

export const HAND = /* @__PURE__ */ kind(() => ({
  kind: "hand",
  sends: {
    actions: {
      raise: {},
      /** Another person's: staff. */
      lower: { person: optional(ID) },
      call: { person: ID },
      "lower-all": {},
    },
  },
  entries: [
    {
      key: "hand/PARTICIPANT",
      fields: {
        person: STRING,
        /** As the entry's own `name`, in whose place it is not on the wire. */
        name: STRING,
        state: choice(["raised", "called"]),
        /** Milliseconds since 1970. */
        since: NUMBER,
      },
      gone: { person: STRING },
    },
  ],
}));

export type Hand = { readonly person: string; readonly name: string; readonly isCalled: boolean; readonly since: number };

/** Those who were called on first, then in the order in which they were raised. */
export function handsOf(entries: readonly WireEntry[]): readonly Hand[] {
  return entries
    .flatMap((entry) => handOf(entry) ?? [])
    .sort((one, other) => Number(other.isCalled) - Number(one.isCalled) || one.since - other.since);
}

function handOf({ body, name, at }: WireEntry): Hand | null {
  const person = textOf(body, "person");
  return person === null ? null : { person, name, isCalled: body["state"] === "called", since: numberOf(body, "since") ?? at };
}
