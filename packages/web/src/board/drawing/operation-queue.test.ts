/** Batches on their way to the room: one at a time and in order, put together while they wait, and given back when they are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints, type Operation } from "@lectern/board";
import { OperationQueue } from "./operation-queue.ts";

const point = (x: number) => ({ x, y: 0, pressure: 0.5, at: x });

function world() {
  const timers: (() => void)[] = [];
  const sent: { operations: readonly Operation[]; page: string; store: (seq: number) => void; refuse: () => void }[] = [];
  const told: string[] = [];
  let isOpen = true;
  const queue = new OperationQueue({
    send: (page, operations) =>
      new Promise((resolve, reject) => {
        sent.push({ page, operations, store: (seq) => resolve({ seq }), refuse: () => reject(new Error("no")) });
      }),
    isOpen: () => isOpen,
    intervalMs: () => 40,
    after: (_ms, call) => {
      timers.push(call);
      return () => void timers.splice(timers.indexOf(call), 1);
    },
    beforeBatch: () => {},
    onRefused: () => void told.push("refused"),
  });
  const add = (operation: Operation, page = "1.1") =>
    queue.add(page, operation, { stored: (seq) => void told.push(`stored ${seq}`), refused: () => void told.push("gone") });
  const tick = async (): Promise<void> => {
    for (const call of timers.splice(0)) call();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const setOpen = (open: boolean) => {
    isOpen = open;
  };
  return { queue, add, tick, sent, told, setOpen };
}

test("one action at a time: points that come meanwhile are one text, and of places the last counts", async () => {
  const { add, tick, sent, told } = world();
  add(["s", "aaaa.1", "pen", "black", 12, encodePoints([point(1)]), 0]);
  await tick();
  add(["p", "aaaa.1", encodePoints([point(2)], point(1)), 0]);
  add(["p", "aaaa.1", encodePoints([point(3)], point(2)), 1]);
  add(["m", "aaaa.9", 1, 0, 1]);
  add(["m", "aaaa.9", 2, 0, 1]);
  await tick();
  assert.equal(sent.length, 1, "the first is not acknowledged");
  sent[0]?.store(7);
  await tick();
  await tick();
  assert.deepEqual(sent[1]?.operations, [
    ["p", "aaaa.1", encodePoints([point(2), point(3)], point(1)), 1],
    ["m", "aaaa.9", 2, 0, 1],
  ]);
  sent[1]?.store(8);
  await tick();
  assert.deepEqual(told, ["stored 7", "stored 8", "stored 8", "stored 8", "stored 8"]);
});

test("an action has operations of one page", async () => {
  const { add, tick, sent } = world();
  add(["d", ["aaaa.1"]]);
  add(["d", ["aaaa.2"]], "1.2");
  await tick();
  sent[0]?.store(1);
  await tick();
  await tick();
  assert.deepEqual(
    sent.map(({ page }) => page),
    ["1.1", "1.2"],
  );
});

test("without a line all waits, and a refusal gives back what was drawn", async () => {
  const { queue, add, tick, sent, told, setOpen } = world();
  setOpen(false);
  add(["d", ["aaaa.1"]]);
  await tick();
  await tick();
  assert.equal(sent.length, 0);
  setOpen(true);
  await tick();
  sent[0]?.refuse();
  await tick();
  assert.deepEqual(told, ["gone", "refused"]);
  queue.close();
});
