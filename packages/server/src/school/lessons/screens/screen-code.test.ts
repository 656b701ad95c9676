import assert from "node:assert/strict";
import { test } from "node:test";
import { newScreenCode, readScreenCode } from "./screen-code.ts";

test("a code is read as people type it, and anything else is none", () => {
  const code = newScreenCode();
  assert.match(code, /^[B-Z]{8}$/);
  assert.equal(readScreenCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `), code);
  for (const wrong of ["", code.slice(1), `${code}B`, "AEIOUYAE", "BCDFGHJ1"]) assert.equal(readScreenCode(wrong), null, wrong);
});
