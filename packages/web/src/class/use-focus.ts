/** Keeps the focus on the page when what had it is gone, such as the form that a person has joined by. */
import { useEffect } from "react";

/** @param view names what the page shows; when it changes and nothing has the focus, the page's main part takes it */
export function useFocusAfter(view: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the view changes
  useEffect(() => {
    if (document.activeElement !== document.body || !document.hasFocus()) return;
    document.querySelector<HTMLElement>("main[tabindex]")?.focus({ preventScroll: true });
  }, [view]);
}
