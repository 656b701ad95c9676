/** Provides the time by which a room's tools count: the server's of now, or in a replay that of the picture. */
import { serverClock } from "@lectern/player/server-clock";
import { useEffect, useReducer } from "react";
import { onSchedule } from "../schedule/schedule.ts";
import { useClockSteps } from "../schedule/use-now.ts";

/** Milliseconds since 1970; null while it is not known. */
export type RoomClock = () => number | null;

/** Looked at more often than it changes, so that no second is shown much longer than another. */
const COUNT_MS = 250;

export const liveClock: RoomClock = () => serverClock.now();

/** @param isPassing whether what is shown changes with the time */
export function useRoomTime(clock: RoomClock, isPassing: (now: number) => boolean): number | null {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useClockSteps();
  const now = clock();
  // A clock that does not know the time yet is asked again.
  const isWatched = now === null || isPassing(now);
  useEffect(() => (isWatched ? onSchedule(look, COUNT_MS) : undefined), [isWatched]);
  return now;
}
