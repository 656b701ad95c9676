/** A drawer has the focus while it is open, gives it back, and closes with Escape. */
import { useEffect, useRef } from "react";

/** @param first selects what has the focus first in the panel */
export function useReturnOfFocus(panel: { readonly current: HTMLElement | null }, first: string, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>(first)?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") close.current();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement) before.focus();
    };
  }, [panel, first]);
}
