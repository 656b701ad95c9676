import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { answerHandshake, HANDSHAKE_SIZE, type HmacSha256, isDigestAnswer, openHandshake } from "./handshake.ts";

const hmac: HmacSha256 = (key, data) => createHmac("sha256", key).update(data).digest();
const s1s2 = (answer: Uint8Array) => [answer.subarray(1, 1 + HANDSHAKE_SIZE), answer.subarray(1 + HANDSHAKE_SIZE)] as const;

test("a simple C1 is answered with itself as S2", () => {
  const c1 = openHandshake(randomBytes(HANDSHAKE_SIZE), null).subarray(1);
  const answer = answerHandshake(c1, randomBytes(HANDSHAKE_SIZE), hmac);
  const [, s2] = s1s2(answer);
  assert.equal(answer.length, 1 + 2 * HANDSHAKE_SIZE);
  assert.equal(answer[0], 3);
  assert.deepEqual(s2, c1);
});

test("a C1 with a digest gets S1 and S2 with the digests that belong to it", () => {
  for (let i = 0; i < 20; i++) {
    const c1 = openHandshake(randomBytes(HANDSHAKE_SIZE), hmac).subarray(1);
    const [s1, s2] = s1s2(answerHandshake(c1, randomBytes(HANDSHAKE_SIZE), hmac));
    assert.ok(isDigestAnswer(c1, s1, s2, hmac));
  }
});

test("a digest that is not right gets the simple answer", () => {
  const c1 = openHandshake(randomBytes(HANDSHAKE_SIZE), hmac).subarray(1).slice();
  c1[1000] = (c1[1000] ?? 0) ^ 1;
  const [, s2] = s1s2(answerHandshake(c1, randomBytes(HANDSHAKE_SIZE), hmac));
  assert.deepEqual(s2, c1);
});

test("any C1 is answered", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: HANDSHAKE_SIZE, maxLength: HANDSHAKE_SIZE }), (c1) => {
      assert.equal(answerHandshake(c1, c1, hmac).length, 1 + 2 * HANDSHAKE_SIZE);
    }),
    { numRuns: 30 },
  );
});
