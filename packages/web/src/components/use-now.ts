/** Milliseconds since 1970, once a second while something runs. */
import { useEffect, useState } from "react";
import { everyInStep } from "./in-step.ts";

export function useNow(isRunning = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => (isRunning ? everyInStep(() => setNow(Date.now()), 1000) : undefined), [isRunning]);
  return now;
}
