/** The browser with a camera that the tests of a file share. Each opens a page of its own. */
import type { Browser } from "playwright-core";
import { wholeFile } from "./fixtures.ts";
import { cameraBrowser } from "./published-page.ts";

let shared: Promise<Browser> | null = null;

export function sharedCamera(): Promise<Browser> {
  shared ??= cameraBrowser(wholeFile);
  return shared;
}
