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

/** Of a PUT: the entries of an address list may be many megabytes, and the place in a recording is sent by itself, also when a page is left. */
const NOT_RECORDED = /\/(?:entries|place)$/;

/** Reads change nothing, and a sign-in holds a password. */
export function isRecorded(method: string, url: string): boolean {
  return method !== "GET" && !url.includes("/sessions") && !(method === "PUT" && NOT_RECORDED.test(url));
}
