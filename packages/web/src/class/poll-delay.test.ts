/** How soon a class page polls again: often while somebody looks at it, seldom while hidden, not at all when the lesson is over. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pollDelay } from "./poll-delay.ts";

test("a page that is shown polls every four seconds, a hidden one every minute", () => {
  for (const lesson of ["scheduled", "live", null] as const) {
    assert.equal(pollDelay({ lesson, isHidden: false, endedPolls: 0 }), 4000);
    assert.equal(pollDelay({ lesson, isHidden: true, endedPolls: 0 }), 60_000);
  }
});

test("after the end of a lesson, polls become rarer and stop after a quarter of an hour", () => {
  const delays: number[] = [];
  for (let endedPolls = 1; ; endedPolls++) {
    const delay = pollDelay({ lesson: "ended", isHidden: false, endedPolls });
    if (delay === null) break;
    delays.push(delay);
  }
  assert.deepEqual(delays.slice(0, 6), [4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  const minutes = delays.reduce((sum, delay) => sum + delay, 0) / 60_000;
  assert.ok(minutes > 14 && minutes < 16, `${minutes} minutes`);
});

test("a hidden page does not poll a lesson that has ended", () => {
  assert.equal(pollDelay({ lesson: "ended", isHidden: true, endedPolls: 1 }), null);
});
