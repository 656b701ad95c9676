import assert from "node:assert/strict";
import { test } from "node:test";
import type { WeekHours } from "../../../foundation/store/alarm-tables.ts";
import { mayNotify } from "./hours.ts";

const WORKDAYS = [1, 2, 3, 4, 5];
const OFFICE: WeekHours = { days: WORKDAYS, from: "08:00", to: "18:00" };
const NIGHT: WeekHours = { days: [1, 2, 3, 4, 5, 6, 7], from: "22:00", to: "07:00" };
/** Of UTC; 2026-11-29 is a Sunday. */
const at = (text: string) => Date.parse(`${text}:00Z`);

test("without hours everything is told at any time", () => {
  assert.equal(mayNotify({ onCall: [], quiet: [] }, "UTC", at("2026-11-29T03:00")), "all");
});

test("outside of its on-call times a channel is told nothing", () => {
  const told = (text: string) => mayNotify({ onCall: [OFFICE], quiet: [] }, "UTC", at(text));
  assert.deepEqual(["2026-11-27T07:59", "2026-11-27T08:00", "2026-11-27T17:59", "2026-11-27T18:00", "2026-11-29T12:00"].map(told), [
    "nothing",
    "all",
    "all",
    "nothing",
    "nothing",
  ]);
});

test("in quiet hours, which go on after midnight, only critical alarms are told", () => {
  const told = (text: string) => mayNotify({ onCall: [], quiet: [NIGHT] }, "UTC", at(text));
  assert.deepEqual(["2026-11-29T21:59", "2026-11-29T22:00", "2026-11-30T06:59", "2026-11-30T07:00"].map(told), [
    ...["all", "critical", "critical", "all"],
  ]);
  const fridays = { onCall: [], quiet: [{ ...NIGHT, days: [5] }] };
  assert.equal(mayNotify(fridays, "UTC", at("2026-11-28T03:00")), "critical", "the night of Friday");
  assert.equal(mayNotify(fridays, "UTC", at("2026-11-27T03:00")), "all", "the night of Thursday");
});

test("hours are those of the school", () => {
  const told = (zone: string) => mayNotify({ onCall: [OFFICE], quiet: [] }, zone, at("2026-11-27T00:30"));
  assert.deepEqual([told("UTC"), told("Asia/Shanghai")], ["nothing", "all"]);
});
