import assert from "node:assert/strict";
import { createDecipheriv, randomBytes } from "node:crypto";
import { test } from "node:test";
import { leastEventLoopDelay, TESTED_HOLD_MS } from "../../platform/test-event-loop-delay.ts";
import { ContentKeys } from "./content-keys.ts";
import { EncryptedFiles, encryptedLength, encryptFile } from "./encrypted-files.ts";

const KEY = new ContentKeys([Buffer.from("secret")]).of("epoch", 0, 5);

function decrypt(bytes: Buffer): Buffer {
  const decipher = createDecipheriv("aes-128-cbc", KEY.key, KEY.iv);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

test("a file of any length is its own again when it is decrypted, and as long as announced", async () => {
  for (const length of [0, 1, 15, 16, 17, 262_143, 262_144, 262_145, 1_000_000]) {
    const plain = randomBytes(length);
    const encrypted = await encryptFile(plain, KEY);
    assert.equal(encrypted.length, encryptedLength(length), String(length));
    assert.deepEqual(decrypt(encrypted), plain);
    const room = Buffer.alloc(length + 1000);
    assert.deepEqual(await encryptFile(plain, KEY, room), encrypted);
  }
});

test("a file is encrypted once for all who ask, and once for each key", async () => {
  const files = new EncryptedFiles();
  const plain = randomBytes(100_000);
  const [first, second] = await Promise.all([files.of(plain, KEY), files.of(plain, KEY)]);
  assert.equal(first, second);
  assert.equal(files.of(plain, KEY), first);
  const other = new ContentKeys([Buffer.from("secret")]).of("epoch", 5, 5);
  assert.notDeepEqual(await files.of(plain, other), first);
});

test("thirty seconds of eight megabits do not hold the event loop", async () => {
  const plain = randomBytes(30 * 1_000_000);
  const longest = await leastEventLoopDelay(() => encryptFile(plain, KEY));
  assert.ok(longest < TESTED_HOLD_MS, `${longest} ms`);
});
