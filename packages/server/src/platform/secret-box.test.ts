/** Secrets at rest: encrypted with the first secret, decrypted with each of them, in their own place only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SecretBox } from "./secret-box.ts";

const box = (...secrets: string[]) => new SecretBox(() => secrets);

test("any text is encrypted, unreadable, and decrypted again; twice the same text gives different ones", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const [writer, reader] = [box("one secret"), box("one secret")];
      const encrypted = writer.encrypt(text, "webhook 1");
      assert.match(encrypted, /^enc1:[\w-]{8}:[\w-]+$/);
      assert.equal(reader.decrypt(encrypted, "webhook 1"), text);
      assert.notEqual(writer.encrypt(text, "webhook 1"), encrypted);
      if (text.length > 8) assert.ok(!Buffer.from(encrypted.split(":")[2] ?? "", "base64url").includes(text));
    }),
  );
});

test("it is decrypted with no other secret, in no other place, and not with one letter changed", () => {
  const encrypted = box("one secret").encrypt("hidden", "webhook 1");
  assert.equal(box("another secret").decrypt(encrypted, "webhook 1"), null);
  assert.equal(box("one secret").decrypt(encrypted, "webhook 2"), null);
  const [, name = "", content = ""] = encrypted.split(":");
  for (let i = 0; i < content.length - 1; i++) {
    const changed = content.slice(0, i) + (content[i] === "A" ? "B" : "A") + content.slice(i + 1);
    assert.equal(box("one secret").decrypt(`enc1:${name}:${changed}`, "webhook 1"), null, `letter ${i}`);
  }
});

test("during a rotation both secrets decrypt, and the first one encrypts", () => {
  const [old, rotating] = [box("old secret"), box("new secret", "old secret")];
  const encrypted = old.encrypt("hidden", "x");
  assert.equal(rotating.decrypt(encrypted, "x"), "hidden");
  const again = rotating.encrypt("hidden", "x");
  assert.ok(again.startsWith(rotating.prefix ?? "-") && !encrypted.startsWith(rotating.prefix ?? "-"));
  assert.equal(box("new secret").decrypt(again, "x"), "hidden");
  assert.equal(old.decrypt(again, "x"), null);
});

test("texts of before are read as they are, also those that look nearly encrypted; without a secret nothing is encrypted", () => {
  for (const text of [
    "",
    "a secret",
    "enc1:",
    "enc1:abcdefgh:short",
    "sealed2:abcdefgh:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])
    assert.equal(box("one secret").decrypt(text, "x"), text);
  assert.equal(box().encrypt("plain", "x"), "plain");
  assert.equal(box().prefix, null);
});

test("a text names the key that it was encrypted by, also where the first secret becomes another one meanwhile", () => {
  for (let looks = 1; looks < 6; looks++) {
    let looked = 0;
    const turning = new SecretBox(() => (++looked <= looks ? ["old secret", "new secret"] : ["new secret", "old secret"]));
    const encrypted = turning.encrypt("hidden", "x");
    assert.equal(box("new secret", "old secret").decrypt(encrypted, "x"), "hidden", `after ${looks} looks`);
  }
});
