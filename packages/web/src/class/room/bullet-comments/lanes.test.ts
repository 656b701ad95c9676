/** Bullet comments do not run into each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createLanes } from "./lanes.ts";

test("a comment takes the first free lane, and none when all are taken; one's own is always placed", () => {
  const lanes = createLanes({ count: 2, width: 800, crossingMs: 8000 });
  assert.equal(lanes.place(100, 0)?.lane, 0);
  assert.equal(lanes.place(100, 0)?.lane, 1);
  assert.equal(lanes.place(100, 100), null);
  assert.equal(lanes.place(100, 100, true)?.lane, 0);
  assert.equal(lanes.place(100, 60_000)?.lane, 0);
});

test("a picture without room for a lane has none", () => {
  assert.equal(createLanes({ count: 0, width: 10, crossingMs: 8000 }).place(50, 0, true), null);
});

const comment = fc.record({ width: fc.integer({ min: 10, max: 900 }), pause: fc.integer({ min: 0, max: 3000 }) });

test("whatever comes, two comments of a lane never overlap", () => {
  fc.assert(
    fc.property(fc.array(comment, { maxLength: 40 }), fc.integer({ min: 200, max: 1900 }), (comments, width) => {
      const lanes = createLanes({ count: 3, width, crossingMs: 8000 });
      const flights: { lane: number; at: number; end: number; width: number }[] = [];
      let now = 0;
      for (const { width: own, pause } of comments) {
        now += pause;
        const placed = lanes.place(own, now);
        if (placed) flights.push({ lane: placed.lane, at: now, end: now + placed.durationMs, width: own });
      }
      const left = (flight: (typeof flights)[number], time: number) =>
        width - ((width + flight.width) * (time - flight.at)) / (flight.end - flight.at);
      for (const lane of [0, 1, 2]) {
        const ofLane = flights.filter((flight) => flight.lane === lane);
        ofLane.slice(1).forEach((flight, i) => {
          const before = ofLane[i]!;
          for (const time of [flight.at, Math.min(before.end, flight.end)])
            if (time < before.end)
              assert.ok(left(before, time) + before.width <= left(flight, time) + 1, `lane ${lane} at ${time}`);
        });
      }
    }),
  );
});
