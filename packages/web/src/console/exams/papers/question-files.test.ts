import assert from "node:assert/strict";
import { test } from "node:test";
import { formatOf, placeOf } from "./question-files.ts";

test("the format of a file is known by what it begins with, and GIFT and Word by their names", () => {
  assert.equal(formatOf("a.xml", '<?xml version="1.0"?>\n<quiz>'), "moodle");
  assert.equal(formatOf("a.xml", '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">'), "qti");
  assert.equal(formatOf("a.xml", "<qti-assessment-item>"), "qti");
  assert.equal(formatOf("a.bin", "PK\u0003\u0004…"), "qti");
  assert.equal(formatOf("Questions.DOCX", "PK\u0003\u0004…"), "word");
  assert.equal(formatOf("Questions.TXT", "Is 3 odd? {T}"), "gift");
  assert.equal(formatOf("a.docx", "Is 3 odd? {T}"), null);
  assert.equal(formatOf("a.xml", "<html>"), null);
});

test("the place of a mistake has its file, line, item and part", () => {
  const none = { file: "", line: "", item: "", part: "" };
  assert.deepEqual(placeOf("12 (Q3) solution.right"), { ...none, line: "12", item: "Q3", part: "solution.right" });
  assert.deepEqual(placeOf("items/a.xml 2 (Title (a)) question.text"), {
    file: "items/a.xml",
    line: "2",
    item: "Title (a)",
    part: "question.text",
  });
  assert.deepEqual(placeOf("3"), { ...none, line: "3" });
  assert.deepEqual(placeOf("(Q 3)"), { ...none, item: "Q 3" });
  assert.deepEqual(placeOf("a.xml"), { ...none, file: "a.xml" });
  assert.deepEqual(placeOf(""), none);
});
