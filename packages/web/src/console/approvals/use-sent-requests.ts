/** Tells after an action on several items how many of them wait for approval instead of being done. */
import { useRef } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { isRequest } from "./acts.ts";

export function useSentRequests() {
  const { t } = useTranslation();
  const sent = useRef(0);
  return {
    /** Passes an answer on, and counts it where it is a request that waits. */
    countSent: async (answer: Promise<unknown>): Promise<unknown> => {
      const body = await answer;
      if (isRequest(body)) sent.current++;
      return body;
    },
    /** What was sent since the last message; null: nothing. */
    sentMessage: (): string | null => {
      const count = sent.current;
      sent.current = 0;
      return count === 0 ? null : t("approvals.sent", { count });
    },
  };
}
