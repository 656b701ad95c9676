import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomSignal } from "@lectern/room";
import fc from "fast-check";
import { type LoadSample, LoadShedding, NO_SHEDDING, nextShedding, type SheddingState } from "./load-shedding.ts";

const IDLE: LoadSample = { lagMs: 1, commitMs: 10 };
const SLOW: LoadSample = { lagMs: 100, commitMs: 10 };
const STUCK: LoadSample = { lagMs: 5, commitMs: 5000 };
const BETWEEN: LoadSample = { lagMs: 50, commitMs: 10 };

function after(samples: readonly LoadSample[], state: SheddingState = NO_SHEDDING): SheddingState {
  return samples.reduce(nextShedding, state);
}

test("two slow seconds in a row shed one level, and never more than all; one alone does nothing", () => {
  assert.equal(after([SLOW, IDLE, SLOW, IDLE, SLOW]).level, 0);
  assert.deepEqual(after([SLOW, SLOW]), { level: 1, reason: "processor", calm: 0, hot: 0 });
  assert.deepEqual(after([STUCK, STUCK]), { level: 1, reason: "database", calm: 0, hot: 0 });
  assert.equal(after(Array(6).fill(SLOW)).level, 3);
  assert.equal(after(Array(20).fill(STUCK)).level, 4);
});

test("levels come back one by one, each after ten calm seconds in a row", () => {
  const high = after(Array(4).fill(SLOW));
  assert.equal(after(Array(9).fill(IDLE), high).level, 2);
  assert.equal(after(Array(10).fill(IDLE), high).level, 1);
  assert.deepEqual(after(Array(20).fill(IDLE), high), NO_SHEDDING);
  assert.equal(after([...Array(9).fill(IDLE), BETWEEN, ...Array(9).fill(IDLE)], high).level, 2, "not in a row");
});

test("a load between the two limits changes nothing, however long", () => {
  assert.equal(after(Array(100).fill(BETWEEN)).level, 0);
  assert.equal(after(Array(100).fill(BETWEEN), after([SLOW, SLOW])).level, 1);
});

test("no load changes the level downwards by more than one, or twice within ten decisions", () => {
  const sample = fc.record({ lagMs: fc.nat(300), commitMs: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
      let state = NO_SHEDDING;
      let sinceDown = Number.POSITIVE_INFINITY;
      for (const one of samples) {
        const next = nextShedding(state, one);
        sinceDown++;
        if (next.level < state.level) {
          assert.equal(next.level, state.level - 1);
          assert.ok(sinceDown >= 10);
          sinceDown = 0;
        }
        state = next;
      }
    }),
  );
});

test("staff of every open room hear of a change, and of the level where a room opens meanwhile", (t) => {
  const told: [string, RoomSignal][] = [];
  const shedding = new LoadShedding();
  const room = (lessonId: string) => ({
    lessonId,
    signal: (signal: RoomSignal) => told.push([lessonId, signal]),
    act: async () => {},
  });
  shedding.opened(room("a"));
  t.after(() => {
    for (const one of ["a", "b"]) shedding.closed(one);
  });
  assert.equal(told.length, 0);
  shedding.decide(SLOW);
  shedding.decide(SLOW);
  shedding.decide(BETWEEN);
  shedding.opened(room("b"));
  const signal = { kind: "shed", key: "", to: "staff", body: { level: 1, reason: "processor" } };
  assert.deepEqual(told, [
    ["a", signal],
    ["b", signal],
  ]);
});
