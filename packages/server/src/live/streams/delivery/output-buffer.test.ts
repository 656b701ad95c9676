import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMPTY_CONTEXT } from "../log/log.ts";
import { OutputBuffer } from "./output-buffer.ts";

const JOIN_CONTEXT = { initBytes: Buffer.from("initBytes"), context: EMPTY_CONTEXT };
const LIMITS = { milliseconds: 5000, bytes: 1000 };

function fill(buffer: OutputBuffer, messages: number, size = 10, keyEvery = 10, from = 0): Buffer {
  const all: Buffer[] = [];
  for (let i = from; i < from + messages; i++) {
    const message = Buffer.alloc(size, i % 251);
    buffer.append(size, i * 40, i % keyEvery === 0 ? JOIN_CONTEXT : null).set(message);
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
        const buffer = new OutputBuffer({ milliseconds: 1e9, bytes: 1e9 });
        for (const [message, key] of messages) buffer.append(message.length, 0, key ? JOIN_CONTEXT : null).set(message);
        const all = Buffer.concat(messages.map(([message]) => message));
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
        assert.deepEqual(buffer.slice(from!, to!), all.subarray(from, to));
        assert.equal(buffer.head, all.length);
      },
    ),
  );
});

test("synced readers get one and the same view", () => {
  const buffer = new OutputBuffer(LIMITS);
  fill(buffer, 5);
  assert.equal(buffer.slice(10, 50), buffer.slice(10, 50));
});

test("a view that was handed out stays as it was when the chunk grows", () => {
  const buffer = new OutputBuffer({ milliseconds: 1e9, bytes: 1e9 });
  const first = fill(buffer, 3, 1000, 1e9);
  const view = buffer.slice(0, 3000);
  fill(buffer, 500, 1000, 1e9);
  assert.deepEqual(view, first);
});

test("a reader joins at the newest key frame", () => {
  const buffer = new OutputBuffer(LIMITS);
  assert.equal(buffer.join, null);
  fill(buffer, 25);
  assert.deepEqual(buffer.join, { ...JOIN_CONTEXT, position: 200, time: 800 });
});

test("what is older than both bounds is forgotten, but never what a reader would join at", () => {
  const buffer = new OutputBuffer(LIMITS);
  fill(buffer, 1000);
  assert.ok(buffer.bytes <= 1000 + 200, `${buffer.bytes} kept`);
  assert.ok(buffer.oldest <= buffer.join!.position);
});

test("a GOP larger than all bounds is not kept for ever: readers wait for the next key frame", () => {
  const buffer = new OutputBuffer(LIMITS);
  fill(buffer, 1000, 10, 1e9);
  assert.ok(buffer.bytes <= 3 * 1000, `${buffer.bytes} kept`);
  assert.equal(buffer.join, null);
  buffer.append(10, 99_999, JOIN_CONTEXT);
  assert.equal(buffer.join!.position, buffer.head - 10);
});

test("a slice for a reader that catches up ends where a message ends", () => {
  const buffer = new OutputBuffer({ milliseconds: 1e9, bytes: 1e9 });
  fill(buffer, 30, 7);
  assert.equal(buffer.boundaryAfter(0, 50), 49);
  assert.equal(buffer.boundaryAfter(63, 10), 70);
  assert.equal(buffer.boundaryAfter(0, 3), 7, "at least one message");
  assert.equal(buffer.boundaryAfter(203, 50), 210);
});

test("too far behind is by time, by bytes, and by what is forgotten", () => {
  const byTime = new OutputBuffer({ milliseconds: 1000, bytes: 1e9 });
  fill(byTime, 60);
  assert.ok(byTime.isTooFarBehind(byTime.head - 450));
  assert.ok(!byTime.isTooFarBehind(byTime.head - 50));
  const byBytes = new OutputBuffer({ milliseconds: 1e9, bytes: 100 });
  fill(byBytes, 15);
  assert.ok(byBytes.isTooFarBehind(20));
});
