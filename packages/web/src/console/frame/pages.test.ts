import assert from "node:assert/strict";
import { test } from "node:test";
import { isAt, pageGroups } from "./pages.ts";

const names = (isOperator: boolean) => pageGroups(isOperator).flatMap(({ pages }) => pages.map(({ name }) => name));

test("each page stands in the navigation once, and those of the platform only for operators", () => {
  assert.equal(new Set(names(true)).size, names(true).length);
  assert.deepEqual(
    names(true).filter((name) => !names(false).includes(name)),
    ["schools", "protection", "nodes", "jobs"],
  );
});

test("a page is current at its address and below it, the home page only at its own", () => {
  assert.ok(isAt("/alarms/rules", "/alarms"));
  assert.ok(!isAt("/people", "/people-else"));
  assert.ok(!isAt("/lessons", "/"));
  assert.ok(isAt("/", "/"));
});
