/** Provides lines of the chat from before those that the room holds, by the API: for people who may ask it, which guests may not. */

import { isBody, listOf, parseEntry, parseJson, type WireEntry } from "@lectern/room";
import { useCallback, useState } from "react";
import { isSignedIn } from "../../../session/signed-in.ts";

const PAGE = 100;

export type Older = {
  readonly entries: readonly WireEntry[];
  /** Whether there may be more that the person may read. */
  readonly canLoad: boolean;
  readonly isLoading: boolean;
  /** @param beforeSeq the lowest number that is known */
  readonly load: (beforeSeq: number) => Promise<void>;
};

export function useOlder(lessonId: string): Older {
  const [entries, setEntries] = useState<readonly WireEntry[]>([]);
  const [canLoad, setCanLoad] = useState(isSignedIn);
  const [isLoading, setIsLoading] = useState(false);
  const load = useCallback(
    async (beforeSeq: number): Promise<void> => {
      setIsLoading(true);
      const found = await read(lessonId, beforeSeq);
      setIsLoading(false);
      if (found === null || found.length < PAGE) setCanLoad(false);
      if (found) setEntries((known) => [...found, ...known]);
    },
    [lessonId],
  );
  return { entries, canLoad, isLoading, load };
}

/** Null where the person may not. */
async function read(lessonId: string, before: number): Promise<readonly WireEntry[] | null> {
  const query = new URLSearchParams({ kind: "chat", before: String(before), limit: String(PAGE) });
  const response = await fetch(`/api/v1/lessons/${encodeURIComponent(lessonId)}/room/entries?${query}`, {
    headers: { "lectern-page": "idle" },
  }).catch(() => null);
  if (!response?.ok) return null;
  const value = parseJson(await response.text());
  return isBody(value) ? listOf(value["items"]).flatMap((item) => parseEntry(item, "")) : null;
}
