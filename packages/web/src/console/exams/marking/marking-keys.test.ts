import assert from "node:assert/strict";
import { test } from "node:test";
import { markingKey, type Place } from "./marking-keys.ts";

const press = (key: string, code: string, place: Place, more: object = {}) =>
  markingKey({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }, place);

test("letters act in the field for points and outside of it, and are letters where words are written", () => {
  const letters = [
    ["u", "KeyU"],
    ["c", "KeyC"],
    ["s", "KeyS"],
    ["h", "KeyH"],
  ] as const;
  for (const place of ["points", "other"] as const)
    assert.deepEqual(
      letters.map(([key, code]) => press(key, code, place)?.does),
      ["undo", "comment", "skip", "half"],
    );
  assert.deepEqual(
    letters.map(([key, code]) => press(key, code, "text")),
    [null, null, null, null],
  );
});

test("an input method that takes the key does not hide it", () => {
  assert.equal(press("Process", "KeyU", "points")?.does, "undo");
});

test("a digit outside goes to the points; in the field it is typed", () => {
  assert.equal(press("3", "Digit3", "other")?.does, "points");
  assert.equal(press("3", "Numpad3", "points"), null);
});

test("with Shift a digit is a criterion, with Alt a comment that is kept, also from the comment", () => {
  assert.deepEqual(press("@", "Digit2", "points", { shiftKey: true }), { does: "criterion", at: 1 });
  assert.deepEqual(press("2", "Digit2", "text", { altKey: true }), { does: "ready-comment", at: 1 });
  assert.equal(press("@", "Digit2", "text", { shiftKey: true }), null);
});

test("Escape leaves the comment, the question mark helps, and browsers keep their own keys", () => {
  assert.equal(press("Escape", "Escape", "text")?.does, "back");
  assert.equal(press("Escape", "Escape", "points"), null);
  assert.equal(press("?", "Slash", "points", { shiftKey: true })?.does, "help");
  assert.equal(press("c", "KeyC", "other", { ctrlKey: true }), null);
  assert.equal(press("u", "KeyU", "other", { metaKey: true }), null);
});
