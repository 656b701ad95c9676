/** The lines of the chat, from the entries of a room. */
import { textOf, type WireEntry } from "../../room/wire.ts";

export type ChatLine = {
  readonly key: string;
  readonly ref: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null: deleted. */
  readonly text: string | null;
  readonly author: { readonly id: string; readonly name: string; readonly isStaff: boolean };
  /** The line that this one replies to. */
  readonly replyTo: string | null;
  /** Words were covered. */
  readonly isMasked: boolean;
  readonly to: WireEntry["to"];
};

/** An entry is the same line each time, so that a list draws only the lines that are new. */
const known = new WeakMap<WireEntry, ChatLine>();

/** In the order in which they were written. */
export function chatLinesOf(entries: readonly WireEntry[]): readonly ChatLine[] {
  return entries.flatMap((entry): readonly ChatLine[] => {
    const line = known.get(entry) ?? lineOf(entry);
    if (line === null) return [];
    known.set(entry, line);
    return [line];
  });
}

function lineOf({ key, body, from, name, role, seq, at, to }: WireEntry): ChatLine | null {
  const ref = textOf(body, "ref");
  if (key === null || ref === null) return null;
  return {
    key,
    ref,
    seq,
    at,
    to,
    replyTo: textOf(body, "replyTo"),
    isMasked: body["masked"] === true,
    text: body["deleted"] === true ? null : textOf(body, "text"),
    author: { id: from ?? "", name, isStaff: role === "staff" },
  };
}
