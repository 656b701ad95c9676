/** Stores the position at which a viewer left a recording, in the browser's local storage. */
import type { BrowserStorage } from "../controls/browser-storage.ts";

/** A position this close to the start or the end is not stored. */
const MARGIN_SECONDS = 10;

/** @param name of the recording, from the attribute `resume` */
function storageKey(name: string): string {
  return `lectern.at.${name}`;
}

/** Seconds to resume at; null for the start. */
export function savedPosition(store: BrowserStorage, name: string): number | null {
  const saved = Number(store.getItem(storageKey(name)) ?? 0);
  return saved > MARGIN_SECONDS ? saved : null;
}

/** Stores the position, or forgets it near the start and the end. Gives the position that will be resumed at; 0 for the start. */
export function savePosition(store: BrowserStorage, name: string, seconds: number, duration: number): number {
  const isResumable = seconds > MARGIN_SECONDS && seconds < duration - MARGIN_SECONDS;
  if (isResumable) store.setItem(storageKey(name), seconds.toFixed(1));
  else store.removeItem(storageKey(name));
  return isResumable ? seconds : 0;
}

/**
 * Calls when the page is left, hidden or closed, which may be the last moment at which a page can do something.
 * @returns stops it
 */
export function onLeave(leave: () => void): () => void {
  const hidden = (): void => {
    if (document.hidden) leave();
  };
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", leave);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("pagehide", leave);
  };
}
