/**
 * Provides groups: staff divide a lesson's people into small groups, which talk among themselves, are visited, and come back. The entry `groups` says to everybody that there
 * are groups; each `group/N` says to its people, and to those who have just left it, who is in it.
 */
import { choice, ID, integer, list, NUMBER, nullable, object, optional, STRING } from "./fields.ts";
import { kind } from "./kind.ts";
import { isBody, listOf, numberOf, textOf, type WireEntry } from "./wire.ts";

export const MAX_GROUPS = 100;
export const MAX_GROUP_SIZE = 16;
/** A message has at most 16 kB: so many ids leave room for the rest. */
export const MAX_MOVED = 200;
export const GROUP_NOTICE_SECONDS = 60;

const PLACING = ["server", "students", "staff"] as const;

export const GROUP = /* @__PURE__ */ kind(() => ({
  kind: "group",
  sends: {
    actions: {
      /**
       * At random, into so many groups (`number`) or groups of so many (`size`); `choice`: so many empty groups, of which students choose; `empty`: that staff fill;
       * `kept`: as they were last time, in this lesson or in the one before of its course.
       */
      divide: { how: choice(["number", "size", "choice", "empty", "kept"]), number: optional(integer(1, MAX_GROUPS)) },
      /** Puts the person, who came late, into a group. */
      join: {},
      choose: { group: integer(1, MAX_GROUPS) },
      move: { people: list(ID, { min: 1, max: MAX_MOVED }), group: integer(1, MAX_GROUPS) },
      /** Calls staff into the person's group. */
      call: {},
      /** Takes the call back; of another group: staff. */
      lower: { group: optional(integer(1, MAX_GROUPS)) },
      /** Without a group: the visit is over. */
      visit: { group: optional(integer(1, MAX_GROUPS)) },
      /** Everybody is brought back after so many seconds. */
      notice: { seconds: optional(integer(10, 600)) },
      /** Brings everybody back. With a division: only where it is still that one. */
      end: { division: optional(ID) },
    },
  },
  entries: [
    {
      key: "groups",
      fields: {
        division: ID,
        count: NUMBER,
        /** How many are in each group, from the first. */
        sizes: list(NUMBER),
        /** Who puts those into groups who are in none: the server when they come, they themselves, or staff. */
        placing: choice(PLACING),
        /** Milliseconds since 1970. */
        since: NUMBER,
        /** When everybody is brought back, in milliseconds since 1970; null: it was not said. */
        endsAt: nullable(NUMBER),
        /** The division that these groups were taken from. */
        earlier: optional(object({ lesson: ID, division: ID })),
      },
      gone: {},
    },
    {
      key: "group/N",
      fields: {
        division: ID,
        group: NUMBER,
        people: list(object({ person: ID, name: STRING })),
        /** Who calls staff into the group; null: nobody. */
        call: nullable(object({ person: STRING, name: STRING, since: NUMBER })),
        /** Staff who are there. */
        visitors: list(object({ person: STRING, name: STRING })),
      },
    },
  ],
}));

export type GroupPerson = { readonly person: string; readonly name: string };
export type Group = {
  readonly group: number;
  readonly people: readonly GroupPerson[];
  readonly call: (GroupPerson & { readonly since: number }) | null;
  readonly visitors: readonly GroupPerson[];
  readonly seq: number;
};
export type Groups = {
  readonly division: string;
  readonly count: number;
  readonly sizes: readonly number[];
  readonly placing: "server" | "students" | "staff";
  readonly since: number;
  readonly endsAt: number | null;
};

/** @param entry of the key `groups`. Null: everybody is in the lesson. */
export function groupsOf(entry: WireEntry | null): Groups | null {
  if (entry === null) return null;
  const { body } = entry;
  const [division, count] = [textOf(body, "division"), numberOf(body, "count")];
  if (division === null || count === null) return null;
  const sizes = listOf(body["sizes"]).map((size) => (typeof size === "number" ? size : 0));
  const since = numberOf(body, "since") ?? entry.at;
  const placing = PLACING.find((one) => one === body["placing"]) ?? "staff";
  return { division, count, sizes, placing, since, endsAt: numberOf(body, "endsAt") };
}

/** The groups of a division that the reader sees, in their order. @param entries of the keys `group/N` */
export function groupListOf(entries: readonly WireEntry[], { division }: Pick<Groups, "division">): readonly Group[] {
  return entries
    .flatMap(({ body, seq }) => {
      const group = numberOf(body, "group");
      if (group === null || textOf(body, "division") !== division) return [];
      return [{ group, people: peopleOf(body["people"]), call: callOf(body["call"]), visitors: peopleOf(body["visitors"]), seq }];
    })
    .sort((one, other) => one.group - other.group);
}

/** The group that a person is in. Who was moved may hold an older entry of the former group: the newest one counts. */
export function groupOfPerson(groups: readonly Group[], person: string): Group | null {
  const own = groups.filter(({ people }) => people.some((one) => one.person === person));
  return own.reduce<Group | null>((newest, one) => (newest !== null && newest.seq > one.seq ? newest : one), null);
}

/** The lines of one group, and those that staff wrote to all groups, in their order. @param entries of the keys `group-chat/REF` */
export function groupLinesOf(entries: readonly WireEntry[], division: string, group: number): readonly WireEntry[] {
  return entries.filter(({ body }) => {
    // What is left of a deleted line does not say where it was.
    if (textOf(body, "division") !== division) return false;
    const of = numberOf(body, "group");
    return of === null || of === group;
  });
}

function peopleOf(value: unknown): readonly GroupPerson[] {
  return listOf(value)
    .filter(isBody)
    .flatMap((one) => {
      const [person, name] = [textOf(one, "person"), textOf(one, "name")];
      return person === null || name === null ? [] : [{ person, name }];
    });
}

function callOf(value: unknown): Group["call"] {
  const [caller] = peopleOf([value]);
  return caller && isBody(value) ? { ...caller, since: numberOf(value, "since") ?? 0 } : null;
}
