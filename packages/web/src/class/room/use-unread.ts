/** Counts the messages of others while the chat is not in sight. */
import { useEffect, useState } from "react";
import type { Room } from "../../room/use-room.ts";

export function useUnread({ onEntry, you }: Room, isInSight: boolean): number {
  const [unread, setUnread] = useState(0);
  const ownId = you?.id ?? null;
  useEffect(() => {
    if (isInSight) return setUnread(0);
    return onEntry(({ kind, key, from, gone, body }) => {
      if (kind === "chat" && key !== null && !gone && body["deleted"] !== true && from !== ownId) setUnread((count) => count + 1);
    });
  }, [onEntry, ownId, isInSight]);
  return unread;
}
