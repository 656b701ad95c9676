import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { REFUSALS, Refusal } from "./refusal.ts";

test("docs/errors.md names every code with its status, and no other", () => {
  const text = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^\| `([a-z0-9-]+)` +\| (\d+) +\|/gm)].map((match) => `${match[1]} ${match[2]}`);
  const known = Object.entries(REFUSALS).map(([code, { status }]) => `${code} ${status}`);
  assert.deepEqual(documented.sort(), known.sort());
});

test("a refusal reads as problem details", () => {
  const problem = new Refusal("link-expired").problem();
  assert.deepEqual(Object.keys(problem), ["type", "title", "status", "code", "detail"]);
  assert.equal(problem.status, 410);
});
