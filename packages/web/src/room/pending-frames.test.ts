/** What a page is told at once, and what waits since a worker of its own has sent it. With a manual clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFrame } from "@lectern/room";
import { PendingFrames } from "./pending-frames.ts";

function world() {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  /** The numbers up to which each time was told. */
  const told: (readonly number[])[] = [];
  const frames = new PendingFrames({
    give: (given) => void told.push(given.map(({ position }) => position?.seq ?? -1)),
    after: (ms, call) => {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const take = (raw: object) => frames.take(parseFrame(JSON.stringify({ epoch: "e", ...raw }))!);
  const pass = (ms: number): void => {
    const end = now + ms;
    for (; now <= end; now++)
      for (const timer of [...timers])
        if (timer.at <= now) {
          timers.delete(timer);
          timer.call();
        }
    now = end;
  };
  const stroke = (seq: number) => take({ seq, entries: [{ seq, kind: "stroke", page: "1.1", ops: [] }] });
  take({ seq: 10, you: { id: "p1", role: "staff" }, snapshot: [] });
  assert.deepEqual(told.splice(0), [[10]]);
  return { frames, take, pass, stroke, told };
}

test("what a worker has sent waits until the pen rests, and is told together", () => {
  const { frames, pass, stroke, told } = world();
  for (const seq of [11, 12, 13]) {
    frames.sent();
    stroke(seq);
    frames.answered(seq);
    pass(40);
  }
  assert.deepEqual(told, []);
  pass(149);
  assert.deepEqual(told, [[11, 12, 13]]);
});

test("while somebody writes on and on, the page follows once in a second", () => {
  const { frames, pass, stroke, told } = world();
  for (let seq = 11; seq <= 60; seq++) {
    frames.sent();
    stroke(seq);
    frames.answered(seq);
    pass(40);
  }
  assert.ok(told.length >= 1 && told.length <= 2, `${told.length} times`);
  pass(200);
  assert.deepEqual(
    told.flat(),
    Array.from({ length: 50 }, (_, i) => 11 + i),
  );
});

test("what else comes is told at once, after what waits", () => {
  const { frames, take, stroke, told } = world();
  frames.sent();
  stroke(11);
  frames.answered(11);
  take({ seq: 12, entries: [{ seq: 12, kind: "chat", key: "chat/1", text: "?" }] });
  assert.deepEqual(told.splice(0), [[11, 12]]);
  take({ signals: [{ kind: "laser", x: 1, y: 2 }] });
  assert.equal(told.length, 1);
});

test("strokes of others do not wait, also between two of this page's own", () => {
  const { frames, pass, stroke, told } = world();
  stroke(11);
  assert.deepEqual(told.splice(0), [[11]]);
  frames.sent();
  // Its acknowledgement may come after it: for a moment it is not known whose it is.
  stroke(12);
  pass(39);
  assert.deepEqual(told, []);
  pass(1);
  assert.deepEqual(told.splice(0), [[12]], "another's");
  stroke(13);
  frames.answered(13);
  pass(100);
  assert.deepEqual(told, [], "the page's own");
  stroke(14);
  assert.deepEqual(told, [[13, 14]]);
});

test("a refused action holds nothing up, and acknowledgements alone are not told", () => {
  const { frames, take, stroke, told } = world();
  frames.sent();
  stroke(11);
  frames.answered(null);
  assert.deepEqual(told.splice(0), [[11]]);
  frames.take(parseFrame(JSON.stringify({ acks: [{ id: "a", seq: 11 }] }))!);
  assert.deepEqual(told, []);
  take({ seq: 3, snapshot: [] });
  assert.deepEqual(told, [[3]], "another log is told at once");
  stroke(4);
  assert.deepEqual(told.at(-1), [4]);
});
