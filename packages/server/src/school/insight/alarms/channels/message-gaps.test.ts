/** How far messages are apart: whatever the rhythm of what comes and goes, they become rare, and after a quiet time they are quick again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type GapState, levelAfter, nextMessageAt, type Urgency } from "./message-gaps.ts";

const MINUTE = 60_000;

/** How many messages a day has, when there is something to tell at each interval. */
function messagesInADay(everyMs: number, urgency: Urgency = "usual"): number {
  let state: GapState = { level: 0, lastSentAt: null };
  let count = 0;
  for (let now = 0; now < 24 * 60 * MINUTE; now += everyMs) {
    if (now < nextMessageAt(state, urgency)) continue;
    state = { level: levelAfter(state, now), lastSentAt: now };
    count++;
  }
  return count;
}

test("what comes and goes all day is at most three messages an hour, in every rhythm", () => {
  for (let seconds = 5; seconds <= 3600; seconds += 5) {
    const count = messagesInADay(seconds * 1000);
    assert.ok(count <= 72, `${count} messages at every ${seconds} s`);
    assert.ok(count >= 24, `${count} messages at every ${seconds} s: too late`);
  }
});

test("new critical alarms wait five minutes at most", () => {
  assert.equal(nextMessageAt({ level: 4, lastSentAt: 0 }, "critical"), 5 * MINUTE);
  assert.equal(nextMessageAt({ level: 0, lastSentAt: 0 }, "critical"), MINUTE / 2);
  assert.ok(messagesInADay(MINUTE, "critical") <= 24 * 12 + 3);
});

test("two hours without a message make the next ones quick again", () => {
  assert.equal(levelAfter({ level: 4, lastSentAt: 0 }, 121 * MINUTE), 0);
  assert.equal(levelAfter({ level: 4, lastSentAt: 0 }, 61 * MINUTE), 3);
  assert.equal(levelAfter({ level: 0, lastSentAt: null }, 0), 0);
});

test("the end of an alarm waits a minute at most, and with the others after many messages", () => {
  const waits = [0, 1, 2, 3, 4].map((level) => nextMessageAt({ level, lastSentAt: 0 }, "ended") / MINUTE);
  assert.deepEqual(waits, [0.5, 1, 1, 1, 30]);
});
