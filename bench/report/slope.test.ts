import assert from "node:assert/strict";
import { test } from "node:test";
import { slopeOf } from "./slope.ts";

test("a straight line has its slope and no error", () => {
  const { perUnit, error } = slopeOf(Array.from({ length: 240 }, (_, i) => [i, 3 + 0.5 * i] as const));
  assert.ok(Math.abs(perUnit - 0.5) < 1e-9 && error < 1e-9, `${perUnit} ± ${error}`);
});

test("a level series that goes up and down has a slope of zero within its error", () => {
  const { perUnit, error } = slopeOf(Array.from({ length: 240 }, (_, i) => [i, 100 + 10 * Math.sin(i * 1.7)] as const));
  assert.ok(Math.abs(perUnit) < 3 * error && error < 0.05, `${perUnit} ± ${error}`);
});

test("slow ups and downs, as of a garbage collector, make the error large", () => {
  const wave = (period: number) =>
    slopeOf(Array.from({ length: 240 }, (_, i) => [i, 10 * Math.sin((2 * Math.PI * i) / period)] as const)).error;
  assert.ok(wave(80) > 5 * wave(3), `${wave(80)} and ${wave(3)}`);
});
