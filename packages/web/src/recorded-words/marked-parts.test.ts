import assert from "node:assert/strict";
import { test } from "node:test";
import { markedParts } from "./marked-parts.ts";

const shown = (text: string, marks: readonly [number, number][]) =>
  markedParts(text, marks).map((part) => (part.isFound ? `[${part.text}]` : part.text));

test("what was found is apart from the text around it, and no letter is lost or shown twice", () => {
  assert.deepEqual(
    shown("one half and half", [
      [4, 8],
      [13, 17],
    ]),
    ["one ", "[half]", " and ", "[half]"],
  );
  assert.deepEqual(shown("one", []), ["one"]);
  assert.deepEqual(shown("", [[0, 2]]), []);
  // Marks that overlap, and one behind the end.
  assert.deepEqual(
    shown("abcdef", [
      [0, 3],
      [2, 4],
      [5, 99],
    ]),
    ["[abc]", "[d]", "e", "[f]"],
  );
});
