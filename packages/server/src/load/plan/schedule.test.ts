import assert from "node:assert/strict";
import { test } from "node:test";
import { type Plan, planSchema } from "./plan.ts";
import { scheduleOf } from "./schedule.ts";

function planOf(seed: number, group: object = {}): Plan {
  return planSchema.parse({
    title: "A lesson",
    seed,
    lessons: [{ name: "maths", count: 3, lasts: "100s" }],
    people: [
      {
        name: "students",
        lesson: "maths",
        count: 400,
        arrive: { how: "surge", within: "60s" },
        watch: { flv: 3, hls: 1 },
        away: { share: 0.5, after: "5s", back: "3s" },
        ...group,
      },
    ],
  });
}

test("the same seed gives the same people, and another seed others", () => {
  assert.deepEqual(scheduleOf(planOf(7)), scheduleOf(planOf(7)));
  assert.notDeepEqual(
    scheduleOf(planOf(7)).map(({ arrivesAt }) => arrivesAt),
    scheduleOf(planOf(8)).map(({ arrivesAt }) => arrivesAt),
  );
});

test("people come in order within their time, most of a surge soon, and leave with the lesson", () => {
  const people = scheduleOf(planOf(1));
  const times = people.map(({ arrivesAt }) => arrivesAt);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.ok(times.every((at) => at >= 0 && at <= 60_000));
  const soon = times.filter((at) => at < 15_000).length / times.length;
  assert.ok(soon > 0.65 && soon < 0.85, `${soon}`);
  assert.ok(people.every(({ leavesAt }) => leavesAt === 100_000));
  assert.ok(people.every(({ away, leavesAt }) => !away || (away.from < away.to && away.to < leavesAt)));
});

test("shares of protocols are kept, and people are spread over lessons of one name", () => {
  const people = scheduleOf(planOf(1));
  const flv = people.filter(({ protocol }) => protocol === "flv").length / people.length;
  assert.ok(flv > 0.68 && flv < 0.82, `${flv}`);
  assert.deepEqual([...new Set(people.map(({ lessonIndex }) => lessonIndex))].sort(), [0, 1, 2]);
});

test("all at once is one moment, a ramp is even, and a stay ends", () => {
  assert.ok(scheduleOf(planOf(1, { arrive: { how: "once", at: "2s" } })).every(({ arrivesAt }) => arrivesAt === 2000));
  const ramp = scheduleOf(planOf(1, { count: 4, arrive: { how: "ramp", within: "8s" }, stay: "10s" }));
  assert.deepEqual(
    ramp.map(({ arrivesAt, leavesAt }) => [arrivesAt, leavesAt]),
    [
      [0, 10_000],
      [2000, 12_000],
      [4000, 14_000],
      [6000, 16_000],
    ],
  );
});
