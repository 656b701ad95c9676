import assert from "node:assert/strict";
import { test } from "node:test";
import { BitrateRule, type LinkFigures } from "./bitrate-rule.ts";

const LIMITS = { minKbps: 120, maxKbps: 2500, soundKbps: 96 };
const REPORT_MS = 250;

/** A link that carries so much; what is encoded beyond it waits, and is left out when a second of it waits. */
function simulate(rule: BitrateRule, seconds: number, capacityKbps: (second: number) => number): number[] {
  let waitingKbit = 0;
  const targets: number[] = [];
  for (let now = 0; now < seconds * 1000; now += REPORT_MS) {
    const capacity = capacityKbps(now / 1000);
    const encoded = ((rule.targetKbps + LIMITS.soundKbps) * REPORT_MS) / 1000;
    const carried = Math.min(waitingKbit + encoded, (capacity * REPORT_MS) / 1000);
    waitingKbit += encoded - carried;
    const hasDropped = waitingKbit > capacity;
    if (hasDropped) waitingKbit = 0;
    const isFull = hasDropped || waitingKbit > 0;
    const lagMs = (waitingKbit / capacity) * 1000;
    targets.push(rule.decide({ lagMs, readKbps: (carried * 1000) / REPORT_MS, isFull, hasDropped }, now));
  }
  return targets;
}

test("when the uplink falls to 400 kbps the picture follows within two seconds, and has room for the sound", () => {
  const targets = simulate(new BitrateRule(LIMITS, 0), 20, (second) => (second < 10 ? 5000 : 400));
  assert.equal(targets[10 * 4 - 1], 2500);
  for (const target of targets.slice(12 * 4)) assert.ok(target >= 120 && target <= 400, `${target} kbps`);
});

test("when the uplink recovers the picture does, slowly, up to its most", () => {
  const targets = simulate(new BitrateRule(LIMITS, 0), 90, (second) => (second < 10 ? 400 : 5000));
  const at = (second: number) => targets[second * 4] ?? 0;
  assert.ok(at(16) < 600, `${at(16)} after six seconds`);
  assert.ok(at(30) > 800, `${at(30)} after twenty seconds`);
  assert.equal(at(60), 2500);
  for (const [i, target] of targets.entries()) assert.ok(target <= 1.2 * (targets[i - 4] ?? 2500) + 21, `a jump at ${i / 4} s`);
});

test("a machine that is late, with a network that carries all, is not told to send less", () => {
  const rule = new BitrateRule(LIMITS, 0);
  const late: LinkFigures = { lagMs: 900, readKbps: 150, isFull: false, hasDropped: false };
  for (let now = 0; now < 10_000; now += REPORT_MS) assert.equal(rule.decide(late, now), 2500);
});

test("a drop counts at once, and what little was read before it does not: it says nothing of the network", () => {
  const rule = new BitrateRule(LIMITS, 0);
  assert.equal(rule.decide({ lagMs: 1200, readKbps: 20, isFull: true, hasDropped: true }, 250), 1500);
});

test("it never leaves its limits, and other limits hold at once", () => {
  const rule = new BitrateRule(LIMITS, 0);
  for (let now = 0; now < 60_000; now += REPORT_MS) rule.decide({ lagMs: 5000, readKbps: 10, isFull: true, hasDropped: true }, now);
  assert.equal(rule.targetKbps, 120);
  rule.limit({ ...LIMITS, minKbps: 300 });
  assert.equal(rule.targetKbps, 300);
});
