import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock, systemClock } from "../../../platform/clock.ts";
import { PasswordQueue } from "./password-queue.ts";

test("an address with many wrong passwords has a turn now and then, is not refused, and others do not wait for it", async () => {
  const pauses = new ManualClock();
  // Each look at the clock is a millisecond after the one before, however long a check takes here.
  let milliseconds = 0;
  const queue = new PasswordQueue({ ...systemClock, monotonic: () => ++milliseconds, after: pauses.after });
  const hash = await queue.hash("a good password", "10.0.0.2");
  const attacker = "10.0.0.1";
  let tried = 0;
  const tryWrong = async () => {
    assert.equal(await queue.verify("a wrong password", hash, attacker), false);
    tried++;
  };
  await Promise.all(Array.from({ length: 6 }, tryWrong));
  const waiting = Promise.all(Array.from({ length: 4 }, tryWrong));
  for (let i = 0; i < 12; i++) assert.equal(await queue.verify("a good password", hash, "10.0.0.2"), true);
  assert.equal(tried, 6, "its pause has not ended");
  const endPauses = setInterval(() => pauses.advance(1000));
  await waiting;
  clearInterval(endPauses);
  assert.equal(tried, 10);
});
