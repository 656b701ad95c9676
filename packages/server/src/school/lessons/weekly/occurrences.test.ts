/** When the lessons of a series are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DateTime } from "luxon";
import { momentsOf, occurrenceNamed, occurrencesOf, type Pattern, renamer } from "./occurrences.ts";

const NINE = { from: "09:00", to: "09:45" };
const END = "2030-01-01";

function patternOf(fields: Partial<Pattern>): Pattern {
  return {
    time_zone: "Asia/Shanghai",
    weekly: [{ days: [1], ...NINE }],
    every_weeks: 1,
    starts_on: "2026-09-07",
    ends_on: null,
    lesson_count: null,
    skip_holidays: true,
    ...fields,
  };
}

const daysOf = (pattern: Pattern, holidays: { starts_on: string; ends_on: string }[] = [], until = END) =>
  [...occurrencesOf(pattern, holidays, until)].filter(({ isHoliday }) => !isHoliday).map(({ name }) => name);
const startsOf = (pattern: Pattern, until = END) =>
  [...occurrencesOf(pattern, [], until)].map((one) => momentsOf(pattern, one).startsAt.toISOString());

test("a lesson stays at nine when the clocks change in Berlin and in New York, and in Shanghai, where they do not", () => {
  const autumn = { starts_on: "2026-10-19", ends_on: "2026-11-09" };
  assert.deepEqual(startsOf(patternOf({ ...autumn, time_zone: "Europe/Berlin" })), [
    "2026-10-19T07:00:00.000Z",
    "2026-10-26T08:00:00.000Z",
    "2026-11-02T08:00:00.000Z",
    "2026-11-09T08:00:00.000Z",
  ]);
  assert.deepEqual(startsOf(patternOf({ ...autumn, time_zone: "America/New_York" })), [
    "2026-10-19T13:00:00.000Z",
    "2026-10-26T13:00:00.000Z",
    "2026-11-02T14:00:00.000Z",
    "2026-11-09T14:00:00.000Z",
  ]);
  for (const start of startsOf(patternOf(autumn))) assert.match(start, /T01:00:00/);
});

test("a time that the clocks skip is an hour later, and the lesson keeps its length", () => {
  const pattern = patternOf({
    time_zone: "Europe/Berlin",
    weekly: [{ days: [7], from: "02:30", to: "03:00" }],
    starts_on: "2026-03-29",
  });
  const [first] = occurrencesOf(pattern, [], "2026-03-29");
  assert.deepEqual(momentsOf(pattern, first!), {
    startsAt: new Date("2026-03-29T01:30:00Z"),
    endsAt: new Date("2026-03-29T02:00:00Z"),
  });
});

test("a lesson past midnight ends on the next day", () => {
  const pattern = patternOf({ weekly: [{ days: [5], from: "23:30", to: "00:15" }], starts_on: "2026-12-31" });
  const [first] = occurrencesOf(pattern, [], END);
  assert.equal(first?.name, "2027-01-01");
  assert.equal(momentsOf(pattern, first!).endsAt.toISOString(), "2027-01-01T16:15:00.000Z");
});

test("every second week goes on over a year of 53 weeks", () => {
  // 2026 has a week 53, from 28 December: by the parity of the week's number, two lessons would follow each other.
  assert.deepEqual(daysOf(patternOf({ starts_on: "2026-12-14", every_weeks: 2, ends_on: "2027-01-31" })), [
    "2026-12-14",
    "2026-12-28",
    "2027-01-11",
    "2027-01-25",
  ]);
  assert.equal(daysOf(patternOf({ starts_on: "2025-12-29", ends_on: "2027-01-03" })).length, 53);
});

test("the leap day has its lesson", () => {
  const tuesdays = patternOf({ weekly: [{ days: [2], ...NINE }], starts_on: "2028-02-22", lesson_count: 3 });
  assert.deepEqual(daysOf(tuesdays), ["2028-02-22", "2028-02-29", "2028-03-07"]);
});

test("a series that starts in the middle of a week has only the days that are left of it", () => {
  const pattern = patternOf({ weekly: [{ days: [1, 3, 5], ...NINE }], starts_on: "2026-09-09", lesson_count: 3 });
  assert.deepEqual(daysOf(pattern), ["2026-09-09", "2026-09-11", "2026-09-14"]);
});

test("holidays have no lessons, and a series of so many lessons ends as much later", () => {
  const golden = { starts_on: "2026-10-01", ends_on: "2026-10-07" };
  assert.deepEqual(daysOf(patternOf({ starts_on: "2026-09-28", lesson_count: 3 }), [golden]), [
    "2026-09-28",
    "2026-10-12",
    "2026-10-19",
  ]);
  assert.deepEqual(daysOf(patternOf({ starts_on: "2026-09-28", ends_on: "2026-10-19" }), [golden]), [
    "2026-09-28",
    "2026-10-12",
    "2026-10-19",
  ]);
});

test("lessons of one day are named in the order of their times", () => {
  const twice = patternOf({
    weekly: [
      { days: [1], from: "14:00", to: "15:00" },
      { days: [1], ...NINE },
    ],
    lesson_count: 2,
  });
  assert.deepEqual(
    [...occurrencesOf(twice, [], END)].map(({ name, time }) => [name, time.from]),
    [
      ["2026-09-07", "09:00"],
      ["2026-09-07/2", "14:00"],
    ],
  );
  assert.equal(occurrenceNamed(twice, "2026-09-07/2")?.time.from, "14:00");
  assert.equal(occurrenceNamed(twice, "2026-09-08"), null);
});

test("a lesson keeps its day when the time changes, and goes to the new day of its week when the day does", () => {
  const before = patternOf({ weekly: [{ days: [1, 4], ...NINE }] });
  const later = renamer(before, patternOf({ weekly: [{ days: [1, 4], from: "10:00", to: "11:00" }] }));
  assert.deepEqual(["2026-12-24", "2026-12-28"].map(later), ["2026-12-24", "2026-12-28"]);
  const moved = renamer(before, patternOf({ weekly: [{ days: [1, 5], ...NINE }] }));
  assert.deepEqual(["2026-12-24", "2026-12-28"].map(moved), ["2026-12-25", "2026-12-28"]);
  const fewer = renamer(before, patternOf({}));
  assert.deepEqual(["2026-12-24", "2026-12-28"].map(fewer), [null, "2026-12-28"]);
});

test("of two lessons a day, each keeps its time when one is taken out or put before them, and its place when both have new times", () => {
  const at = (...hours: string[]) =>
    patternOf({ weekly: hours.map((hour) => ({ days: [1], from: `${hour}:00`, to: `${hour}:45` })) });
  const renamed = (before: Pattern, after: Pattern) => ["2026-09-07", "2026-09-07/2"].map(renamer(before, after));
  assert.deepEqual(renamed(at("09", "14"), at("14")), [null, "2026-09-07"]);
  assert.deepEqual(renamed(at("09", "14"), at("09")), ["2026-09-07", null]);
  assert.deepEqual(renamed(at("09", "14"), at("08", "09", "14")), ["2026-09-07/2", "2026-09-07/3"]);
  assert.deepEqual(renamed(at("09", "14"), at("10", "15")), ["2026-09-07", "2026-09-07/2"]);
  assert.deepEqual(renamed(at("09", "14"), at("08", "09")), ["2026-09-07/2", "2026-09-07"]);
});

test("a series that becomes one of every second week has no place for the lessons between", () => {
  const rename = renamer(patternOf({}), patternOf({ every_weeks: 2 }));
  assert.deepEqual(["2026-09-07", "2026-09-14", "2026-09-21"].map(rename), ["2026-09-07", null, "2026-09-21"]);
});

test("whatever the pattern: in order, on its days, by the clock on the wall, each name once and found again", () => {
  const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC");
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  // Between the hours that clocks skip anywhere.
  const hour = fc.integer({ min: 4, max: 22 });
  const day = fc.date({ min: new Date("2024-01-01"), max: new Date("2032-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(
      zones,
      days,
      hour,
      day,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 60 }),
      (zone, on, from, at, every, n) => {
        const time = { days: on, from: `${String(from).padStart(2, "0")}:00`, to: `${String(from).padStart(2, "0")}:30` };
        const starts_on = at.toISOString().slice(0, 10);
        const pattern = patternOf({ time_zone: zone, weekly: [time], every_weeks: every, starts_on, lesson_count: n });
        const found = [...occurrencesOf(pattern, [], "2040-01-01")];
        assert.equal(found.length, n);
        assert.equal(new Set(found.map(({ name }) => name)).size, n);
        let last = 0;
        for (const one of found) {
          const { startsAt, endsAt } = momentsOf(pattern, one);
          const local = DateTime.fromJSDate(startsAt, { zone });
          assert.equal(local.toFormat("yyyy-MM-dd HH:mm"), `${one.date} ${time.from}`);
          assert.ok(
            on.includes(local.weekday) && startsAt.getTime() > last && endsAt.getTime() - startsAt.getTime() === 30 * 60_000,
          );
          assert.equal(occurrenceNamed(pattern, one.name)?.time, time);
          last = startsAt.getTime();
        }
      },
    ),
    { numRuns: 60 },
  );
});
