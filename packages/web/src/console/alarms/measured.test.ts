import assert from "node:assert/strict";
import { test } from "node:test";
import { typedValue, unitOf, valueOfTyped, valueText } from "./measured.ts";

test("shares are written as per cent, other values with their unit", () => {
  assert.deepEqual(
    [
      valueText("egress", 0.875, "en"),
      valueText("rtt_ms", 400, "en"),
      valueText("complaints", 2, "zh-CN"),
      valueText("hold_ms", 1500, "en"),
    ],
    ["87.5\u00a0%", "400\u00a0ms", "2", "1500\u00a0ms"],
  );
  assert.deepEqual(["sent_mbps", "kbps", "gop_seconds", "verdict"].map(unitOf), ["Mbit/s", "kbit/s", "s", ""]);
});

test("what is typed in is what is stored", () => {
  for (const value of [0.95, 0.07, 0.015, 0, 1]) assert.equal(valueOfTyped("loss", typedValue("loss", value)), value);
  assert.deepEqual([typedValue("loss", 0.07), typedValue("rtt_ms", 400)], ["7", "400"]);
  assert.ok(Number.isNaN(valueOfTyped("loss", " ")) && Number.isNaN(valueOfTyped("rtt_ms", "x")));
});
