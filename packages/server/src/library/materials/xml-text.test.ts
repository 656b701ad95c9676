/** XML that is made to cost time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeOf, xmlTags } from "./xml-text.ts";

const LONG = 1_000_000;

test("tags have their names, their attributes and the text behind them", () => {
  const [a, b, end] = xmlTags("<a:b.c-1 x=\"1\" y='&lt;'>t&amp;<br/></a:b.c-1>");
  assert.deepEqual([a?.name, a && attributeOf(a, "x"), a && attributeOf(a, "y"), a?.text], ["a:b.c-1", "1", "<", "t&"]);
  assert.deepEqual([b?.name, b?.isEmpty, end?.name], ["br", true, "/a:b.c-1"]);
});

test("what is never closed is read once", { timeout: 20_000 }, () => {
  for (const piece of ["a", "<a", " ", "<a ", "&#", '<a x="', "</", "<!--"])
    for (const around of [`<${piece.repeat(LONG)}`, `<a>${piece.repeat(LONG)}`, `<a ${piece.repeat(LONG)}>`])
      for (const tag of xmlTags(around)) attributeOf(tag, "x");
});
