import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_SPEAKER, nextSpeaker, type Speaker } from "./speaker.ts";

/** The speaker after levels that came every 200 ms. */
function after(...levels: readonly Readonly<Record<string, number>>[]): Speaker {
  return levels.reduce<Speaker>((speaker, each, i) => nextSpeaker(speaker, new Map(Object.entries(each)), i * 200), NO_SPEAKER);
}

test("the first who speaks is large at once, and stays while all are quiet", () => {
  assert.equal(after({ a: 0.001, b: 0.01 }).person, null);
  assert.equal(after({ a: 0.001, b: 0.2 }).person, "b");
  assert.equal(after({ a: 0, b: 0.2 }, { a: 0, b: 0 }, { a: 0, b: 0 }).person, "b");
});

test("another takes over after speaking for a while, not by a cough", () => {
  const b = { a: 0, b: 0.2 };
  const a = { a: 0.3, b: 0 };
  assert.equal(after(b, a, a, b, a, a).person, "b");
  assert.equal(after(b, a, a, a, a, a).person, "a");
});

test("who has left is large no more", () => {
  assert.equal(after({ a: 0, b: 0.2 }, { a: 0 }).person, null);
});
