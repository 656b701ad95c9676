/** What a person can do with an examination: enter within its times and attempts, go on while the own time lasts, and read the result once it is out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownState } from "./own-state.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 12, 9);
const at = (minutes: number) => new Date(NOW + minutes * MINUTE);
const EXAM = {
  opens_at: at(-10),
  closes_at: at(50),
  latest_entry_at: null,
  seconds: 1200,
  attempts: 1,
  released_at: null,
  practice: false,
};
const SITS = { number: 1, started_at: at(-5), ends_at: at(15), handed_in_at: null };
const OVER = { ...SITS, handed_in_at: at(-1) };

test("without an attempt, the times of entering decide", () => {
  assert.equal(ownState(EXAM, null, NOW), "open");
  assert.equal(ownState({ ...EXAM, opens_at: at(31) }, null, NOW), "coming");
  assert.equal(ownState({ ...EXAM, opens_at: at(29) }, null, NOW), "open", "the waiting room");
  assert.equal(ownState({ ...EXAM, latest_entry_at: at(-1) }, null, NOW), "missed");
  assert.equal(ownState({ ...EXAM, closes_at: at(0) }, null, NOW), "missed");
});

test("who sits goes on until the own end, also where that is after the examination's", () => {
  assert.equal(ownState(EXAM, SITS, NOW), "open");
  assert.equal(ownState({ ...EXAM, closes_at: at(-1) }, SITS, NOW), "open", "more time was given");
  assert.equal(ownState(EXAM, { ...SITS, ends_at: at(0) }, NOW), "handed-in");
  const waits = { ...SITS, started_at: null, ends_at: null };
  assert.equal(ownState({ ...EXAM, latest_entry_at: at(-1) }, waits, NOW), "open", "who has entered may begin later");
  assert.equal(ownState({ ...EXAM, closes_at: at(0) }, waits, NOW), "missed");
});

test("what is handed in waits for its release, but in practice, and is open again while attempts are left", () => {
  assert.equal(ownState(EXAM, OVER, NOW), "handed-in");
  assert.equal(ownState({ ...EXAM, released_at: at(-1) }, OVER, NOW), "released");
  assert.equal(ownState({ ...EXAM, practice: true }, OVER, NOW), "released");
  const twice = { ...EXAM, attempts: 2, practice: true };
  assert.equal(ownState(twice, OVER, NOW), "open");
  assert.equal(ownState(twice, { ...OVER, number: 2 }, NOW), "released");
  assert.equal(ownState({ ...twice, closes_at: at(-1) }, OVER, NOW), "released");
});
