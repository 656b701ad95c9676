/** Opens the lesson behind a watcher's link, and renews its signed links until the watcher's time is over. */

import type { Watching } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { useEffect, useState } from "react";
import { RenewalPace } from "../class/link-renewal.ts";
import { type Failure, failureOf } from "../class/parts/failure.ts";
import { ApiError, publicApi, unwrap } from "../session/api.ts";

export type WatchingState = { readonly watching: Watching | null; readonly failure: Failure | null };

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
  const [pace] = useState(() => new RenewalPace());
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    if (secret === "") return;
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Known once links are there. */
    let wait: (() => number) | null = null;
    const again = (delay: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => setAttempt((count) => count + 1), delay);
    };
    unwrap(publicApi().POST("/api/v1/watch", { body: { secret } })).then(
      (watching) => {
        if (!isCurrent) return;
        setState({ watching, failure: null });
        wait = () => {
          const now = serverClock.now();
          return pace.renewIn(Math.min(Date.parse(watching.renewAt), Date.parse(watching.until) + OVER_MS) - now);
        };
        again(wait());
      },
      (error: unknown) => {
        if (!isCurrent) return;
        const failure = failureOf(error);
        setState((known) => ({ watching: known.watching, failure }));
        if (!FINAL_CODES.includes(failure.code)) again(error instanceof ApiError ? EARLY_MS : pace.retryIn());
      },
    );
    const endSteps = serverClock.onStep(() => {
      if (wait) again(wait());
    });
    return () => {
      isCurrent = false;
      endSteps();
      clearTimeout(timer);
    };
  }, [secret, attempt, pace]);
  return state;
}
