import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_LIMITS } from "./seat-limits.ts";
import { lostSeats, type OrderedSeat } from "./seat-order.ts";

const seat = (id: string, since: number, over: Partial<OrderedSeat> & { most?: number; ends?: boolean } = {}): OrderedSeat => {
  const { most = 1, ends = false, ...rest } = over;
  const limits = { ...NO_LIMITS, perViewer: most, over: ends ? ("end-oldest" as const) : ("refuse-newest" as const) };
  return { id, device: id, limits, since, turn: 0, isResting: false, ...rest };
};
const lost = (...seats: OrderedSeat[]) => lostSeats(seats).map((one) => `${one.seat.id} ${one.because}`);

test("of too many seats the newest go, or the oldest, by the rule; of the same moment, the ids decide", () => {
  assert.deepEqual(lost(seat("a", 1)), []);
  assert.deepEqual(lost(seat("b", 2), seat("a", 1), seat("c", 3)), ["c ended", "b ended"]);
  assert.deepEqual(lost(seat("b", 2, { ends: true }), seat("a", 1, { ends: true }), seat("c", 3, { ends: true })), [
    "a ended",
    "b ended",
  ]);
  assert.deepEqual(lost(seat("b", 1), seat("a", 1)), ["b ended"]);
  assert.deepEqual(lost(seat("a", 1, { most: 2 }), seat("b", 2, { most: 2 })), []);
});

test("a device that comes again takes over its own older seat, not that of another device", () => {
  assert.deepEqual(lost(seat("a", 1, { device: "x" }), seat("b", 2, { device: "x" })), ["a taken-over"]);
  const two = { most: 2 };
  const tabs = [seat("a", 1, { ...two, device: "x" }), seat("b", 2, { ...two, device: "x" })];
  assert.deepEqual(lost(...tabs), [], "both tabs are within the limit");
  assert.deepEqual(lost(...tabs, seat("c", 3, two)), ["c ended"]);
});

test("a seat that took over keeps its place, in whatever order nodes hear of it", () => {
  const before = seat("a", 1, { device: "x" });
  const after = seat("c", 1, { device: "x", turn: 1 });
  assert.deepEqual(lost(before, after, seat("b", 2)), ["a taken-over", "b ended"]);
  assert.deepEqual(lost(after, seat("b", 2)), ["b ended"]);
});

test("a seat that rests counts for nothing, and gives way to an active one", () => {
  const resting = seat("a", 1, { isResting: true });
  assert.deepEqual(lost(resting), []);
  assert.deepEqual(lost(resting, seat("b", 2)), ["a ended"]);
  assert.deepEqual(lost(resting, seat("b", 2, { most: 2 })), []);
  assert.deepEqual(lost(resting, seat("d", 3, { isResting: true }), seat("b", 2, { most: 2 })), ["a ended"]);
});

test("the lowest limit counts while rules change, and seats without a limit have none", () => {
  assert.deepEqual(lost(seat("a", 1, { most: 5 }), seat("b", 2, { most: 1 })), ["b ended"]);
  assert.deepEqual(lost(seat("a", 1, { limits: NO_LIMITS }), seat("b", 2, { limits: NO_LIMITS })), []);
});

test("whatever the order in which seats are known, the same go, and as many as the rule allows stay", () => {
  const seats = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 99 }),
      since: fc.integer({ min: 0, max: 9 }),
      device: fc.integer({ min: 0, max: 4 }),
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(seats, fc.integer({ min: 1, max: 4 }), fc.boolean(), (made, most, ends) => {
      const all = made.map(({ id, since, device }) => seat(String(id), since, { device: String(device), most, ends }));
      const gone = lost(...all);
      assert.deepEqual([...gone].sort(), [...lost(...all.toReversed())].sort());
      assert.equal(all.length - gone.length, Math.min(most, all.length));
    }),
  );
});

test("a thousand too many are found without holding the event loop", () => {
  const all = Array.from({ length: 1100 }, (_, i) => seat(String(i), i, { most: 1000 }));
  lostSeats(all);
  const began = performance.now();
  assert.equal(lostSeats(all).length, 100);
  assert.ok(performance.now() - began < 50, `${performance.now() - began} ms`);
});
