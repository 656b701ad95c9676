/** Join codes: what is generated can be read back, however it is typed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newCode, readCode } from "./join-code.ts";

test("a new code reads back as itself, and has no characters that look alike", () => {
  for (let i = 0; i < 500; i++) {
    const code = newCode();
    assert.equal(readCode(code), code);
    assert.doesNotMatch(code, /[01ILO]/);
  }
});

test("small letters, spaces and dashes do not matter", () => {
  assert.equal(readCode(" k7mp-2xqf "), "K7MP2XQF");
  assert.equal(readCode("k7 mp 2x qf"), "K7MP2XQF");
});

test("text of another length, or with other characters, is no code", () => {
  for (const typed of ["", "K7MP2XQ", "K7MP2XQFF", "K7MP2XQ0", "K7MP2XQI", "K7MP2XQ%", "课课课课课课课课"])
    assert.equal(readCode(typed), null, typed);
});
