/** Sends what a person does in the room, with the words for a refusal. */

import type { Body } from "@lectern/room";
import { useCallback, useState } from "react";
import type { Done } from "../../room/outbox.ts";
import { RoomError } from "../../room/room-error.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";

export type Sending = {
  /** Why the last action was refused; empty: it was not. */
  readonly failure: string;
  /**
   * @param onWait hears after how many seconds a refused action may be done again, where that is known
   * @returns null when it was refused; the person is told by `failure`
   */
  readonly send: (kind: string, body: Body, onWait?: (seconds: number) => void) => Promise<Done | null>;
  readonly clear: () => void;
};

/** Codes that have a text of their own, by what a person can do about them. */
const WORDS = ["muted", "switched-off", "refused-words", "too-many", "too-large", "closed", "not-found"] as const;

export function useSend(room: Room): Sending {
  const { t } = useTranslation();
  const [failure, setFailure] = useState("");
  const deliver = room.send;
  const send = useCallback(
    async (kind: string, body: Body, onWait?: (seconds: number) => void): Promise<Done | null> => {
      setFailure("");
      try {
        return await deliver(kind, body);
      } catch (error) {
        if (!(error instanceof RoomError)) throw error;
        const known = WORDS.find((code) => code === error.code);
        // The page is being left.
        if (error.code !== "offline") setFailure(known ? t(`notSent.${known}`) : (error.detail ?? t("notSent.other")));
        if (error.retryAfter !== null) onWait?.(error.retryAfter);
        return null;
      }
    },
    [deliver, t],
  );
  return { failure, send, clear: () => setFailure("") };
}
