import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanText, roomLine, roomText } from "./room-text.ts";

test("text loses control characters and overrides of direction, and keeps its lines, tabs, emoji and marks of direction", () => {
  assert.equal(cleanText(" a\u0000b\u0007\u202ec\u2066d\u2069 "), "abcd");
  assert.equal(cleanText("one\r\ntwo\n\n\n\n\nthree\u2028four"), "one\ntwo\n\nthreefour");
  assert.equal(cleanText("x\ty\n1\t2\u000b"), "x\ty\n1\t2");
  assert.equal(cleanText("👩‍🏫 שלום\u200f!"), "👩‍🏫 שלום\u200f!");
  assert.equal(cleanText("<b>x</b> & y"), "<b>x</b> & y", "pages show text as text");
});

test("text is in Normalization Form C, without stacks of marks and lone surrogates", () => {
  assert.equal(cleanText("e\u0301"), "é");
  assert.ok(cleanText(`a${"\u0335".repeat(500)}`).length <= 8);
  assert.equal(cleanText("a\ud800b"), "a\ufffdb");
});

test("cleaned text is clean, and stays as it is when it is cleaned once more", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const clean = cleanText(text);
      assert.equal(cleanText(clean), clean);
      assert.doesNotMatch(clean, /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test("a field refuses what is empty, invisible or too long, by its length after cleaning", () => {
  for (const bad of ["", "  ", "\u200b\u200b", "x".repeat(11), "\u202e"]) assert.equal(roomText(10).safeParse(bad).success, false);
  assert.equal(roomText(10).parse(`${"\u202e".repeat(20)}0123456789`), "0123456789");
  assert.equal(roomLine(10).parse("a\nb\tc"), "a b c");
});
