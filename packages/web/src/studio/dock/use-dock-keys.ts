/** Provides the keys of the dock: a letter presses the button that names it, and `?` shows which they are. */
import { useEffect, useState } from "react";

/** What takes the letters that are typed in it, such as the board and the row of its tools, which have keys too. */
const TYPING = "input, textarea, select, [contenteditable], [role=application], [role=menu], .stage-tools";

/** Other parts of the page have keys of their own, such as the list of texts that wait for a decision. */
const BUTTONS = ":is(.studio-bar, .studio-dock) [aria-keyshortcuts]";

/** @returns whether the page shows the keys, and what shows or hides them */
export function useDockKeys(): readonly [boolean, () => void] {
  const [areShown, setShown] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (document.querySelector("dialog[open]") || (target instanceof Element && target.closest(TYPING))) return;
      if (key === "?") setShown((before) => !before);
      if (key === "Escape") setShown(false);
      if (!/^[a-z]$/i.test(key)) return;
      const button = buttonOfKey(key, document);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return [areShown, () => setShown((before) => !before)];
}

/** The button that a letter presses; undefined: none that a person sees. */
export function buttonOfKey(key: string, page: Pick<ParentNode, "querySelectorAll">): HTMLElement | undefined {
  const name = key.toUpperCase();
  const buttons = [...page.querySelectorAll<HTMLElement>(BUTTONS)];
  return buttons.find((button) => button.getAttribute("aria-keyshortcuts") === name && button.getClientRects().length > 0);
}
