import assert from "node:assert/strict";
import { test } from "node:test";
import { DateTime } from "luxon";
import { movedWeekly, patternOf, repeatDaysOf } from "./series-pattern.ts";

const NINE = { startsAt: "2026-12-01T09:00", endsAt: "2026-12-01T09:45" };
const at = (local: string) => DateTime.fromISO(local, { zone: "Europe/Berlin" });

test("a lesson that does not repeat is a pattern of its day alone", () => {
  const once = { everyWeeks: 1, startsOn: "2026-12-01", endsOn: "2026-12-01", skipHolidays: true };
  assert.deepEqual(patternOf({ ...NINE, repeat: "no" }), { ...once, weekly: [{ days: [2], from: "09:00", to: "09:45" }] });
  assert.deepEqual(patternOf({ startsAt: NINE.startsAt }), { ...once, weekly: [{ days: [2], from: "09:00", to: "09:45" }] });
  assert.equal(patternOf({ startsAt: "", endsAt: "" }), null);
});

test("a lesson that repeats is on the chosen days, or on the day of its start, until the last day", () => {
  const values = { ...NINE, repeat: "2", repeatDays: "2 4", until: "2027-01-29", skipHolidays: "no" };
  assert.deepEqual(patternOf(values), {
    weekly: [{ days: [2, 4], from: "09:00", to: "09:45" }],
    everyWeeks: 2,
    startsOn: "2026-12-01",
    endsOn: "2027-01-29",
    skipHolidays: false,
  });
  assert.deepEqual(patternOf({ ...NINE, repeat: "1" })?.weekly[0]?.days, [2]);
  assert.equal(patternOf({ ...NINE, repeat: "1" })?.endsOn, null);
  assert.deepEqual(repeatDaysOf(NINE), [2]);
});

test("moving a lesson of the series moves its day, and the time of all days that share it", () => {
  const weekly = [
    { days: [1, 4], from: "09:00", to: "09:45" },
    { days: [3], from: "23:30", to: "00:15" },
  ];
  assert.deepEqual(movedWeekly(weekly, at("2026-12-03T09:00"), at("2026-12-04T10:30")), [
    { days: [1, 5], from: "10:30", to: "11:15" },
    weekly[1],
  ]);
  assert.deepEqual(movedWeekly(weekly, at("2026-12-02T23:30"), at("2026-12-02T22:30"))[1], {
    days: [3],
    from: "22:30",
    to: "23:15",
  });
  assert.deepEqual(movedWeekly(weekly, at("2026-12-01T09:00"), at("2026-12-04T10:30")), weekly, "no lesson of the series");
});
