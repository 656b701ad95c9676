import assert from "node:assert/strict";
import { test } from "node:test";
import { queuedHash, queuedVerify } from "./password-queue.ts";

test("an address with many wrong passwords has a turn now and then, is not refused, and others do not wait for it", async () => {
  const hash = await queuedHash("a good password", "10.0.0.2");
  const attacker = "10.0.0.1";
  const wrong = { tried: 0 };
  const tryWrong = async () => {
    assert.equal(await queuedVerify("a wrong password", hash, attacker), false);
    wrong.tried++;
  };
  await Promise.all(Array.from({ length: 6 }, tryWrong));
  const waiting = Promise.all(Array.from({ length: 4 }, tryWrong));
  const before = wrong.tried;
  for (let i = 0; i < 12; i++) assert.equal(await queuedVerify("a good password", hash, "10.0.0.2"), true);
  // Without pauses they would take turns.
  assert.ok(wrong.tried - before <= 3, `${wrong.tried - before} wrong ones meanwhile`);
  await waiting;
  assert.equal(wrong.tried, 10);
});
