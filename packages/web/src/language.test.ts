import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, formatDateTime, otherLanguage } from "./language.ts";

test("the first language that is set decides, and all but Chinese is English", () => {
  assert.equal(chooseLanguage(["zh", "en", "en-US"]), "zh-CN");
  assert.equal(chooseLanguage([null, "en", "zh-CN"]), "en");
  assert.equal(chooseLanguage([null, null, "ZH-tw"]), "zh-CN");
  assert.equal(chooseLanguage([null, null, "fr-FR"]), "en");
  assert.deepEqual([otherLanguage("en"), otherLanguage("zh-CN")], ["zh-CN", "en"]);
});

test("dates and times follow the language", () => {
  const iso = new Date(2026, 2, 2, 9, 30).toISOString();
  assert.equal(formatDateTime(iso, "en-US").replace(/\s/g, " "), "Mar 2, 2026, 9:30 AM");
  assert.equal(formatDateTime(iso, "zh-CN"), "2026年3月2日 09:30");
});
