/** Remembers the last request of the page that changed something, for "Copy as curl". */

export type LastChange = { readonly method: string; readonly url: string; readonly body: string };

let change: LastChange | null = null;

export function lastChange(): LastChange | null {
  return change;
}

export function recordChange(made: LastChange): void {
  change = made;
}

/** Reads change nothing, and a sign-in holds a password. */
export function isRecorded(method: string, url: string): boolean {
  return method !== "GET" && !url.includes("/sessions");
}
