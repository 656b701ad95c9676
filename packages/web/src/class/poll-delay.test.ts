/** How soon a class page polls again: often while somebody looks at it, seldom while hidden, not at all when the lesson is over. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PollState, pollDelay } from "./poll-delay.ts";

const meanDelay = (state: PollState) => pollDelay(state, () => 0.5);

test("a page that is shown polls every four seconds, a hidden one every minute", () => {
  for (const lesson of ["scheduled", "live", null] as const) {
    assert.equal(meanDelay({ lesson, isHidden: false, endedPolls: 0 }), 4000);
    assert.equal(meanDelay({ lesson, isHidden: true, endedPolls: 0 }), 60_000);
  }
});

test("while the room is connected, a page polls every minute, and every four seconds again when it is not", () => {
  const state = { lesson: "live", isHidden: false, endedPolls: 0 } as const;
  assert.equal(meanDelay({ ...state, isConnected: true }), 60_000);
  assert.equal(meanDelay({ ...state, isConnected: false }), 4000);
});

test("after the end of a lesson, polls become rarer and stop after a quarter of an hour", () => {
  const delays: number[] = [];
  for (let endedPolls = 1; ; endedPolls++) {
    const delay = meanDelay({ lesson: "ended", isHidden: false, endedPolls });
    if (delay === null) break;
    delays.push(delay);
  }
  assert.deepEqual(delays.slice(0, 6), [4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  const minutes = delays.reduce((sum, delay) => sum + delay, 0) / 60_000;
  assert.ok(minutes > 14 && minutes < 16, `${minutes} minutes`);
});

test("a hidden page does not poll a lesson that has ended", () => {
  assert.equal(meanDelay({ lesson: "ended", isHidden: true, endedPolls: 1 }), null);
});

test("delays differ by up to a tenth, around the same mean", () => {
  const state = { lesson: "live", isHidden: false, endedPolls: 0 } as const;
  assert.deepEqual([pollDelay(state, () => 0), pollDelay(state, () => 1)], [3600, 4400]);
  const delays = Array.from({ length: 200 }, () => pollDelay(state) ?? 0);
  assert.ok(delays.every((delay) => delay >= 3600 && delay <= 4400));
  assert.ok(new Set(delays).size > 50);
});
