/** The lines of the chat as a page shows them: those of the room, older ones from the API, and one's own that are on their way. */
import type { PendingDeed } from "../../../room/outbox.ts";
import { textOf, type WireEntry } from "../../../room/wire.ts";

export type ChatLine = {
  /** Of the line; while it is being sent, the id of the deed. */
  readonly ref: string;
  readonly at: number;
  readonly from: string | null;
  readonly name: string;
  readonly text: string;
  readonly isOwn: boolean;
  readonly isStaff: boolean;
  readonly isPrivate: boolean;
  readonly isDeleted: boolean;
  readonly isMasked: boolean;
  readonly isSending: boolean;
  readonly reply: { readonly name: string; readonly text: string; readonly isDeleted: boolean } | null;
};

const REPLY_CHARACTERS = 80;

/** Lines keep their identity as long as their entry does, so that only what has changed is drawn again. */
export class ChatLines {
  private readonly known = new Map<WireEntry, { readonly line: ChatLine; readonly repliedTo: WireEntry | undefined }>();
  private ownId: string | null = null;

  /**
   * In the order in which they were written.
   * @param older entries from the API, in any order; those of the room win
   */
  lines(held: readonly WireEntry[], older: readonly WireEntry[], ownId: string | null): readonly ChatLine[] {
    if (ownId !== this.ownId) this.known.clear();
    this.ownId = ownId;
    const entries = new Map([...older, ...held].map((entry) => [refOf(entry), entry]));
    const sorted = [...entries.values()].sort((one, other) => (refOf(one) < refOf(other) ? -1 : 1));
    const shown = new Set(sorted);
    for (const entry of this.known.keys()) if (!shown.has(entry)) this.known.delete(entry);
    return sorted.map((entry) => {
      const repliedTo = entries.get(textOf(entry.body, "replyTo") ?? "");
      const known = this.known.get(entry);
      if (known && known.repliedTo === repliedTo) return known.line;
      const line = lineOf(entry, repliedTo, ownId);
      this.known.set(entry, { line, repliedTo });
      return line;
    });
  }
}

/** One's own lines that are not in the room yet. @param held of the room, whose ids are those of the deeds */
export function sendingLines(pending: readonly PendingDeed[], held: readonly WireEntry[], name: string): readonly ChatLine[] {
  const waiting = pending.filter(({ kind, id }) => kind === "chat" && !held.some((entry) => entry.id === id));
  return waiting.map(({ id, body, at }) => ({
    ref: id,
    at,
    from: null,
    name,
    text: textOf(body, "text") ?? "",
    isOwn: true,
    isStaff: false,
    isPrivate: body["to"] === "staff",
    isDeleted: false,
    isMasked: false,
    isSending: true,
    reply: null,
  }));
}

/** Ids sort by the time at which they were made. */
function refOf({ body, key, id }: WireEntry): string {
  return textOf(body, "ref") ?? key?.slice(key.indexOf("/") + 1) ?? id;
}

function lineOf(entry: WireEntry, repliedTo: WireEntry | undefined, ownId: string | null): ChatLine {
  const { body, at, from, name, role, to } = entry;
  const isDeleted = body["deleted"] === true;
  return {
    ref: refOf(entry),
    at: isDeleted ? 0 : at,
    from,
    name,
    isDeleted,
    isSending: false,
    text: textOf(body, "text") ?? "",
    isOwn: from !== null && from === ownId,
    isStaff: role === "staff",
    isPrivate: to !== "all",
    isMasked: body["masked"] === true,
    reply: repliedTo
      ? {
          name: repliedTo.name,
          text: (textOf(repliedTo.body, "text") ?? "").slice(0, REPLY_CHARACTERS),
          isDeleted: repliedTo.body["deleted"] === true,
        }
      : null,
  };
}
