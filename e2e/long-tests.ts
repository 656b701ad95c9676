/** Marks tests that not every run has, because they are slow or guard code that rarely changes. */
import { type TestContext, type TestOptions, test } from "node:test";

type Body = (t: TestContext) => void | Promise<void>;
type Rest = readonly [Body] | readonly [TestOptions, Body];

/** Whether this run is one of `script/test --all`. Tests may use it to choose how much they do. */
export const runsAll = process.env["TEST_ALL"] === "1";

/** Whether somebody has named the files of such a run: then its rare tests run too. */
export const runsRare = runsAll && process.env["TEST_NAMED"] === "1";

/** Registers a test like `test` of node:test, but only under `--all`. */
export function long(name: string, ...rest: Rest): void {
  if (runsAll) register(name, rest);
}

/** Registers the usual ones of similar tests like `test`, and the others like `long`. */
export function longUnless(isUsual: boolean, name: string, ...rest: Rest): void {
  if (isUsual || runsAll) register(name, rest);
}

/** Registers a test like `long`, but only where its file is named: it takes minutes to see what another test shows of the same code. */
export function rare(name: string, ...rest: Rest): void {
  rareUnless(false, name, ...rest);
}

/** Registers the usual ones of similar tests like `test`, and the others like `rare`. */
export function rareUnless(isUsual: boolean, name: string, ...rest: Rest): void {
  if (isUsual || runsRare) register(name, rest);
}

function register(name: string, rest: Rest): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  void test(name, options, body);
}
