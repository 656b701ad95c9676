/** Gives a text when it has not changed for a moment: the server is asked once a person has paused. */
import { useEffect, useState } from "react";

const PAUSE_MS = 200;

export function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
