import assert from "node:assert/strict";
import { test } from "node:test";
import { randomPassword } from "./random-password.ts";

test("a password has twelve characters, none that look alike, and differs each time", () => {
  const passwords = Array.from({ length: 100 }, randomPassword);
  for (const password of passwords) assert.match(password, /^[abcdefghjkmnpqrstuvwxyz2-9]{12}$/);
  assert.equal(new Set(passwords).size, 100);
});
