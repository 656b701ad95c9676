/** Provides the server's time, for what shows it: milliseconds since 1970, and how much is left. */
import { serverClock } from "@lectern/player/server-clock";
import { useEffect, useReducer, useState } from "react";
import { onSchedule } from "./schedule.ts";

/** Looked at twice as often as it changes, so that no second is shown twice as long. */
const COUNT_MS = 500;

/** The time, once a second while something runs. */
export function useNow(isRunning = true): number {
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => (isRunning ? onSchedule(() => setNow(serverClock.now()), 1000) : undefined), [isRunning]);
  return now;
}

/** Whole seconds until a time; 0 once it has passed. Null: there is no such time. */
export function useSecondsUntil(at: number | null, isRunning = true): number | null {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useClockSteps();
  const isWaiting = isRunning && at !== null && at > serverClock.now();
  useEffect(() => (isWaiting ? onSchedule(look, COUNT_MS) : undefined), [isWaiting]);
  return at === null ? null : Math.max(0, Math.ceil((at - serverClock.now()) / 1000));
}

/** Counts how often the time turned out to be another one, such as after a sleep: what waits for a time looks at it again. */
export function useClockSteps(): number {
  const [steps, note] = useReducer((count: number) => count + 1, 0);
  useEffect(() => serverClock.onStep(note), []);
  return steps;
}
