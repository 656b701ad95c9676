import assert from "node:assert/strict";
import { test } from "node:test";
import { formatInZone } from "./format-in-zone.ts";
import { fromLocalInput, toLocalInput } from "./zoned-time.ts";

test("times are shown in the school's zone and the page's language", () => {
  const iso = "2026-12-01T01:00:00.000Z";
  assert.equal(formatInZone(iso, "Asia/Shanghai", "en-US").replace(/\s/g, " "), "Dec 1, 2026, 9:00 AM");
  assert.equal(formatInZone(iso, "America/New_York", "en-US").replace(/\s/g, " "), "Nov 30, 2026, 8:00 PM");
  assert.equal(formatInZone(iso, "Asia/Shanghai", "zh-CN"), "2026年12月1日 09:00");
  assert.equal(formatInZone(null, "Asia/Shanghai", "en"), "");
});

test("a form field holds the school's local time and gives back the same instant", () => {
  for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
    for (const iso of ["2026-03-29T00:30:00.000Z", "2026-07-01T12:00:00.000Z", "2026-12-31T23:45:00.000Z"])
      assert.equal(fromLocalInput(toLocalInput(iso, zone), zone), iso, `${zone} ${iso}`);
  assert.equal(toLocalInput("2026-12-01T01:00:00.000Z", "Asia/Shanghai"), "2026-12-01T09:00");
  assert.equal(fromLocalInput("2026-12-02T10:30", "Asia/Shanghai"), "2026-12-02T02:30:00.000Z");
});

test("an hour that daylight saving time skips moves forward", () => {
  assert.equal(fromLocalInput("2026-03-29T02:30", "Europe/Berlin"), "2026-03-29T01:30:00.000Z");
});

test("empty fields are no time", () => {
  assert.deepEqual([fromLocalInput("", "UTC"), fromLocalInput(undefined, "UTC"), toLocalInput(null, "UTC")], [null, null, ""]);
});
