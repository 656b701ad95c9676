import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneOptions } from "./zone-options.ts";

const labelOf = (zone: string, language: string): string =>
  zoneOptions(zone, language).find(({ value }) => value === zone)?.label ?? "";

test("a time zone is found by the name that people use, by its city and by its distance from UTC", () => {
  assert.match(labelOf("Asia/Shanghai", "en"), /^China .*Time · Asia\/Shanghai · GMT\+8$/);
  assert.match(labelOf("Asia/Shanghai", "zh-CN"), /^中国.*时间 · Asia\/Shanghai · GMT\+8$/);
  assert.match(labelOf("America/New_York", "en"), / · America\/New York · GMT-[45]$/);
});

test("the zone of a school is offered first and once, and also one that the browser does not know", () => {
  const values = zoneOptions("Atlantis/Centre", "en").map(({ value }) => value);
  assert.deepEqual([values[0], labelOf("Atlantis/Centre", "en")], ["Atlantis/Centre", "Atlantis/Centre"]);
  assert.ok(values.includes("Asia/Shanghai") && values.includes("UTC"));
  assert.equal(new Set(values).size, values.length);
});
