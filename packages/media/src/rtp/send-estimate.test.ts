/** What the estimates say of ways that are simulated: a bottleneck with a queue, loss, and their end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FeedbackRecorder } from "./feedback-recorder.ts";
import { ReceiveEstimate } from "./receive-estimate.ts";
import type { ReportBlock } from "./rtcp.ts";
import { SendEstimate } from "./send-estimate.ts";

const PACKET_BYTES = 1200;
const WAY_MS = 20;
const QUEUE_MS = 400;

type Way = { readonly kbps: number; readonly loss: number };

/** A sender that sends what its estimate allows, up to `mostKbps`, in frames of 40 ms; gives the estimate at each second's end. */
function run(estimate: SendEstimate, seconds: number, mostKbps: number, wayAt: (second: number) => Way) {
  const recorder = new FeedbackRecorder();
  // The same losses in every run.
  let noise = 1;
  const random = () => (noise = (noise * 48_271) % 0x7fffffff) / 0x7fffffff;
  const arrivals: { at: number; sequence: number }[] = [];
  const feedbacks: { at: number; deliver: () => void }[] = [];
  const after: number[] = [];
  let [sequence, freeAt, credit, worstQueue] = [0, 0, 0, 0];
  for (let now = 0; now < seconds * 1000; now += 5) {
    const way = wayAt(now / 1000);
    if (now % 40 === 0) credit += (Math.min(mostKbps, estimate.kbps(now)) * 40) / 8;
    // A frame is sent over 20 ms.
    for (let burst = 0; credit >= PACKET_BYTES && burst < 8; burst++) {
      credit -= PACKET_BYTES;
      const number = sequence++ & 0xffff;
      estimate.sent(number, PACKET_BYTES, now);
      const queue = Math.max(0, freeAt - now);
      worstQueue = Math.max(worstQueue, queue);
      if (queue > QUEUE_MS || random() < way.loss) continue;
      freeAt = Math.max(now, freeAt) + (PACKET_BYTES * 8) / way.kbps;
      arrivals.push({ at: freeAt + WAY_MS, sequence: number });
    }
    while ((arrivals[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const arrival = arrivals.shift();
      if (arrival) recorder.received(arrival.sequence, arrival.at);
    }
    if (now % 50 === 0)
      for (let feedback = recorder.take(); feedback; feedback = recorder.take()) {
        const one = feedback;
        feedbacks.push({ at: now + WAY_MS, deliver: () => estimate.feedback(one, now + WAY_MS) });
      }
    while ((feedbacks[0]?.at ?? Number.POSITIVE_INFINITY) <= now) feedbacks.shift()?.deliver();
    if (now % 1000 === 995) {
      after.push(estimate.kbps(now));
    }
  }
  return { after, worstQueue };
}

test("on a free way the estimate grows, to half more than what is sent", () => {
  const { after } = run(new SendEstimate({ startKbps: 500 }), 30, 1000, () => ({ kbps: 50_000, loss: 0 }));
  assert.ok(
    after.every((kbps, i) => i === 0 || kbps >= (after[i - 1] ?? 0)),
    String(after),
  );
  assert.ok((after.at(-1) ?? 0) > 1300 && (after.at(-1) ?? 0) < 1700, String(after));
});

test("a bottleneck is found by its queue, before it loses much, and its end too", () => {
  const estimate = new SendEstimate({ startKbps: 2000 });
  const { after } = run(estimate, 60, 3000, (second) => ({ kbps: second < 20 ? 5000 : second < 40 ? 800 : 5000, loss: 0 }));
  const during = after.slice(26, 40);
  assert.ok(
    during.every((kbps) => kbps < 1000),
    `in five seconds: ${during}`,
  );
  assert.ok(Math.max(...during) > 500, `and it is used: ${during}`);
  assert.ok((after.at(-1) ?? 0) > 1500, `back: ${after.slice(40)}`);
  assert.ok((estimate.roundTripMs ?? 0) < 200, String(estimate.roundTripMs));
});

test("loss of 3 % does not lower the estimate, loss of 25 % does", () => {
  const small = run(new SendEstimate({ startKbps: 1000 }), 20, 1000, () => ({ kbps: 50_000, loss: 0.03 }));
  assert.ok((small.after.at(-1) ?? 0) >= 1000, String(small.after));
  const estimate = new SendEstimate({ startKbps: 1000 });
  const large = run(estimate, 20, 1000, () => ({ kbps: 50_000, loss: 0.25 }));
  assert.ok((large.after.at(-1) ?? 0) < 500, String(large.after));
  assert.ok(Math.abs(estimate.loss - 0.25) < 0.2, String(estimate.loss));
});

test("REMB is an upper bound while it is sent", () => {
  const estimate = new SendEstimate({ startKbps: 1000 });
  estimate.remb(300_000, 0);
  assert.equal(estimate.kbps(10), 300);
  assert.equal(estimate.kbps(20_000), 1000);
});

test("without feedback the loss in receiver reports is heeded", () => {
  const block = { fractionLost: 0.2 } as ReportBlock;
  const estimate = new SendEstimate({ startKbps: 1000 });
  for (let now = 0; now < 10_000; now += 1000) {
    for (let i = 0; i < 100; i++) estimate.sent(null, PACKET_BYTES, now + i * 10);
    estimate.reported(block, 80, now + 1000);
  }
  assert.ok(estimate.kbps(10_000) < 600, String(estimate.kbps(10_000)));
  assert.equal(estimate.loss, 0.2);
  assert.equal(estimate.roundTripMs, 80);
});

test("feedback on what was never sent says nothing", () => {
  const arrivals = fc.array(fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true })), { maxLength: 100 });
  fc.assert(
    fc.property(fc.nat({ max: 0xffff }), arrivals, (base, list) => {
      const estimate = new SendEstimate();
      estimate.sent(base, 1000, 0);
      estimate.feedback({ count: 0, base, referenceMs: 0, arrivals: list }, 50);
      estimate.feedback({ count: 1, base, referenceMs: 0, arrivals: list }, 60);
      assert.ok(estimate.kbps(60) >= 100 && estimate.kbps(60) <= 20_000);
    }),
  );
});

test("the receiver's estimate falls when frames come later and later, and not on a free way", () => {
  for (const [kbps, isFree] of [
    [400, false],
    [5000, true],
  ] as const) {
    const estimate = new ReceiveEstimate({ startKbps: 1000 });
    let [freeAt, bits] = [0, 0];
    for (let now = 0; now < 8000; now += 40) {
      // A frame of four packets each 40 ms: 960 kbps.
      for (let i = 0; i < 4; i++) {
        freeAt = Math.max(now, freeAt) + (PACKET_BYTES * 8) / kbps;
        estimate.received((now * 90) >>> 0, PACKET_BYTES, freeAt);
      }
      if (now % 200 === 0) bits = estimate.bitsPerSecond(freeAt, 0, 50);
    }
    assert.ok(isFree ? bits >= 1_000_000 : bits < 450_000, String(bits));
  }
});
