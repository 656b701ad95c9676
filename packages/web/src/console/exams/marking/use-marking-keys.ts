/** Listens for the keys of marking, wherever the focus is on the page. */
import { useEffect, useRef } from "react";
import { type MarkingKey, markingKey, type Place } from "./marking-keys.ts";

/** @param press null: a dialog has the keys */
export function useMarkingKeys(
  points: { readonly current: HTMLInputElement | null },
  press: ((key: MarkingKey) => void) | null,
): void {
  const newest = useRef(press);
  useEffect(() => {
    newest.current = press;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!newest.current || document.querySelector("dialog[open]")) return;
      const key = markingKey(event, placeOf(event.target, points.current));
      if (!key) return;
      // A digit is typed where the focus goes.
      if (key.does !== "points") event.preventDefault();
      newest.current(key);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [points]);
}

function placeOf(target: EventTarget | null, points: HTMLInputElement | null): Place {
  if (target === points && points !== null) return "points";
  const isText = target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
  return isText ? "text" : "other";
}
