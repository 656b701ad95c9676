import assert from "node:assert/strict";
import { test } from "node:test";
import { describePlot, formatValue } from "./plot-text.ts";

const line = (label: string, ...values: (number | null)[]) => ({ label, values });

test("a plot of one line says its newest value and unit", () => {
  const described = { lines: [line("a", 1, 27.4, null)], unit: "Mbit/s", locale: "en", none: "no value" };
  assert.equal(describePlot(described), "27 Mbit/s");
  assert.equal(describePlot({ ...described, lines: [line("a", null)] }), "no value Mbit/s");
});

test("a plot of several lines says which is which", () => {
  const described = { lines: [line("in", 1.25), line("out", 3)], unit: "", locale: "en", none: "-" };
  assert.equal(describePlot(described), "in 1.3 · out 3");
});

test("a plot says the values of a moment", () => {
  const described = { lines: [line("in", 1, 2, 3), line("out", 4, null, 6)], unit: "ms", locale: "en", none: "–" };
  assert.equal(describePlot({ ...described, at: 1 }), "in 2 · out – ms");
  assert.equal(describePlot({ ...described, at: 9 }), "in – · out – ms");
});

test("shares are per cent, in the language's way", () => {
  assert.equal(formatValue(0.034, "share", "en"), "3.4%");
  assert.equal(formatValue(1, "share", "zh-CN"), "100%");
});
