import assert from "node:assert/strict";
import { test } from "node:test";
import { conflictsOf } from "./teacher-conflicts.ts";
import { slotOf } from "./week.ts";

const lesson = (title: string, teacherId: string | null, from: string, to: string, state = "scheduled") => {
  const times = { startsAt: `2026-12-01T${from}:00Z`, endsAt: `2026-12-01T${to}:00Z` };
  return { lesson: { title, teacherId, state, ...times } as never, slot: slotOf(times, "UTC")! };
};
const titles = (placed: Parameters<typeof conflictsOf>[0]) =>
  conflictsOf(placed).map(({ first, second }) => `${first.lesson.title} ${second.lesson.title}`);

test("two lessons of a teacher at the same time are a conflict, one after the other and those of others are none", () => {
  assert.deepEqual(
    titles([
      lesson("B", "t1", "09:30", "10:15"),
      lesson("A", "t1", "09:00", "09:45"),
      lesson("C", "t1", "10:15", "11:00"),
      lesson("D", "t2", "09:00", "09:45"),
      lesson("E", null, "09:00", "09:45"),
      lesson("F", null, "09:00", "09:45"),
    ]),
    ["A B"],
  );
});

test("a long lesson conflicts with each that begins in it, and a lesson that is over with none", () => {
  assert.deepEqual(
    titles([
      lesson("A", "t1", "09:00", "12:00"),
      lesson("B", "t1", "09:30", "10:00"),
      lesson("C", "t1", "11:00", "11:30"),
      lesson("D", "t1", "11:00", "11:30", "ended"),
    ]),
    ["A B", "A C"],
  );
});
