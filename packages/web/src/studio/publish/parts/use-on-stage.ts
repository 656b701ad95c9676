/** Decides whether the page shows the lesson's stream: while it is live, and while its publisher is absent from a lesson that goes on. */
import type { Lesson } from "@lectern/client";
import { useEffect, useState } from "react";

/** @param isLive whether the stream is, as the server has it: it knows that sooner than the lesson does */
export function useOnStage({ state, publisherLeftAt }: Pick<Lesson, "state" | "publisherLeftAt">, isLive: boolean): boolean {
  const [wasLive, setWasLive] = useState(isLive);
  const goesOn = isLive || state === "live";
  useEffect(() => {
    if (isLive) setWasLive(true);
    else if (!goesOn) setWasLive(false);
  }, [isLive, goesOn]);
  return isLive || (goesOn && (wasLive || publisherLeftAt !== null));
}
