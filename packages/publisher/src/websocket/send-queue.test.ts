import assert from "node:assert/strict";
import { test } from "node:test";
import { type QueuedTag, SendQueue } from "./send-queue.ts";

const tag = (kind: QueuedTag["kind"], time: number, size = 1000): QueuedTag => ({ kind, time, bytes: new Uint8Array(size) });

function drain(queue: SendQueue): string[] {
  const found: string[] = [];
  for (let next = queue.take(); next; next = queue.take()) found.push(`${next.kind} ${next.time}`);
  return found;
}

function queueOf(): { queue: SendQueue; wanted: () => number } {
  let wanted = 0;
  return { queue: new SendQueue(() => wanted++), wanted: () => wanted };
}

test("tags leave in the order in which they came", () => {
  const { queue } = queueOf();
  for (const one of [tag("setup", 0), tag("key", 0), tag("sound", 10), tag("delta", 33)]) queue.push(one, one.time);
  assert.deepEqual([queue.size, queue.waitingMs, queue.oldestAt], [4000, 33, 0]);
  assert.deepEqual(drain(queue), ["setup 0", "key 0", "sound 10", "delta 33"]);
  assert.equal(queue.size, 0);
});

test("more than a second of pictures is left out up to the next key frame, which is wanted once; sound and configurations stay", () => {
  const { queue, wanted } = queueOf();
  queue.push(tag("setup", 0), 0);
  queue.push(tag("key", 0), 0);
  let dropped = 0;
  for (let time = 33; time < 2000; time += 33) {
    queue.push(tag("sound", time - 1, 100), 0);
    if (queue.push(tag("delta", time), 0)) dropped++;
  }
  assert.deepEqual([dropped, wanted()], [1, 1]);
  assert.equal(queue.droppedFrames, 61);
  queue.push(tag("key", 2000), 0);
  queue.push(tag("delta", 2033), 0);
  const left = drain(queue);
  assert.equal(left[0], "setup 0");
  assert.deepEqual(left.slice(-2), ["key 2000", "delta 2033"]);
  assert.ok(left.slice(1, -2).length === 60 && left.slice(1, -2).every((one) => one.startsWith("sound")));
});

test("a key frame that comes when there is too much takes the place of all before it", () => {
  const { queue, wanted } = queueOf();
  queue.push(tag("key", 0), 0);
  queue.push(tag("delta", 900), 0);
  assert.equal(queue.push(tag("key", 1100), 0), true);
  queue.push(tag("delta", 1133), 0);
  assert.deepEqual([drain(queue), wanted()], [["key 1100", "delta 1133"], 0]);
});

test("of three seconds of sound a part is kept, in one piece; bytes are bounded whatever the times say", () => {
  const { queue } = queueOf();
  for (let time = 0; time <= 3020; time += 20) queue.push(tag("sound", time, 100), 0);
  const left = drain(queue);
  assert.equal(left.at(-1), "sound 3020");
  assert.ok(left.length < 80, `${left.length} packets`);
  const { queue: other, wanted } = queueOf();
  for (let i = 0; i < 100; i++) other.push(tag(i === 0 ? "key" : "delta", 0, 100_000), 0);
  assert.ok(other.size <= 4 * 1024 * 1024);
  assert.equal(wanted(), 1);
});
