import assert from "node:assert/strict";
import { test } from "node:test";
import * as icons from "./index.ts";

const drawings: readonly (readonly [string, string])[] = Object.entries(icons);

test("no drawing has two names", () => {
  const names = Map.groupBy(drawings, ([, drawing]) => drawing.replaceAll(" ", ""));
  const twice = [...names.values()].filter((same) => same.length > 1).map((same) => same.map(([name]) => name));
  assert.deepEqual(twice, []);
});

test("each drawing stays on the grid of 24 px: no absolute position is outside", () => {
  for (const [name, drawing] of drawings)
    for (const [, x, y] of drawing.matchAll(/[ML](-?[\d.]+)[ ,]?(-?[\d.]+)/g))
      for (const value of [x, y]) assert.ok(Number(value) >= 0 && Number(value) <= 24, `${name}: ${value}`);
});
