/** Passwords: hashes verify, generated passwords are readable, and hostile hashes cost nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePassword, hashPassword, MAX_NEW_PASSWORD, MIN_PASSWORD, verifyPassword } from "./password.ts";
import { login, password } from "./shapes.ts";

test("a password verifies against its own hash only, and each hash has its own salt", async () => {
  const hash = await hashPassword("correct horse");
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await verifyPassword("correct horse", hash), true);
  assert.equal(await verifyPassword("correct horsE", hash), false);
  assert.notEqual(await hashPassword("correct horse"), hash);
});

test("a password typed in another Unicode form is the same password", async () => {
  const hash = await hashPassword("caf\u00e9 ２４");
  assert.equal(await verifyPassword("cafe\u0301 24", hash), true);
});

test("nothing verifies against a missing or malformed hash", async () => {
  for (const hash of [null, "", "plain", "$argon2id$v=19$m=19456,t=2,p=1$$"]) assert.equal(await verifyPassword("", hash), false);
});

test("a hash with costs beyond the limit is refused without computing it", async () => {
  const started = performance.now();
  const [salt, tag] = ["A".repeat(22), "A".repeat(43)];
  for (const cost of ["m=99999999,t=2,p=1", "m=19456,t=999,p=1", "m=19456,t=2,p=200"])
    assert.equal(await verifyPassword("anything", `$argon2id$v=19$${cost}$${salt}$${tag}`), false, cost);
  assert.ok(performance.now() - started < 1000);
});

test("a generated password has four groups of four without characters that look alike", () => {
  for (let i = 0; i < 200; i++) assert.match(generatePassword(), /^(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  assert.notEqual(generatePassword(), generatePassword());
});

test("the API takes new passwords between the shortest and the longest length", () => {
  const takes = (length: number) => password.safeParse("a long phrase of words ".repeat(20).slice(0, length)).success;
  assert.deepEqual([MIN_PASSWORD - 1, MIN_PASSWORD, MAX_NEW_PASSWORD, MAX_NEW_PASSWORD + 1].map(takes), [false, true, true, false]);
});

test("a login is trimmed and lower case, and starts with a letter or digit", () => {
  assert.equal(login.parse("  Wang.Fang@School "), "wang.fang@school");
  assert.equal(login.parse("王芳"), "王芳");
  for (const wrong of ["", ".wang", "wang fang", "x".repeat(101)]) assert.equal(login.safeParse(wrong).success, false, wrong);
});
