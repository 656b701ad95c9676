/** Remembers the last request of the page that changed something, without its secrets, for "Copy as curl". */
import { bodyWithoutSecrets, urlWithoutSecrets } from "./without-secrets.ts";

export type LastChange = { readonly method: string; readonly url: string; readonly body: string };

let change: LastChange | null = null;

export function lastChange(): LastChange | null {
  return change;
}

export function recordChange(made: LastChange): void {
  change = { method: made.method, url: urlWithoutSecrets(made.url), body: bodyWithoutSecrets(made.body) };
}

/** Reads change nothing, a sign-in holds a password, and the entries of an address list may be many megabytes. */
export function isRecorded(method: string, url: string): boolean {
  return method !== "GET" && !url.includes("/sessions") && !(method === "PUT" && url.endsWith("/entries"));
}
