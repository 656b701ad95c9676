/** Hears single keys on the wall, where nobody types and no dialog is open. */
import { useEffect, useRef } from "react";

/** @param keys by `KeyboardEvent.key`, in lower case */
export function useWallKeys(isHeard: boolean, keys: Readonly<Record<string, () => void>>): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    if (!isHeard) return;
    const onKey = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const types = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
      if (types && key !== "Escape") return;
      if (target instanceof Element && target.closest("dialog")) return;
      const act = newest.current[key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [isHeard]);
}
