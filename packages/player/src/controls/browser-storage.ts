/** Provides the browser's local storage, for what a device remembers. */

export type BrowserStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** In a frame of another site, or when it is full, browsers may forbid storage; then nothing is remembered. */
export function browserStorage(): BrowserStorage {
  return {
    getItem: (key) => tried(() => localStorage.getItem(key)),
    setItem: (key, value) => void tried(() => localStorage.setItem(key, value)),
    removeItem: (key) => void tried(() => localStorage.removeItem(key)),
  };
}

function tried<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
