import assert from "node:assert/strict";
import { test } from "node:test";
import { Silence } from "./silence.ts";

/** When silence is noticed that begins after ten seconds, milliseconds later; null: before. */
function noticed(reportMs: number): number | null {
  const silence = new Silence();
  for (let now = 0; now < 20_000; now += 250) {
    const received = Math.floor(Math.min(now, 10_000) / reportMs);
    if (silence.look(received, now)) return now < 10_000 ? null : now - 10_000;
  }
  return Number.POSITIVE_INFINITY;
}

test("a server that is not heard any more is noticed within two and a half seconds, and one that reports is never taken for silent", () => {
  for (const reportMs of [250, 500, 1000]) {
    const after = noticed(reportMs);
    assert.ok(after !== null && after <= 2500, `reports each ${reportMs} ms: ${after}`);
  }
  assert.ok((noticed(1500) ?? 0) > 0);
});
