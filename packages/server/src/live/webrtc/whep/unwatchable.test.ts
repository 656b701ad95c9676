import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../../platform/refusal.ts";
import { unwatchable } from "./unwatchable.ts";

const MATH = { app: "live", name: "math" };

test("a stream whose conversion is late, or has no room now, is refused for a moment, with the ways that play at once", () => {
  const answers = [new Refusal("not-yet"), new Refusal("full")].map((why) => {
    const { code, status, retryAfter, detail } = unwatchable(MATH, why);
    return { code, status, retryAfter, hasAddresses: detail.includes("/live/math.flv") && detail.includes("/live/math.m3u8") };
  });
  assert.deepEqual(answers, [
    { code: "not-yet", status: 503, retryAfter: 1, hasAddresses: true },
    { code: "full", status: 503, retryAfter: 5, hasAddresses: true },
  ]);
});

test("a stream that nobody converts is refused for good", () => {
  for (const why of [null, new Refusal("no-such-stream")]) {
    const { code, status, retryAfter } = unwatchable(MATH, why);
    assert.deepEqual({ code, status, retryAfter }, { code: "not-in-webrtc", status: 404, retryAfter: null });
  }
});
