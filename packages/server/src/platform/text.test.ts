import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isOneLine, isVisible, normalText } from "./text.ts";

test("every string of a value is in Normalization Form C, keys included", () => {
  assert.deepEqual(normalText({ "e\u0301": ["cafe\u0301", 1, null, { a: "\u212b" }] }), {
    value: { é: ["café", 1, null, { a: "Å" }] },
  });
});

test("NUL and lone surrogates are found wherever they are", () => {
  assert.deepEqual(normalText("a\0"), { badText: [] });
  assert.deepEqual(normalText({ a: [{ b: "\ud800" }] }), { badText: ["a", "0", "b"] });
  assert.deepEqual(normalText({ a: { "\udc00": 1 } }), { badText: ["a"] });
  assert.deepEqual(normalText("\ud83d\ude00"), { value: "😀" });
});

test("a value of a hundred thousand levels is refused, not followed", () => {
  let deep: unknown = "x";
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assert.ok("badText" in normalText(deep));
});

test("whatever JSON holds, it stays the same but for its form, and doing it twice changes nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const once = normalText(value);
      if ("badText" in once) return;
      assert.deepEqual(normalText(once.value), once);
      assert.equal(JSON.stringify(once.value).normalize("NFC"), JSON.stringify(value).normalize("NFC"));
    }),
  );
});

test("names are one line without overrides of direction, in any script", () => {
  for (const name of ["Li Na", "李娜", "محمد", "מִרְיָם", "Zoë 😀", "نیم\u200cفاصله", "👩\u200d🏫", "שלום\u200f"])
    assert.ok(isOneLine(name) && isVisible(name), name);
  for (const name of ["a\nb", "a\u0007", "a\u0085b", "a\u2028b", "\u202eevil", "a\u2066b"])
    assert.ok(!isOneLine(name), JSON.stringify(name));
  for (const name of ["", " ", "\u200b", "\u3164", "\u2003\u200d", "\ufe0f", "\ue000"])
    assert.ok(!isVisible(name), JSON.stringify(name));
});
