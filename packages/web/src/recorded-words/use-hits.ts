/** Provides what is found in a recording. */
import { useEffect, useState } from "react";
import { usePaused } from "../components/use-paused.ts";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import type { Hit } from "./hit-line.tsx";

type Hits = {
  readonly text: string;
  readonly items: readonly Hit[];
  readonly hasMore: boolean;
  /** Why there are none; null: they were asked for. */
  readonly failure: string | null;
};

/** Null: nothing is searched, or it is being asked. */
export function useHits(recordingId: string, text: string, offline: string): Hits | null {
  const wanted = usePaused(text.trim());
  const [hits, setHits] = useState<Hits | null>(null);
  useEffect(() => {
    if (wanted === "") return;
    let isOver = false;
    const path = { recordingId };
    unwrap(api().GET("/api/v1/recordings/{recordingId}/search", { params: { path, query: { text: wanted } } })).then(
      ({ items, hasMore }) => !isOver && setHits({ text: wanted, items, hasMore, failure: null }),
      (error: unknown) => !isOver && setHits({ text: wanted, items: [], hasMore: false, failure: errorMessage(error, offline) }),
    );
    return () => {
      isOver = true;
    };
  }, [recordingId, wanted, offline]);
  return hits !== null && hits.text === text.trim() ? hits : null;
}
