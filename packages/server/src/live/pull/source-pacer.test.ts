import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { audioFrame, videoFrame } from "../streams/synthetic-source.ts";
import { type PacerOptions, SourcePacer } from "./source-pacer.ts";

function setUp(options: Partial<PacerOptions> = {}) {
  const clock = new ManualClock();
  const given: { at: number; timestamp: number; payload: Uint8Array }[] = [];
  const full: boolean[] = [];
  const start = clock.monotonic();
  const pacer = new SourcePacer({
    clock,
    aheadMs: 0,
    hurryAboveMs: null,
    fullAtMs: 20_000,
    onFull: (isFull) => full.push(isFull),
    onMessage: (message) => {
      if (message.kind === "frame")
        given.push({ at: clock.monotonic() - start, timestamp: message.timestamp, payload: message.payload });
    },
    ...options,
  });
  const push = (from: number, to: number, step = 40) => {
    for (let time = from; time < to; time += step) pacer.push(videoFrame(time, time === from));
  };
  return { clock, pacer, given, full, push };
}

test("a segment that comes at once is given in real time, and the next one behind it", () => {
  const { clock, given, push } = setUp();
  push(0, 2000);
  assert.equal(given.length, 1);
  for (let i = 0; i < 100; i++) {
    if (i === 40) push(2000, 4000);
    clock.advance(40);
  }
  assert.equal(given.length, 100);
  assert.ok(given.every(({ at, timestamp }) => Math.abs(at - timestamp) <= 40));
});

test("after a segment that was late, the clock stays behind: the next one that is as late makes no gap", () => {
  const { clock, given, push } = setUp();
  push(0, 2000);
  clock.advance(3000);
  push(2000, 4000);
  clock.advance(2900);
  push(4000, 6000);
  clock.advance(2000);
  const steps = given.map(({ at }, i) => at - (given[i - 1]?.at ?? at));
  assert.deepEqual(
    steps.filter((step) => step > 40),
    [1040, 940],
  );
  push(6000, 8000);
  clock.advance(1900);
  push(8000, 10_000);
  clock.advance(2000);
  assert.equal(given.map(({ at }, i) => at - (given[i - 1]?.at ?? at)).filter((step) => step > 40).length, 2);
});

test("a jump of the source's clock takes no time, forward, backward, or across the wrap of 32 bits", () => {
  const { clock, given, push } = setUp();
  push(0, 400);
  push(500_000, 500_400);
  push(2 ** 32 - 200, 2 ** 32 + 200);
  push(70_000, 70_400);
  clock.advance(1600);
  assert.equal(given.length, 40);
  assert.ok(given.every(({ at }, i) => Math.abs(at - i * 40) <= 120));
});

test("frames may be ahead of real time by as much as is allowed, and their payloads are their own", () => {
  const { clock, pacer, given } = setUp({ aheadMs: 1000 });
  for (let time = 0; time < 3000; time += 20) pacer.push(audioFrame(time));
  assert.equal(given.length, 51);
  const reused = audioFrame(3000);
  pacer.push(reused);
  reused.payload.fill(0);
  clock.advance(2100);
  assert.equal(given.length, 151);
  assert.ok(given.at(-1)?.payload.some((byte) => byte !== 0));
});

test("too much makes it run a little faster, and full, and the source may go on when half of it is given", () => {
  const { clock, pacer, full, push } = setUp({ hurryAboveMs: 4000, fullAtMs: 10_000 });
  push(0, 12_000);
  assert.deepEqual(full, [true]);
  clock.advance(4000);
  assert.deepEqual(full, [true]);
  clock.advance(3500);
  assert.deepEqual(full, [true, false]);
  let drainedAt: number | null = null;
  const begun = clock.monotonic();
  pacer.drained(() => {
    drainedAt = clock.monotonic() - begun;
  });
  for (let i = 0; i < 500 && drainedAt === null; i++) clock.advance(10);
  // 12 s of which the last 8 are shortened by 3 %, less the 7.5 that have passed.
  assert.ok(drainedAt !== null && Math.abs(drainedAt - 4220) < 60, `${drainedAt}`);
});

test("what is closed gives nothing more", () => {
  const { clock, pacer, given, push } = setUp();
  push(0, 2000);
  pacer.close();
  clock.advance(5000);
  assert.equal(given.length, 1);
});
