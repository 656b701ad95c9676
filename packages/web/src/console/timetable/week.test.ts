import assert from "node:assert/strict";
import { test } from "node:test";
import { DateTime } from "luxon";
import { daysOf, dropTime, hoursOf, keyTime, lanesOf, layoutOf, mondayOf, monthOf, movedEnd, offsetOf, slotOf } from "./week.ts";

const SHANGHAI = "Asia/Shanghai";
const BERLIN = "Europe/Berlin";
const slot = (startsAt: string, endsAt: string | null, zone = SHANGHAI) => slotOf({ startsAt, endsAt }, zone)!;

test("a week starts on Monday, in the school's zone", () => {
  assert.equal(mondayOf("2026-03-05", SHANGHAI).toISO(), "2026-03-02T00:00:00.000+08:00");
  assert.equal(mondayOf("2026-03-02", SHANGHAI).toISODate(), "2026-03-02");
  assert.equal(mondayOf("2026-03-08", SHANGHAI).toISODate(), "2026-03-02");
  assert.equal(mondayOf("2027-01-01", SHANGHAI).toISODate(), "2026-12-28");
});

test("without a date, or with a wrong one, it is the current week of the school, not of the browser", () => {
  const sundayInLondon = DateTime.fromISO("2026-03-08T20:00:00Z");
  assert.equal(mondayOf(null, SHANGHAI, sundayInLondon).toISODate(), "2026-03-09");
  assert.equal(mondayOf("soon", "Europe/London", sundayInLondon).toISODate(), "2026-03-02");
});

test("a phone shows the month that most of a week is in, and today's month on its last days too", () => {
  const lastDay = DateTime.fromISO("2026-11-30T01:00:00Z");
  assert.equal(monthOf(null, "UTC", lastDay).toISODate(), "2026-11-01");
  assert.equal(monthOf(null, SHANGHAI, DateTime.fromISO("2026-11-30T17:00:00Z")).toISODate(), "2026-12-01");
  assert.equal(monthOf("2026-11-30", "UTC", lastDay).toISODate(), "2026-12-01");
  for (let month = 1; month <= 12; month++) {
    const first = DateTime.fromObject({ year: 2027, month }, { zone: "UTC" });
    assert.equal(monthOf(first.plus({ days: 3 }).toISODate(), "UTC").toISODate(), first.toISODate());
  }
});

test("a week with a change to or from daylight saving time has seven midnights", () => {
  for (const date of ["2026-03-29", "2026-10-25"]) {
    const days = daysOf(mondayOf(date, BERLIN));
    assert.deepEqual(
      days.map((day) => [day.hour, day.weekday]),
      [1, 2, 3, 4, 5, 6, 7].map((weekday) => [0, weekday]),
    );
  }
});

test("a lesson without an end lasts 45 minutes, one without a time has no slot", () => {
  assert.equal(slot("2026-03-02T01:00:00Z", null).end.toFormat("HH:mm"), "09:45");
  assert.equal(slotOf({ startsAt: null, endsAt: null }, SHANGHAI), null);
});

test("early and late lessons extend the hours, and a lesson past midnight is shown until midnight", () => {
  assert.deepEqual(hoursOf([]), { first: 7, last: 22 });
  assert.deepEqual(hoursOf([slot("2026-03-01T21:30:00Z", "2026-03-01T22:15:00Z")]), { first: 5, last: 22 });
  assert.deepEqual(hoursOf([slot("2026-03-02T13:30:00Z", "2026-03-02T14:15:00Z")]), { first: 7, last: 23 });
  assert.deepEqual(hoursOf([slot("2026-03-02T15:30:00Z", "2026-03-02T16:30:00Z")]), { first: 7, last: 24 });
});

test("a slot is placed by its hours, at least one of them high", () => {
  const hours = { first: 7, last: 22 };
  assert.deepEqual(layoutOf(slot("2026-03-02T01:30:00Z", "2026-03-02T02:00:00Z"), hours), { top: 2.5, height: 1 });
  assert.deepEqual(layoutOf(slot("2026-03-02T01:00:00Z", "2026-03-02T03:30:00Z"), hours), { top: 2, height: 2.5 });
});

test("a drop lands on the nearest quarter of an hour, within the day", () => {
  const day = DateTime.fromISO("2026-03-02", { zone: SHANGHAI });
  const at = (offset: number) => dropTime(day, { first: 7, last: 22 }, offset).toFormat("dd HH:mm");
  assert.deepEqual([at(0), at(2.1), at(2.13), at(-9), at(20)], ["02 07:00", "02 09:00", "02 09:15", "02 00:00", "02 23:45"]);
});

test("on a day of 23 hours a drop lands at the time that the clock on the wall shows", () => {
  const day = DateTime.fromISO("2026-03-29", { zone: BERLIN });
  assert.equal(dropTime(day, { first: 7, last: 22 }, 3).toISO(), "2026-03-29T10:00:00.000+02:00");
});

test("arrow keys move by a quarter of an hour or by a day, across daylight saving time too", () => {
  const start = DateTime.fromISO("2026-03-28T10:00", { zone: BERLIN });
  assert.equal(keyTime(start, "ArrowDown")?.toFormat("HH:mm"), "10:15");
  assert.equal(keyTime(start, "ArrowUp")?.toFormat("HH:mm"), "09:45");
  assert.equal(keyTime(start, "ArrowRight")?.toISO(), "2026-03-29T10:00:00.000+02:00");
  assert.equal(keyTime(start, "Enter"), null);
});

test("a moved lesson keeps its length", () => {
  const times = { startsAt: "2026-03-02T01:00:00Z", endsAt: "2026-03-02T01:45:00Z" };
  const start = DateTime.fromISO("2026-03-03T02:00:00Z");
  assert.equal(movedEnd(times, start)?.toUTC().toISO(), "2026-03-03T02:45:00.000Z");
  assert.equal(movedEnd({ ...times, endsAt: null }, start), null);
});

test("lessons at the same time stand beside each other, and one after them has the whole width", () => {
  const at = (from: string, to: string) => slot(`2026-03-02T${from}:00Z`, `2026-03-02T${to}:00Z`);
  assert.deepEqual(lanesOf([at("01:00", "02:00"), at("01:30", "02:30"), at("02:00", "03:00"), at("04:00", "05:00")]), [
    { lane: 0, lanes: 2 },
    { lane: 1, lanes: 2 },
    { lane: 0, lanes: 2 },
    { lane: 0, lanes: 1 },
  ]);
  // Each is drawn at least an hour high.
  assert.deepEqual(lanesOf([at("01:00", "01:20"), at("01:30", "01:50")]), [
    { lane: 0, lanes: 2 },
    { lane: 1, lanes: 2 },
  ]);
  assert.deepEqual(lanesOf([]), []);
});

test("the line for now stands at the clock of the school, within the shown hours", () => {
  const hours = { first: 7, last: 22 };
  assert.equal(offsetOf(DateTime.fromISO("2026-03-02T09:30", { zone: SHANGHAI }), hours), 2.5);
  assert.equal(offsetOf(DateTime.fromISO("2026-03-02T06:59", { zone: SHANGHAI }), hours), null);
  assert.equal(offsetOf(DateTime.fromISO("2026-03-02T23:00", { zone: SHANGHAI }), hours), null);
});
