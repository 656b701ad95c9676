/** Shares servers and browsers among the tests of a file, and in a run among the files: the first test that needs one has it started. */
import { after } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { type Lectern, type LecternOptions, type Program, type Scope, startLectern } from "./lectern.ts";
import { withPlainMicrophone } from "./plain-microphone.ts";
import { borrowBrowser, borrowLectern, hasPool } from "./pool.ts";

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
const browsers = new Map<string, Promise<Browser>>();

/**
 * What all shared servers have. One file needs an option, the others do not see it, and so they have a server in common. The number of workers is that
 * of a machine with two cores, as CI has.
 */
const SHARED: LecternOptions = {
  "ladder.cores": "8",
  "signOn.networks": '["127.0.0.0/8"]',
  workers: "1",
};

/** The same for the same options in any order. */
const inOrder = (set: LecternOptions): LecternOptions => Object.fromEntries(Object.entries(set).toSorted());

/**
 * Gives the file's server with this configuration, which files before it may have used. Tests that use it have streams, schools and lessons with names
 * of their own, and change nothing of the server.
 */
export function sharedLectern(own: LecternOptions = {}, program: Program = {}): Promise<Lectern> {
  const set = inOrder({ ...SHARED, ...own });
  const key = JSON.stringify([set, program]);
  const server = servers.get(key) ?? (hasPool() ? borrowLectern(wholeFile, set, program) : startLectern(wholeFile, set, program));
  servers.set(key, server);
  return server;
}

/** Gives the run's browser with these flags besides the usual ones. Each test opens a context of its own. */
export function sharedBrowser(flags: readonly string[] = []): Promise<Browser> {
  const key = flags.join(" ");
  const browser = browsers.get(key) ?? openForFile(flags);
  browsers.set(key, browser);
  return browser;
}

async function openForFile(flags: readonly string[]): Promise<Browser> {
  return withPlainMicrophone(await (hasPool() ? borrowBrowser(wholeFile, flags) : launchForFile(flags)));
}

async function launchForFile(flags: readonly string[]): Promise<Browser> {
  const browser = await launchBrowser(undefined, flags);
  wholeFile.after(() => browser.close());
  return browser;
}
