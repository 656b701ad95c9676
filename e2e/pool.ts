/**
 * Defines what the test files of a run share: servers and browsers. The runner's broker (`pool-broker.ts`) starts them and lends each server to one
 * file at a time, so that a file finds no stream, viewer or figure of another one's. A file that is run without the runner has none.
 *
 * The pool is a Unix socket. A file sends one line of JSON, a `PoolRequest`, and is answered with one, a `PoolAnswer`. What was lent is given back by
 * the end of the connection, also where the file's process is killed.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { keepLog } from "./artefacts.ts";
import { type Lectern, type LecternAddress, type LecternOptions, lecternAt, type Program, type Scope } from "./lectern.ts";

/** Names the socket of the run's pool; unset: there is none. */
export const POOL_VARIABLE = "TEST_POOL";

export type PoolRequest =
  | { readonly want: "lectern"; readonly set: LecternOptions; readonly program: Program }
  | { readonly want: "browser"; readonly flags: readonly string[] };

export type LentLectern = LecternAddress & {
  /** Everything that the server says is appended to this file. */
  readonly log: string;
  /** How much it had said to those before; bytes. */
  readonly saidBefore: number;
};

export type PoolAnswers = {
  readonly lectern: LentLectern;
  /** The address that Playwright connects to. */
  readonly browser: { readonly endpoint: string };
};

export type PoolAnswer = PoolAnswers[keyof PoolAnswers] | { readonly error: string };

/** Whether this process belongs to a run with a pool. */
export const hasPool = (): boolean => process.env[POOL_VARIABLE] !== undefined;

/** Borrows until the scope ends. @throws Error where it cannot be started */
function borrow<Want extends PoolRequest["want"]>(
  t: Scope,
  request: PoolRequest & { readonly want: Want },
): Promise<PoolAnswers[Want]> {
  const socket = connect(process.env[POOL_VARIABLE] ?? "");
  // A file that forgets to end it is ended nevertheless.
  t.after(() => socket.destroy());
  socket.write(`${JSON.stringify(request)}\n`);
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the pool of the run has ended")));
    createInterface(socket).once("line", (line) => {
      socket.unref();
      const answer: PoolAnswers[Want] | { readonly error: string } = JSON.parse(line);
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer);
    });
  });
}

/** A server with this configuration, which no other file uses at the same time. */
export async function borrowLectern(t: Scope, set: LecternOptions, program: Program): Promise<Lectern> {
  const { log, saidBefore, ...address } = await borrow(t, { want: "lectern", set, program });
  const said = (): string => readFileSync(log).subarray(saidBefore).toString();
  t.after(() => keepLog(said()));
  return lecternAt(address, said);
}

/** The run's browser with these flags besides the usual ones; closing it ends only the contexts of this file. */
export async function borrowBrowser(t: Scope, flags: readonly string[]): Promise<Browser> {
  // Most files open no page, and Playwright is most of what they would load.
  const { chromium } = await import("playwright-core");
  const { endpoint } = await borrow(t, { want: "browser", flags });
  const browser = await chromium.connect(endpoint);
  t.after(() => browser.close());
  return browser;
}
