import assert from "node:assert/strict";
import { test } from "node:test";
import { isFlawless, judge } from "./room-judgement.ts";

function member(ids: readonly string[], own: Readonly<Record<string, number>> = {}) {
  const shown = ids.map((id, i) => ({ id, seq: i + 1, kind: "chat" }));
  return { shown, acknowledged: new Map(Object.entries(own)), repeated: 0, disordered: 0, refused: [], waiting: 0 };
}

test("members who saw all acknowledged lines in one order are flawless", () => {
  assert.ok(isFlawless(judge([member(["a", "b"], { a: 1 }), member(["a", "b"], { b: 2 })])));
});

test("a line that one member missed, or saw under another number, is missing", () => {
  assert.equal(judge([member(["a", "b"], { a: 1, b: 2 }), member(["a"])]).missing, 1);
  assert.equal(judge([member(["b", "a"], { a: 1 })]).missing, 1);
});

test("a line that was done twice counts", () => {
  assert.equal(judge([member(["a", "a"])]).twice, 1);
});

test("members with another order are found, and lines without an answer", () => {
  assert.equal(judge([member(["a", "b"]), member(["b", "a"])]).others, 1);
  assert.ok(!isFlawless(judge([{ ...member(["a"]), waiting: 1 }])));
});
