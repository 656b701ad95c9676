/** Opens the lesson behind a watcher's link, and renews its signed links until the watcher's time is over. */
import type { Watching } from "@lectern/client";
import { useEffect, useState } from "react";
import { renewalDelayMs } from "../class/link-renewal.ts";
import { type Failure, failureOf } from "../class/parts/failure.ts";
import { ApiError, publicApi, unwrap } from "../session/api.ts";

export type WatchingState = { readonly watching: Watching | null; readonly failure: Failure | null };

/** An attempt that failed is repeated after this long. */
const RETRY_MS = 5000;
/** The link is opened again soon after its time begins. */
const EARLY_MS = 15_000;
/** The server ends the watcher's time by its own clock. */
const OVER_MS = 500;
/** Refusals that asking again does not change. */
const FINAL_CODES = ["watching-over", "removed-from-lesson", "lesson-ended", "not-found"];

/** @param secret what follows `#` in the link; empty: none */
export function useWatching(secret: string): WatchingState {
  const [state, setState] = useState<WatchingState>({ watching: null, failure: null });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    if (secret === "") return;
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (delay: number) => {
      timer = setTimeout(() => setAttempt((count) => count + 1), delay);
    };
    unwrap(publicApi().POST("/api/v1/watch", { body: { secret } })).then(
      (watching) => {
        if (!isCurrent) return;
        setState({ watching, failure: null });
        again(Math.min(renewalDelayMs(watching.renewAt, Date.now()), renewalDelayMs(watching.until, Date.now()) + OVER_MS));
      },
      (error: unknown) => {
        if (!isCurrent) return;
        const failure = failureOf(error);
        setState((known) => ({ watching: known.watching, failure }));
        if (!FINAL_CODES.includes(failure.code)) again(error instanceof ApiError ? EARLY_MS : RETRY_MS);
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [secret, attempt]);
  return state;
}
