/** Limits of API keys: true waiting times, and each key by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { KeyLimits } from "./api-key.ts";

function refusalOf(work: () => void) {
  try {
    work();
    return null;
  } catch (error) {
    assert.ok(error instanceof RefusalError);
    return error.refusal;
  }
}

test("a key with 60 requests a minute makes ten at once, then one each second; others are not touched", () => {
  let now = 0;
  const limits = new KeyLimits(() => now);
  for (let i = 0; i < 10; i++) limits.count("a", 60);
  const refused = refusalOf(() => limits.count("a", 60));
  assert.deepEqual([refused?.code, refused?.retryAfter], ["too-many", 1]);
  limits.count("b", 60);
  limits.count("c", 6000);
  now = 1000;
  limits.count("a", 60);
  assert.equal(refusalOf(() => limits.count("a", 60))?.code, "too-many");
});
