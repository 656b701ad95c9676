/** Tells whether another tab of this browser publishes the lesson: the mark that it is live here is one for all tabs. */
import { useEffect, useState } from "react";
import { holdLiveLock, watchLiveLock } from "../broadcast/live-lock.ts";

// Absent on pages without HTTPS, whatever the types say.
const locks = navigator.locks as LockManager | undefined;

/** @param isHere whether this tab publishes it @param isLive asked again when it changes @returns null: not known yet */
export function useLiveElsewhere(lessonId: string, isHere: boolean, isLive: boolean): boolean | null {
  const [isElsewhere, setElsewhere] = useState<boolean | null>(locks ? null : false);
  useEffect(() => {
    if (!locks || !isHere) return;
    setElsewhere(false);
    return holdLiveLock(locks, lessonId);
  }, [lessonId, isHere]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the stream begins or ends
  useEffect(() => {
    if (locks && !isHere) return watchLiveLock(locks, lessonId, setElsewhere);
  }, [lessonId, isHere, isLive]);
  return isElsewhere;
}
