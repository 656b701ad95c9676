import assert from "node:assert/strict";
import { test } from "node:test";
import { BeaconQueue } from "./beacon-queue.ts";

function open(answers: (number | null)[]) {
  const sent: string[] = [];
  const queue = new BeaconQueue(async (body) => {
    sent.push(body);
    const status = answers.shift() ?? 204;
    if (status === 0) throw new Error("offline");
    return { status, retryAfter: null };
  });
  return { queue, sent };
}

test("what could not be sent is sent again first, as it was", async () => {
  const { queue, sent } = open([0, 503]);
  await queue.push("a", 0);
  await queue.push("b", 10_000);
  await queue.push("c", 20_000);
  assert.deepEqual(sent, ["a", "a", "a", "b", "c"]);
  assert.deepEqual(queue.takeWaiting(), []);
});

test("a minute's beacons wait for the network, and no more", async () => {
  const { queue } = open(Array.from({ length: 20 }, () => 0));
  for (let i = 0; i < 20; i++) await queue.push(String(i), i * 10_000);
  assert.deepEqual(queue.takeWaiting(), ["14", "15", "16", "17", "18", "19"]);
});

test("a server that asks for less is heard, and one that refuses is asked no more", async () => {
  const busy = open([429]);
  await busy.queue.push("a", 0);
  await busy.queue.push("b", 10_000);
  assert.deepEqual(busy.sent, ["a"]);
  await busy.queue.push("c", 61_000);
  assert.deepEqual(busy.sent, ["a", "a", "b", "c"]);

  const refused = open([403]);
  await refused.queue.push("a", 0);
  await refused.queue.push("b", 10_000);
  assert.deepEqual([refused.sent, refused.queue.isRefused, refused.queue.takeWaiting()], [["a"], true, []]);
});

test("a stream that is not there yet is asked about again a minute later: viewers come before the teacher", async () => {
  const early = open([404]);
  await early.queue.push("a", 0);
  await early.queue.push("b", 30_000);
  assert.deepEqual([early.sent, early.queue.isRefused], [["a"], false]);
  await early.queue.push("c", 60_000);
  assert.deepEqual(early.sent, ["a", "b", "c"], "what was told to nobody is not told again");
});
