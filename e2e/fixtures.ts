/** Shares servers and browsers among the tests of a file: the first test that needs one starts it, and the end of the file stops it. */
import { after } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { type Lectern, type Program, type Scope, startLectern } from "./lectern.ts";

const ends: (() => unknown)[] = [];

/** A scope that ends with the test file instead of with a test. */
export const wholeFile: Scope = {
  after: (end: unknown) => {
    if (typeof end === "function") ends.push(() => end());
  },
  diagnostic: (text) => void process.stderr.write(`${text}\n`),
};

/** Only what hangs takes so long to end, a browser for example; the file goes on without it. */
const END_LIMIT_MS = 60_000;

after(async () => {
  for (const end of ends.toReversed()) await Promise.race([end(), setTimeout(END_LIMIT_MS, null, { ref: false })]);
});

const servers = new Map<string, Promise<Lectern>>();
let browser: Promise<Browser> | null = null;

/** Gives the file's server with this configuration. Tests that use it have streams with names of their own, and change nothing of the server. */
export function sharedLectern(set: Readonly<Record<string, string>> = {}, program: Program = {}): Promise<Lectern> {
  const key = JSON.stringify([set, program]);
  const server = servers.get(key) ?? startLectern(wholeFile, set, program);
  servers.set(key, server);
  return server;
}

/** Gives the file's browser. Each test opens a context of its own. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launchBrowser().then((launched) => {
    wholeFile.after(() => launched.close());
    return launched;
  });
  return browser;
}
