/** Provides the stars that staff give to students in a lesson. */
import { choice, ID, integer, NUMBER, optional, STRING } from "./fields.ts";
import { kind } from "./kind.ts";
import { numberOf, textOf, type WireEntry } from "./wire.ts";

const MAX_STARS_AT_ONCE = 5;
/** Of a student in a lesson. */
export const MAX_STARS = 999;

export const STAR = /* @__PURE__ */ kind(() => ({
  kind: "star",
  sends: {
    actions: {
      /** Default: one. */
      give: { person: ID, count: optional(integer(1, MAX_STARS_AT_ONCE)) },
      /** One of them back. */
      take: { person: ID },
    },
  },
  entries: [
    {
      key: "star/PARTICIPANT",
      fields: {
        person: STRING,
        personName: STRING,
        personRole: choice(["member", "guest"]),
        /** All of this lesson. */
        count: NUMBER,
        /** The last ones; below 0: one was taken back. */
        given: NUMBER,
      },
    },
  ],
}));

export type Stars = {
  readonly person: string;
  readonly name: string;
  readonly isGuest: boolean;
  readonly count: number;
  readonly given: number;
  readonly seq: number;
  /** When they were last given or taken, milliseconds since 1970. */
  readonly at: number;
};

/** Those who have most first. */
export function starsOf(entries: readonly WireEntry[]): readonly Stars[] {
  return entries.flatMap((entry) => starsOfEntry(entry) ?? []).sort((one, other) => other.count - one.count || one.at - other.at);
}

function starsOfEntry({ body, seq, at }: WireEntry): Stars | null {
  const person = textOf(body, "person");
  if (person === null) return null;
  return {
    person,
    name: textOf(body, "personName") ?? "",
    isGuest: body["personRole"] === "guest",
    count: numberOf(body, "count") ?? 0,
    given: numberOf(body, "given") ?? 0,
    seq,
    at,
  };
}
