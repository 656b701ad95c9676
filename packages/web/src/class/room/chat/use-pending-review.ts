/** Tells what becomes of a message that waits for a person who reads it, or for the school's own check. */

import { textOf } from "@lectern/room";
import { useEffect, useState } from "react";
import type { Done } from "../../../room/outbox.ts";
import type { Room } from "../../../room/use-room.ts";

export type PendingReview = {
  /** Null: nothing is to be said, or the message is shown now. */
  readonly state: "waiting" | "refused" | null;
  /** A message was sent, and acknowledged. */
  readonly note: (done: Done) => void;
  readonly clear: () => void;
};

export function usePendingReview({ onEntry, one, you }: Room): PendingReview {
  const [held, setState] = useState<{ readonly ref: string; readonly isRefused: boolean } | null>(null);
  const ownId = you?.id ?? null;
  const ref = held?.ref ?? null;
  useEffect(() => {
    if (ref === null) return;
    return onEntry(({ kind, from, body }) => {
      const isOwn = from !== null && from === ownId;
      // A comment that flies has no name of its own.
      if (isOwn && (kind === "danmaku" || textOf(body, "ref") === ref)) setState(null);
      else if (kind === "moderation" && textOf(body, "action") === "refused" && textOf(body, "ref") === ref)
        setState({ ref, isRefused: true });
    });
  }, [onEntry, ref, ownId]);
  // It may have been decided before the answer came.
  const isShown = ref !== null && (one(`chat/${ref}`) !== null || one(`group-chat/${ref}`) !== null);
  return {
    state: held === null || isShown ? null : held.isRefused ? "refused" : "waiting",
    note: ({ answer = {} }) => setState(answer["held"] === true ? { ref: textOf(answer, "ref") ?? "", isRefused: false } : null),
    clear: () => setState(null),
  };
}
