import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTimeoutMs, silenceTimeoutMs } from "./connection-timeouts.ts";

const only = { hasOther: false, timeoutMs: (milliseconds: number) => milliseconds };
const several = { hasOther: true, timeoutMs: (milliseconds: number) => milliseconds };

test("with one server the player waits 20 s for media and as long as it takes for the first frame", () => {
  assert.equal(silenceTimeoutMs(only, 0), 20_000);
  assert.equal(answerTimeoutMs(only, 300, 0), Number.POSITIVE_INFINITY);
});

test("with another server it waits 1.2 s for media, and twice the earlier first frame, but never under 0.6 s", () => {
  assert.equal(silenceTimeoutMs(several, 0), 1200);
  assert.deepEqual(
    [null, 100, 500].map((firstFrameMs) => answerTimeoutMs(several, firstFrameMs, 0)),
    [2400, 600, 1000],
  );
});
