/** Provides students who are picked at random: the server draws one of those who are here, and nobody again before all were picked. */
import { choice, NUMBER, STRING } from "./fields.ts";
import { kind } from "./kind.ts";
import { numberOf, textOf, type WireEntry } from "./wire.ts";

export const PICK = /* @__PURE__ */ kind(() => ({
  kind: "pick",
  sends: {
    actions: {
      draw: {},
      /** From now on all are drawn from again, and no name is shown. */
      reset: {},
    },
  },
  entries: [
    {
      key: "pick",
      fields: {
        person: STRING,
        personName: STRING,
        personRole: choice(["member", "guest"]),
        /** How many have been picked since the last reset, or since all had been. */
        picked: NUMBER,
        /** How many of those who are here have not. */
        left: NUMBER,
      },
      gone: {},
    },
  ],
}));

export type PickedPerson = {
  readonly person: string;
  readonly name: string;
  readonly isGuest: boolean;
  readonly picked: number;
  readonly left: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** @param entry of the key `pick` */
export function pickedOf(entry: WireEntry | null): PickedPerson | null {
  const person = entry === null ? null : textOf(entry.body, "person");
  if (entry === null || person === null) return null;
  const { body, seq, at } = entry;
  return {
    person,
    name: textOf(body, "personName") ?? "",
    isGuest: body["personRole"] === "guest",
    picked: numberOf(body, "picked") ?? 0,
    left: numberOf(body, "left") ?? 0,
    seq,
    at,
  };
}
