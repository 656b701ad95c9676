import assert from "node:assert/strict";
import { test } from "node:test";
import { languageOf } from "./language.ts";

test("the preferred one of the languages that exist is chosen, English by default", () => {
  assert.equal(languageOf(undefined), "en");
  assert.equal(languageOf("zh-CN,zh;q=0.9,en;q=0.8"), "zh");
  assert.equal(languageOf("en-US,en;q=0.9,zh;q=0.8"), "en");
  assert.equal(languageOf("fr, zh;q=0.3, en;q=0.2"), "zh");
  assert.equal(languageOf("zh;q=0, en"), "en");
  assert.equal(languageOf("*"), "en");
});
