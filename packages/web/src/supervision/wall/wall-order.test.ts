import assert from "node:assert/strict";
import { test } from "node:test";
import { heldOrder } from "./wall-order.ts";

const held = (before: string, items: string) => heldOrder([...before], [...items], (item) => item).join("");

test("who was shown stays in place, and who comes takes the place of who has gone", () => {
  assert.equal(held("abcd", "dcba"), "abcd");
  assert.equal(held("abcd", "xdca"), "axcd");
  assert.equal(held("abcd", "xyab"), "abxy");
});

test("more and fewer than before fit, too", () => {
  assert.equal(held("", "abc"), "abc");
  assert.equal(held("ab", "cbad"), "abcd");
  assert.equal(held("abcd", "d"), "d");
});
