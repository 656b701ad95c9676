/** Provides chat: lines that stay, to everybody, to staff, from staff to one person, or within a group. */
import { anyOf, choice, ID, integer, NUMBER, optional, STRING, TRUE, text, withDefault } from "./fields.ts";
import { MAX_GROUPS } from "./group.ts";
import { DELETED, kind } from "./kind.ts";
import { textOf, type WireEntry } from "./wire.ts";

export const MAX_CHAT_TEXT = 1000;

export const CHAT = /* @__PURE__ */ kind(() => ({
  kind: "chat",
  sends: {
    fields: {
      text: text(MAX_CHAT_TEXT),
      /** The line that this one replies to. */
      replyTo: optional(ID),
      /** Or a participant's id, from staff. `group`: those who are in the person's group; from staff, in the group that is named, or in all groups. */
      to: withDefault(anyOf(choice(["all", "staff", "group"]), ID), "all"),
      /** Of a line of staff to a group. */
      group: optional(integer(1, MAX_GROUPS)),
    },
  },
  entries: [
    {
      key: "chat/REF",
      fields: {
        ref: ID,
        text: STRING,
        replyTo: optional(ID),
        /** Words were covered. */
        masked: optional(TRUE),
      },
      deleted: DELETED,
    },
    {
      key: "group-chat/REF",
      /** Of its own, so that a room holds as many of them beside the lines to everybody. */
      kind: "group-chat",
      fields: {
        ref: ID,
        text: STRING,
        replyTo: optional(ID),
        masked: optional(TRUE),
        /** Names the division: groups of another one have other people. */
        division: ID,
        /** Absent: staff wrote to all groups. */
        group: optional(NUMBER),
      },
      deleted: DELETED,
    },
  ],
}));

export type ChatLine = {
  readonly key: string;
  readonly ref: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null: deleted. */
  readonly text: string | null;
  /** The id is empty where the server is the sender. */
  readonly author: { readonly id: string; readonly name: string; readonly isStaff: boolean };
  /** The line that this one replies to. */
  readonly replyTo: string | null;
  /** Words were covered. */
  readonly isMasked: boolean;
  readonly to: WireEntry["to"];
};

/** An entry is the same line each time, so that a list draws only the lines that are new. */
const known = /* @__PURE__ */ new WeakMap<WireEntry, ChatLine>();

/** In the order of the entries. */
export function chatLinesOf(entries: readonly WireEntry[]): readonly ChatLine[] {
  return entries.flatMap((entry) => chatLineOf(entry) ?? []);
}

/** Null: the entry is no line. */
export function chatLineOf(entry: WireEntry): ChatLine | null {
  const line = known.get(entry) ?? read(entry);
  if (line) known.set(entry, line);
  return line;
}

function read({ key, body, from, name, role, seq, at, to }: WireEntry): ChatLine | null {
  const ref = textOf(body, "ref");
  if (key === null || ref === null) return null;
  return {
    key,
    ref,
    seq,
    at,
    to,
    author: { id: from ?? "", name, isStaff: role === "staff" },
    text: textOf(body, "text"),
    replyTo: textOf(body, "replyTo"),
    isMasked: body["masked"] === true,
  };
}
