/** Provides the lines of the chat as a page shows them: those of the room, older ones from the API, and one's own that are on their way. */

import { chatLinesOf, type ChatLine as RoomLine, textOf, type WireEntry } from "@lectern/room";
import type { PendingAction } from "../../../room/outbox.ts";

/** `ref`: of the line; while it is being sent, the id of the action. */
export type ChatLine = Pick<RoomLine, "ref" | "at" | "text" | "author" | "isMasked" | "to"> & {
  readonly isOwn: boolean;
  readonly isSending: boolean;
  /** The line that it replies to. */
  readonly reply: RoomLine | null;
};

/** Lines keep their identity as long as their entry does, so that only what has changed is drawn again. */
export class ChatLines {
  private readonly known = new Map<RoomLine, { readonly line: ChatLine; readonly repliedTo: RoomLine | undefined }>();
  private ownId: string | null = null;

  /**
   * In the order in which they were written.
   * @param older entries from the API, in any order; those of the room win
   */
  lines(held: readonly WireEntry[], older: readonly WireEntry[], ownId: string | null): readonly ChatLine[] {
    if (ownId !== this.ownId) this.known.clear();
    this.ownId = ownId;
    const lines = new Map(chatLinesOf([...older, ...held]).map((line) => [line.ref, line]));
    // Ids sort by the time at which they were made.
    const sorted = [...lines.values()].sort((one, other) => (one.ref < other.ref ? -1 : 1));
    const shown = new Set(sorted);
    for (const line of this.known.keys()) if (!shown.has(line)) this.known.delete(line);
    return sorted.map((stored) => {
      const repliedTo = lines.get(stored.replyTo ?? "");
      const known = this.known.get(stored);
      if (known && known.repliedTo === repliedTo) return known.line;
      const line = { ...stored, isOwn: stored.author.id === ownId, isSending: false, reply: repliedTo ?? null };
      this.known.set(stored, { line, repliedTo });
      return line;
    });
  }
}

/** One's own lines that are not in the room yet. @param held of the room, whose ids are those of the actions. @param isOfGroup those to the own group, and not the others */
export function sendingLines(
  pending: readonly PendingAction[],
  held: readonly WireEntry[],
  name: string,
  isOfGroup = false,
): readonly ChatLine[] {
  const waiting = pending.filter(
    ({ kind, id, body }) => kind === "chat" && (body["to"] === "group") === isOfGroup && !held.some((entry) => entry.id === id),
  );
  return waiting.map(({ id, body, at }) => ({
    ref: id,
    at,
    text: textOf(body, "text"),
    author: { id: "", name, isStaff: false },
    isMasked: false,
    to: body["to"] === "staff" ? "staff" : "all",
    isOwn: true,
    isSending: true,
    reply: null,
  }));
}
