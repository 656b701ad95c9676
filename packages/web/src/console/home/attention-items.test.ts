import assert from "node:assert/strict";
import { test } from "node:test";
import { byStart, lateLessons, lessonsWithoutTeacher } from "./attention-items.ts";

const now = Date.parse("2026-03-02T09:00:00Z");
const lesson = (minutes: number | null, teacherId: string | null = "t") => ({
  startsAt: minutes === null ? null : new Date(now + minutes * 60_000).toISOString(),
  teacherId,
});

test("a lesson is late when it should have started more than five minutes ago", () => {
  const [early, punctual, late] = [lesson(10), lesson(-4), lesson(-6)];
  assert.deepEqual(lateLessons([early, punctual, late, lesson(null)], now), [late]);
});

test("a lesson without a teacher is listed in the day before it starts", () => {
  const soon = lesson(60, null);
  const others = [lesson(60), lesson(-1, null), lesson(25 * 60, null), lesson(null, null)];
  assert.deepEqual(lessonsWithoutTeacher([...others, soon], now), [soon]);
});

test("lessons are sorted by their start, those without a time last", () => {
  const [first, second, open] = [lesson(1), lesson(2), lesson(null)];
  assert.deepEqual(byStart([open, second, first]), [first, second, open]);
});
