import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOfAddress, typedCode } from "./exam-code.ts";

test("a code is the same in small letters, in full width, with dashes and with spaces", () => {
  for (const typed of ["ABCD2345", "abcd-2345", " abcd 2345 ", "ＡＢＣＤ２３４５"]) assert.equal(typedCode(typed), "ABCD2345");
});

test("the address has the code, or none", () => {
  assert.equal(codeOfAddress("/exam/abcd-2345"), "ABCD2345");
  assert.deepEqual(["/exam/", "/exam", "/exam/%E0%A4%A"].map(codeOfAddress), ["", "", ""]);
});
