/** Milliseconds since 1970, once a second while something runs. */
import { useEffect, useState } from "react";
import { onSchedule } from "./schedule.ts";

export function useNow(isRunning = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => (isRunning ? onSchedule(() => setNow(Date.now()), 1000) : undefined), [isRunning]);
  return now;
}
