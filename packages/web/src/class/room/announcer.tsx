/** Tells a screen reader politely what happens in the room: one sentence at a time, and not more often than it can be heard. */
import { useCallback, useEffect, useRef, useState } from "react";

const EVERY_MS = 3000;
/** What waits longer is left out, oldest first. */
const MAX_WAITING = 3;

export type Announce = (text: string) => void;

export function useAnnouncer(): { readonly text: string; readonly announce: Announce } {
  const [text, setText] = useState("");
  const waiting = useRef<string[]>([]);
  const announce = useCallback((next: string) => {
    waiting.current = [...waiting.current, next].slice(-MAX_WAITING);
  }, []);
  useEffect(() => {
    const timer = setInterval(() => {
      const next = waiting.current.shift();
      if (next !== undefined) setText(next);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return { text, announce };
}

export function Announcer({ text }: { text: string }) {
  return (
    <p className="unseen" aria-live="polite">
      {text}
    </p>
  );
}
