/** Stores the position at which a viewer left a recording, in the browser's local storage. */

/** A position this close to the start or the end is not stored. */
const MARGIN_SECONDS = 10;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** @param name of the recording, from the attribute `resume` */
function storageKey(name: string): string {
  return `lectern.at.${name}`;
}

/** Seconds to resume at; null for the start. */
export function savedPosition(store: Store, name: string): number | null {
  const saved = Number(store.getItem(storageKey(name)) ?? 0);
  return saved > MARGIN_SECONDS ? saved : null;
}

/** Stores the position, or forgets it near the start and the end. Gives the position that will be resumed at; 0 for the start. */
export function savePosition(store: Store, name: string, seconds: number, duration: number): number {
  const isResumable = seconds > MARGIN_SECONDS && seconds < duration - MARGIN_SECONDS;
  if (isResumable) store.setItem(storageKey(name), seconds.toFixed(1));
  else store.removeItem(storageKey(name));
  return isResumable ? seconds : 0;
}

/** The browser's storage. In a frame of another site, browsers may forbid it; then nothing is stored. */
export function browserStorage(): Store {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}
