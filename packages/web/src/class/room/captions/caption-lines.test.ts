/** Which captions are shown: at their time, replaced by better words, and gone when they were read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Caption } from "@lectern/room";
import { CaptionLines } from "./caption-lines.ts";

const caption = (ref: string, start: number, text = ref, isFinal = true): Caption => ({
  ref,
  start,
  end: start + 2000,
  spokenAt: 0,
  text,
  language: "en",
  isFinal,
});

test("a caption waits for the picture, and is shown for as long as it takes to read", () => {
  const lines = new CaptionLines();
  lines.take(caption("a", 5000), 0);
  assert.deepEqual(lines.shown(0, 4000), []);
  assert.deepEqual(lines.shown(1000, 5000), ["a"]);
  assert.deepEqual(lines.shown(4400, 8400), ["a"]);
  assert.deepEqual(lines.shown(4600, 8600), []);
});

test("where the picture does not tell its time, or has another, a caption is shown when it comes", () => {
  const lines = new CaptionLines();
  lines.take(caption("a", 5000), 0);
  assert.deepEqual(lines.shown(0, null), ["a"]);
  lines.take(caption("b", 900_000), 100);
  assert.deepEqual(lines.shown(100, 4000), ["a", "b"]);
});

test("better words take the place of provisional ones, and the time to read begins again", () => {
  const lines = new CaptionLines();
  lines.take(caption("a", 0, "good mourning", false), 0);
  assert.deepEqual(lines.shown(0, 1000), ["good mourning"]);
  lines.take(caption("a", 0, "Good morning.", true), 3000);
  assert.deepEqual(lines.shown(6000, 7000), ["Good morning."]);
});

test("of many, the two newest are shown", () => {
  const lines = new CaptionLines();
  for (const ref of ["a", "b", "c"]) lines.take(caption(ref, 0), 0);
  assert.deepEqual(lines.shown(0, 1000), ["b", "c"]);
});
