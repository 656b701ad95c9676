/** Decides whether this page teaches a lesson, goes on with a class that it has left, or is beside another page that teaches. */
import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { useEffect, useState } from "react";
import { type LiveMark, readLiveMark } from "../devices/remembered.ts";
import { useLiveElsewhere } from "./use-live-elsewhere.ts";
import { isPublishing, type Publishing } from "./use-publishing.ts";

export type TeachingPage = {
  /** This browser was live with the lesson, and has not ended it. */
  readonly mark: LiveMark | null;
  /** The mark of a class that this page can go on with; null where another tab has it. */
  readonly waiting: LiveMark | null;
  /** Another page teaches, and this one has not been asked to. */
  readonly isSecond: boolean;
  /** It was second, and has not been asked to teach since. */
  readonly wasSecond: boolean;
  /** The page is to teach. */
  goOn(): void;
};

type LiveLesson = {
  readonly lesson: Lesson;
  readonly isLive: boolean;
  readonly isOfSoftware: boolean;
};

/** @param isOff this page does not publish */
export function useTeachingPage(
  { lesson, isLive, isOfSoftware }: LiveLesson,
  publishing: Publishing | null,
  isOff: boolean,
): TeachingPage {
  // This page teaches, or has: who is live besides does not matter before *Go live*.
  const [wantsToTeach, setWantsToTeach] = useState(false);
  const isElsewhere = useLiveElsewhere(lesson.id, isPublishing(publishing?.state ?? null), isLive);
  const [mark, setMark] = useMark(lesson.id, isElsewhere === false && !wantsToTeach);
  const isBeside = isElsewhere === true || (isLive && !isOfSoftware && mark === null);
  const isSecond = isOff && isBeside && !wantsToTeach;
  const [everSecond, setEverSecond] = useState(false);
  useEffect(() => {
    if (isSecond) setEverSecond(true);
  }, [isSecond]);
  return {
    mark,
    waiting: isOff && isElsewhere === false ? mark : null,
    isSecond,
    wasSecond: everSecond && !wantsToTeach,
    goOn: () => {
      setWantsToTeach(true);
      setMark(null);
    },
  };
}

/** @param isOwn the mark is not of another tab, which takes it away when it stops, and leaves it when it is closed */
function useMark(lessonId: string, isOwn: boolean) {
  const read = () => readLiveMark(lessonId, serverClock.now());
  const [mark, setMark] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another function each time
  useEffect(() => {
    if (isOwn) setMark(read());
  }, [isOwn]);
  return [mark, setMark] as const;
}
