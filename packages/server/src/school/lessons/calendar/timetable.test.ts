/** Timetables as iCalendar. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { timetable } from "./timetable.ts";

const LESSON = {
  id: "l1",
  version: 3,
  title: "Fractions",
  code: "K7MP2XQF",
  created_at: new Date(0),
  starts_at: new Date("2026-11-20T01:00:00Z"),
  ends_at: new Date("2026-11-20T01:45:00Z"),
};

test("a lesson is an event with its times, its join link, and its version as the sequence", () => {
  const text = timetable("School", [LESSON], "https://school.example");
  for (const line of [
    "UID:l1@lectern",
    "SEQUENCE:3",
    "DTSTART:20261120T010000Z",
    "DTEND:20261120T014500Z",
    "SUMMARY:Fractions",
    "URL;VALUE=URI:https://school.example/j/K7MP2XQF",
  ])
    assert.ok(text.split("\r\n").includes(line), `${line} is missing in\n${text}`);
});

test("a lesson without an end lasts an hour; one without a start is left out", () => {
  const text = timetable(
    "School",
    [
      { ...LESSON, ends_at: null },
      { ...LESSON, id: "l2", starts_at: null },
    ],
    "",
  );
  assert.ok(text.includes("DTEND:20261120T020000Z"));
  assert.equal(text.includes("l2@lectern"), false);
});

test("every line ends with CRLF, the last one too", () => {
  const text = timetable("School", [LESSON], "https://school.example");
  assert.ok(text.endsWith("END:VEVENT\r\nEND:VCALENDAR\r\n"), JSON.stringify(text.slice(-40)));
  assert.doesNotMatch(text.replaceAll("\r\n", ""), /[\r\n]/);
});
