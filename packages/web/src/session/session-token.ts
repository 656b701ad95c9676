/** The session token of the person who is signed in on this browser. */

const STORAGE_KEY = "lectern.token";

/** Null when nobody is signed in. */
export function sessionToken(): string | null {
  return localStorage.getItem(STORAGE_KEY);
}

/** @param token null to sign out */
export function saveSessionToken(token: string | null): void {
  if (token === null) localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, token);
}
