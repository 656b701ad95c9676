/** Limits of joins by the address, the person and the code. Time is a number of this test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { JoinLimits } from "./join-limits.ts";

const SETTINGS = { perAddress: { joinsPerSecond: 5 }, perCode: { joinsPerSecond: 2, burst: 10 } };

/** Runs it so often, and counts how often it is let through, and what a refusal says. */
function tried(times: number, once: () => void): { passed: number; refusal: string | null; retryAfter: number | null } {
  let [passed, refusal, retryAfter]: [number, string | null, number | null] = [0, null, null];
  for (let i = 0; i < times; i++) {
    try {
      once();
      passed++;
    } catch (error) {
      assert.ok(error instanceof RefusalError);
      refusal ??= `${error.refusal.code} ${error.refusal.status}`;
      retryAfter ??= error.refusal.retryAfter;
    }
  }
  return { passed, refusal, retryAfter };
}

test("a code that leaked lets through its burst, then its average; another lesson's is not touched", () => {
  let now = 0;
  const limits = new JoinLimits(
    () => SETTINGS,
    () => now,
  );
  assert.deepEqual(
    tried(200, () => limits.withCode("lesson")),
    { passed: 10, refusal: "too-many 429", retryAfter: 1 },
  );
  assert.equal(tried(5, () => limits.withCode("other")).passed, 5);
  now += 3000;
  assert.equal(tried(200, () => limits.withCode("lesson")).passed, 6);
});

test("an address may join for twenty seconds at once; 64 bits of IPv6 are one address", () => {
  const limits = new JoinLimits(
    () => SETTINGS,
    () => 0,
  );
  assert.equal(tried(150, () => limits.fromAddress("203.0.113.7")).passed, 100);
  assert.equal(tried(100, () => limits.fromAddress("203.0.113.8")).passed, 100);
  assert.equal(tried(60, () => limits.fromAddress("2001:db8::1")).passed, 60);
  assert.equal(tried(60, () => limits.fromAddress("2001:db8::2")).passed, 40);
});

test("a limit that is changed holds at once", () => {
  let settings = SETTINGS;
  const limits = new JoinLimits(
    () => settings,
    () => 0,
  );
  assert.equal(tried(20, () => limits.withCode("lesson")).passed, 10);
  settings = { ...SETTINGS, perCode: { joinsPerSecond: 2, burst: 30 } };
  assert.equal(tried(50, () => limits.withCode("other")).passed, 30);
  assert.equal(tried(5, () => limits.withCode("lesson")).passed, 0, "a greater burst gives nothing for the past");
});
