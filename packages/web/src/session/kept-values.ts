/**
 * Provides values that the browser keeps for this server. In a frame of another site, browsers may forbid storage, and each access to it throws; then
 * the page keeps the values itself, as long as it is open.
 */
const ofThisPage = new Map<string, string>();

/** How long a value is kept: on this device, or as long as this tab is open. */
export type Keeping = "device" | "tab";

/** The value of a key; null where there is none. */
export function keptValue(keeping: Keeping, key: string): string | null {
  try {
    return storageOf(keeping).getItem(key);
  } catch {
    return ofThisPage.get(`${keeping} ${key}`) ?? null;
  }
}

export function keepValue(keeping: Keeping, key: string, value: string): void {
  try {
    storageOf(keeping).setItem(key, value);
  } catch {
    ofThisPage.set(`${keeping} ${key}`, value);
  }
}

export function forgetValue(keeping: Keeping, key: string): void {
  try {
    storageOf(keeping).removeItem(key);
  } catch {
    ofThisPage.delete(`${keeping} ${key}`);
  }
}

function storageOf(keeping: Keeping): Storage {
  return keeping === "device" ? localStorage : sessionStorage;
}
