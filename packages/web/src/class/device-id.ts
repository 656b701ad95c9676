/**
 * Provides a random mark that stays on this device, so that a teacher can keep out a removed guest who joins again under another name. Without a
 * place to keep it (a private window that forbids storage), each page has its own.
 */

const KEY = "lectern.device";
let ofThisPage: string | null = null;

export function deviceId(): string {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null) return known;
    ofThisPage ??= newMark();
    localStorage.setItem(KEY, ofThisPage);
  } catch {
    // Storage is blocked or full.
  }
  ofThisPage ??= newMark();
  return ofThisPage;
}

/** 128 random bits. `crypto.randomUUID` exists over HTTPS only. */
function newMark(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
