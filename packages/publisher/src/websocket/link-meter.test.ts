import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkMeter } from "./link-meter.ts";

/** Sends as much as the meter allows of what an encoder makes, over a link with a deep buffer. Gives the meter, and how long the newest bytes waited. */
function run(
  seconds: number,
  encodedKbps: number,
  capacityKbps: number,
  delayMs: number,
): { meter: LinkMeter; buffered: number; lag: number } {
  const meter = new LinkMeter();
  const inLink: { bytes: number; at: number }[] = [];
  let [waiting, read, budget] = [0, 0, 0];
  const reports: { at: number; bytes: number }[] = [];
  for (let now = 0; now < seconds * 1000; now += 10) {
    waiting += (encodedKbps / 8) * 10;
    while (waiting > 1000 && meter.mayForward) {
      meter.forwarded(1000, now, now);
      inLink.push({ bytes: 1000, at: now + delayMs });
      waiting -= 1000;
    }
    budget = Math.min(budget + (capacityKbps / 8) * 10, 5000);
    for (let first = inLink[0]; first && first.at <= now && budget >= first.bytes; first = inLink[0]) {
      inLink.shift();
      budget -= first.bytes;
      read += first.bytes;
    }
    if (now % 250 === 0) reports.push({ at: now + delayMs, bytes: read });
    const report = reports.findLast(({ at }) => at === now);
    // Of what waits before the link, the oldest was encoded when the rest was not.
    const oldestAt = waiting > 0 ? now - (waiting / ((encodedKbps / 8) * 10)) * 10 : null;
    if (report) meter.received(report.bytes, oldestAt, now);
  }
  return { meter, buffered: inLink.reduce((sum, { bytes }) => sum + bytes, 0), lag: meter.lagMs ?? 0 };
}

test("on a link that carries all, nothing is held back, also with a long round trip", () => {
  for (const delay of [10, 100, 400]) {
    const { meter, lag } = run(20, 2000, 10_000, delay);
    assert.ok(lag < 350, `${lag} ms behind with a delay of ${delay}`);
    assert.ok(Math.abs((meter.readKbps ?? 0) - 2000) < 250, `${meter.readKbps} kbps`);
  }
});

test("on a slow link no more than a second's worth is given to buffers that cannot be taken back, and its rate is known", () => {
  const { meter, buffered } = run(20, 2500, 400, 20);
  assert.ok(buffered <= 64 * 1024, `${buffered} bytes in buffers`);
  assert.ok(Math.abs((meter.readKbps ?? 0) - 400) < 60, `${meter.readKbps} kbps`);
  assert.equal(meter.mayForward, false);
});

test("before the first report nothing is known, and a picture can begin", () => {
  const meter = new LinkMeter();
  assert.deepEqual([meter.lagMs, meter.rttMs, meter.readKbps, meter.mayForward], [null, null, null, true]);
  meter.forwarded(300_000, 0, 0);
  assert.equal(meter.mayForward, false);
});
