import assert from "node:assert/strict";
import { test } from "node:test";
import type { QualityReportRow } from "@lectern/client";
import { reportQuery, rowParameters, totalOf, withoutFilters } from "./report-values.ts";

const NOW = Date.parse("2026-11-24T09:00:30Z");
const query = (text: string) => reportQuery(new URLSearchParams(text), NOW, "Asia/Shanghai");
const row = (fields: Partial<QualityReportRow> = {}): QualityReportRow => ({
  key: "k",
  name: "K",
  lessons: 1,
  viewers: 0,
  watchedMs: 0,
  stalls: 0,
  stallMs: 0,
  disconnects: 0,
  affected: 0,
  complained: 0,
  complainedWithoutView: 0,
  stallRatio: null,
  completionRate: null,
  complaintRate: null,
  droppedShare: null,
  ...fields,
});

test("the report is of 30 days by day, or as the address says; what the address gets wrong is left out", () => {
  const usual = { by: "day", from: "2026-10-25T09:01:00.000Z", to: "2026-11-24T09:01:00.000Z" };
  assert.deepEqual(query(""), usual);
  assert.deepEqual(query("by=week&days=31&day=x&teacherId="), usual);
  assert.deepEqual(query("by=lesson&days=7&carrier=telecom"), {
    by: "lesson",
    carrier: "telecom",
    from: "2026-11-17T09:01:00.000Z",
    to: usual.to,
  });
});

test("a day is one of the school's time zone", () => {
  const { from, to } = query("day=2026-11-20");
  assert.deepEqual([from, to], ["2026-11-19T16:00:00.000Z", "2026-11-20T16:00:00.000Z"]);
});

test("a row leads to what it consists of, and back", () => {
  const parameters = new URLSearchParams("by=teacher&days=7");
  const next = rowParameters(parameters, "teacher", row());
  assert.equal(String(next), "by=lesson&days=7&teacherId=k&name=K");
  assert.equal(String(withoutFilters(next!)), "by=lesson&days=7");
  assert.equal(rowParameters(parameters, "course", row({ key: "" })), null);
  assert.equal(rowParameters(parameters, "lesson", row()), null);
});

test("rows add up by viewers and time, not by their rates", () => {
  const rows = [
    row({ viewers: 999, completionRate: 1, complained: 1, watchedMs: 900, stallMs: 0, affected: 2 }),
    row({ viewers: 1, completionRate: 0, complained: 1, watchedMs: 0, stallMs: 100 }),
    row({ viewers: 0, complained: 3, complainedWithoutView: 3 }),
  ];
  const expected = {
    viewers: 1000,
    watchedMs: 900,
    affected: 2,
    complainedWithoutView: 3,
    completionRate: 0.999,
    complaintRate: 5 / 1003,
    stallRatio: 0.1,
  };
  assert.deepEqual(totalOf(rows), expected);
  assert.equal(totalOf([]).completionRate, null);
});
