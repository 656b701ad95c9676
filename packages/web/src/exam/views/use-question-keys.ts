/** Moves between questions by keys: J to the next one, K to the one before, as mail programs and players have them. Not where somebody types. */
import { useEffect, useRef } from "react";

/** @param move null: the keys are for something else now; @param move.step 1 or -1 */
export function useQuestionKeys(move: ((step: 1 | -1) => void) | null): void {
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
      const step = { j: 1, k: -1 }[event.key.toLowerCase()];
      if (step === 1 || step === -1) latest.current?.(step);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}
