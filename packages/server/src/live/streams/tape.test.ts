import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMPTY_CONTEXT } from "./log.ts";
import { Tape } from "./tape.ts";

const INTRODUCTION = { prelude: Buffer.from("prelude"), context: EMPTY_CONTEXT };
const LIMITS = { milliseconds: 5000, bytes: 1000 };

function fill(tape: Tape, messages: number, size = 10, keyEvery = 10, from = 0): Buffer {
  const all: Buffer[] = [];
  for (let i = from; i < from + messages; i++) {
    const message = Buffer.alloc(size, i % 251);
    tape.append(message, i * 40, i % keyEvery === 0 ? INTRODUCTION : null);
    all.push(message);
  }
  return Buffer.concat(all);
}

test("what is read between two positions is what was written between them, across chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.boolean()), { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      (messages, a, b) => {
        const tape = new Tape({ milliseconds: 1e9, bytes: 1e9 });
        for (const [message, key] of messages) tape.append(message, 0, key ? INTRODUCTION : null);
        const all = Buffer.concat(messages.map(([message]) => message));
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
        assert.deepEqual(tape.slice(from!, to!), all.subarray(from, to));
        assert.equal(tape.head, all.length);
      },
    ),
  );
});

test("readers in step get one and the same view", () => {
  const tape = new Tape(LIMITS);
  fill(tape, 5);
  assert.equal(tape.slice(10, 50), tape.slice(10, 50));
});

test("a view that was handed out stays as it was when the chunk grows", () => {
  const tape = new Tape({ milliseconds: 1e9, bytes: 1e9 });
  const first = fill(tape, 3, 1000, 1e9);
  const view = tape.slice(0, 3000);
  fill(tape, 500, 1000, 1e9);
  assert.deepEqual(view, first);
});

test("a reader joins at the newest key frame", () => {
  const tape = new Tape(LIMITS);
  assert.equal(tape.join, null);
  fill(tape, 25);
  assert.deepEqual(tape.join, { ...INTRODUCTION, position: 200, time: 800 });
});

test("what is older than both bounds is forgotten, but never what a reader would join at", () => {
  const tape = new Tape(LIMITS);
  fill(tape, 1000);
  assert.ok(tape.bytes <= 1000 + 200, `${tape.bytes} kept`);
  assert.ok(tape.oldest <= tape.join!.position);
});

test("a group of pictures larger than all bounds is not kept for ever: readers wait for the next key frame", () => {
  const tape = new Tape(LIMITS);
  fill(tape, 1000, 10, 1e9);
  assert.ok(tape.bytes <= 3 * 1000, `${tape.bytes} kept`);
  assert.equal(tape.join, null);
  tape.append(Buffer.alloc(10), 99_999, INTRODUCTION);
  assert.equal(tape.join!.position, tape.head - 10);
});

test("a slice for a reader that catches up ends where a message ends", () => {
  const tape = new Tape({ milliseconds: 1e9, bytes: 1e9 });
  fill(tape, 30, 7);
  assert.equal(tape.boundaryAfter(0, 50), 49);
  assert.equal(tape.boundaryAfter(63, 10), 70);
  assert.equal(tape.boundaryAfter(0, 3), 7, "at least one message");
  assert.equal(tape.boundaryAfter(203, 50), 210);
});

test("too far behind is by time, by bytes, and by what is forgotten", () => {
  const byTime = new Tape({ milliseconds: 1000, bytes: 1e9 });
  fill(byTime, 60);
  assert.ok(byTime.isTooFarBehind(byTime.head - 450));
  assert.ok(!byTime.isTooFarBehind(byTime.head - 50));
  const byBytes = new Tape({ milliseconds: 1e9, bytes: 100 });
  fill(byBytes, 15);
  assert.ok(byBytes.isTooFarBehind(20));
});
