/** Cookies are found by their whole name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieValue } from "./cookies.ts";

test("a cookie is found by its whole name, and keeps what its value contains", () => {
  assert.equal(cookieValue("xsession=1;session=a=b", "session"), "a=b");
  assert.equal(cookieValue("session=1; session=2", "session"), "1");
  assert.equal(cookieValue("session", "session"), null);
  assert.equal(cookieValue("", "session"), null);
  assert.equal(cookieValue(undefined, "session"), null);
});
