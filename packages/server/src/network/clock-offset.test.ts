import assert from "node:assert/strict";
import { test } from "node:test";
import { ClockCorrection, ClockSamples, clusterOffset } from "./clock-offset.ts";

const HOUR = 3_600_000;
const clock = (id: string, offsetMs: number, isControl = false) => ({ id, offsetMs, isControl });

test("the cluster's time is that of most nodes, whichever node asks", () => {
  assert.equal(clusterOffset([clock("a", 0), clock("b", 40), clock("c", HOUR)]), 40);
  assert.equal(clusterOffset([clock("c", 0), clock("a", -HOUR), clock("b", 40 - HOUR)]), 40 - HOUR);
  assert.equal(clusterOffset([clock("a", 0)]), 0);
});

test("of two nodes that differ the one with the control process is right, and without one all choose the same", () => {
  assert.equal(clusterOffset([clock("a", 0), clock("b", HOUR, true)]), HOUR);
  assert.equal(clusterOffset([clock("b", 0, true), clock("a", -HOUR)]), 0);
  assert.equal(clusterOffset([clock("a", 0), clock("b", HOUR)]), 0);
  assert.equal(clusterOffset([clock("b", 0), clock("a", -HOUR)]), -HOUR);
});

test("heartbeats that come late make no clock slow, and a clock that is set right is right after ten heartbeats", () => {
  const samples = new ClockSamples();
  for (const late of [30, 5000, 20, 9000, 4000]) samples.add(-late);
  assert.equal(samples.offsetMs, -20);
  samples.add(HOUR);
  assert.equal(samples.offsetMs, HOUR);
  for (let i = 0; i < 10; i++) samples.add(-30);
  assert.equal(samples.offsetMs, -30);
  samples.shift(HOUR);
  assert.equal(samples.offsetMs, -30 - HOUR, "this node's own clock was set forward");
});

test("a clock that is an hour off is corrected once, not at each heartbeat, and no more when it is right", () => {
  const correction = new ClockCorrection();
  const errors = [0, 1500, HOUR, HOUR + 600, HOUR - 600, 1200, 900, 1500];
  assert.deepEqual(
    errors.map((error) => correction.next(error)),
    [0, 0, -HOUR, -HOUR, -HOUR, -1200, 0, 0],
  );
});

test("a few late heartbeats are not taken for a wrong clock, and many are, as is one of an hour", () => {
  const samples = new ClockSamples();
  for (let i = 0; i < 4; i++) samples.add(-2500);
  assert.equal(samples.offsetMs, 0);
  samples.add(-2500);
  assert.equal(samples.offsetMs, -2500);
  const far = new ClockSamples();
  far.add(3_600_000);
  assert.equal(far.offsetMs, 3_600_000);
});
