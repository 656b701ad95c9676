import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal, type RefusalCode } from "../../platform/refusal.ts";
import { GroupQueue } from "./group-queue.ts";

type Result = { readonly of: string } | { readonly refused: RefusalCode };

/** A queue whose groups are answered by hand. */
function openQueue() {
  const clock = new ManualClock();
  const groups: {
    readonly items: readonly string[];
    readonly answer: (results: readonly Result[]) => void;
    readonly fail: () => void;
  }[] = [];
  const queue = new GroupQueue<string, { readonly of: string }>({
    clock,
    ask: (items) =>
      new Promise((resolve, reject) => {
        groups.push({ items, answer: resolve, fail: () => reject(new Error("away")) });
      }),
  });
  const pass = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
  return { clock, queue, groups, pass, settle };
}

const done = (items: readonly string[]): Result[] => items.map((of) => ({ of }));

test("what comes within milliseconds is one group, what comes meanwhile the next, and each gets its own answer", async () => {
  const { queue, groups, pass, settle } = openQueue();
  const [a, b] = [queue.ask("a", 1), queue.ask("b", 1)];
  await pass(10);
  const c = queue.ask("c", 1);
  await pass(10);
  assert.deepEqual(
    groups.map(({ items }) => items),
    [["a", "b"]],
    "one group at a time",
  );
  groups[0]!.answer(done(["a", "b"]));
  assert.deepEqual(await Promise.all([a, b]), [{ of: "a" }, { of: "b" }]);
  await settle();
  assert.deepEqual(groups[1]!.items, ["c"]);
  groups[1]!.answer(done(["c"]));
  assert.deepEqual(await c, { of: "c" });
  assert.equal(queue.size, 0);
});

test("a group has at most 500 items, and at most two megabytes", async () => {
  const { queue, groups, pass, settle } = openQueue();
  const all = Array.from({ length: 501 }, (_, i) => queue.ask(`${i}`, 10));
  const large = [queue.ask("x", 1_500_000), queue.ask("y", 1_500_000)];
  await pass(10);
  for (let i = 0; i < 3; i++) {
    groups[i]!.answer(done(groups[i]!.items));
    await settle();
  }
  await Promise.all([...all, ...large]);
  assert.deepEqual(
    groups.map(({ items }) => items.length),
    [500, 2, 1],
  );
});

test("while nothing can be stored, requests wait, keep their order, and are refused after eight seconds; what nobody waits for stays", async () => {
  const { queue, groups, pass, settle } = openQueue();
  const asked = queue.ask("a", 1);
  assert.equal(queue.tell("start", 1), true);
  await pass(10);
  for (let i = 0; i <= 16; i++) {
    groups.at(-1)!.fail();
    await settle();
    await pass(500);
  }
  const refusal = await asked;
  assert.ok(refusal instanceof Refusal);
  assert.deepEqual([refusal.code, refusal.status, refusal.retryAfter], ["control-away", 503, 3]);
  assert.deepEqual(groups.at(-1)!.items, ["start"]);
  assert.ok(groups.slice(0, 10).every(({ items }) => items.join() === "a,start"));
});

test("what nobody waits for comes after requests, and goes alone only after three seconds", async () => {
  const { queue, groups, pass, settle } = openQueue();
  queue.tell("note", 1);
  await pass(2900);
  assert.equal(groups.length, 0);
  const asked = queue.ask("a", 1);
  await pass(10);
  assert.deepEqual(groups[0]!.items, ["a", "note"]);
  groups[0]!.answer(done(["a", "note"]));
  await asked;
  await settle();
  queue.tell("alone", 1);
  await pass(3000);
  assert.deepEqual(groups[1]!.items, ["alone"]);
});

test("an unreachable database is asked again; any other refusal is the request's own", async () => {
  const { queue, groups, pass, settle } = openQueue();
  const [a, b] = [queue.ask("a", 1), queue.ask("b", 1)];
  await pass(10);
  groups[0]!.answer([{ refused: "exam-ended" }, { refused: "database-away" }]);
  const refused = await a;
  assert.ok(refused instanceof Refusal && refused.code === "exam-ended");
  await settle();
  await pass(500);
  assert.deepEqual(groups[1]!.items, ["b"]);
  groups[1]!.answer(done(["b"]));
  assert.deepEqual(await b, { of: "b" });
});

test("what waits is bounded: beyond it requests are refused at once", async () => {
  const { queue } = openQueue();
  for (let i = 0; i < 67; i++) void queue.ask("x", 1_000_000);
  assert.equal(queue.tell("start", 1_000_000), false);
  const refusal = await queue.ask("y", 1_000_000);
  assert.ok(refusal instanceof Refusal && refusal.status === 503);
});

test("a queue that closes stores what waits, and refuses the rest", async () => {
  const { queue, groups, settle } = openQueue();
  const asked = queue.ask("a", 1);
  const closing = queue.close();
  await settle();
  assert.deepEqual(groups[0]!.items, ["a"]);
  groups[0]!.fail();
  const refusal = await asked;
  assert.ok(refusal instanceof Refusal && refusal.code === "draining");
  await closing;
  assert.ok((await queue.ask("b", 1)) instanceof Refusal);
});
