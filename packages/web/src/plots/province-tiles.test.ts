import assert from "node:assert/strict";
import { test } from "node:test";
import { PROVINCES, provinceOf } from "./province-tiles.ts";

test("all 34 provinces have a place of their own", () => {
  assert.equal(PROVINCES.length, 34);
  for (const kind of ["code", "zh", "en"] as const) assert.equal(new Set(PROVINCES.map((tile) => tile[kind])).size, 34, kind);
  assert.equal(new Set(PROVINCES.map(({ column, row }) => `${column} ${row}`)).size, 34);
});

test("a region is found by its Chinese name, its English name and its code", () => {
  for (const name of ["广东", "Guangdong", "guangdong", "GD", "cn-gd"]) assert.equal(provinceOf(name)?.code, "GD", name);
  assert.equal(provinceOf("Hong Kong")?.code, "HK");
  assert.equal(provinceOf("Frankfurt"), null);
  assert.equal(provinceOf(""), null);
});
