import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PlayedMinutes } from "./played-minutes.ts";

const PLAYING = { isPlaying: true, rate: 1 };

test("what is played is counted in the recording's minutes, at any speed", () => {
  const meter = new PlayedMinutes();
  for (let i = 0; i <= 40; i++) meter.look({ now: i * 250, position: 55_000 + i * 500, isPlaying: true, rate: 2 });
  assert.deepEqual(meter.take(), [
    { minute: 0, ms: 5000 },
    { minute: 1, ms: 15_000 },
  ]);
  assert.deepEqual(meter.take(), []);
});

test("jumps and pauses are no playing; what played until a pause or a stall is", () => {
  const meter = new PlayedMinutes();
  meter.look({ now: 0, position: 0, ...PLAYING });
  meter.look({ now: 250, position: 250, ...PLAYING });
  meter.look({ now: 500, position: 600_000, ...PLAYING });
  meter.look({ now: 750, position: 600_250, ...PLAYING });
  meter.look({ now: 1000, position: 1000, ...PLAYING });
  meter.look({ now: 1250, position: 1200, isPlaying: false, rate: 1 });
  meter.look({ now: 9000, position: 8000, ...PLAYING });
  assert.deepEqual(meter.take(), [
    { minute: 0, ms: 450 },
    { minute: 10, ms: 250 },
  ]);
});

test("never more is counted than time passed at the speed, and never more minutes than a beacon takes", () => {
  const looks = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 200_000_000 })), { maxLength: 200 });
  fc.assert(
    fc.property(looks, (steps) => {
      const meter = new PlayedMinutes();
      let now = 0;
      for (const [passed, position] of steps) {
        now += passed;
        meter.look({ now, position, ...PLAYING });
      }
      const minutes = meter.take();
      const total = minutes.reduce((sum, { ms }) => sum + ms, 0);
      assert.ok(total <= now + steps.length * 501 && minutes.length <= 20, `${total} of ${now}`);
      assert.ok(minutes.every(({ minute, ms }) => minute <= 2879 && ms <= 60_000));
    }),
  );
});
