/** Marks tests that only `script/test --all` runs, because they are slow or guard code that rarely changes. */
import { type TestContext, type TestOptions, test } from "node:test";

type Body = (t: TestContext) => void | Promise<void>;

/** Whether this run is one of `script/test --all`. Tests may use it to choose how much they do. */
export const runsAll = process.env["TEST_ALL"] === "1";

/** Registers a test like `test` of node:test, but only under `--all`. */
export function long(name: string, ...rest: readonly [Body] | readonly [TestOptions, Body]): void {
  if (!runsAll) return;
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  void test(name, options, body);
}
