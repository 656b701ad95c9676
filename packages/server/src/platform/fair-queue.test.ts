/** A queue that several clients share: who starts when, who is refused, and what one client can take from the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ManualClock } from "./clock.ts";
import { FairQueue, type Slot } from "./fair-queue.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Takes a place, and notes when it starts. */
function taker(queue: FairQueue, started: string[]) {
  return (key: string): Slot => {
    const place = queue.take(key);
    assert.ok(place, `${key} was refused`);
    void place.ready.then(() => started.push(key));
    return place;
  };
}

test("a key with many waiting tasks delays another key by the task that runs", async () => {
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 100, maxWaiting: 1000 });
  const started: string[] = [];
  const take = taker(queue, started);
  const flood = Array.from({ length: 50 }, () => take("flood"));
  const innocent = take("innocent");
  take("other");
  flood[0]?.end();
  innocent.end();
  await settle();
  assert.deepEqual(started, ["flood", "innocent", "other"]);
});

test("a key that never gives its slots back gets a fifth of them", async () => {
  const queue = new FairQueue({ slots: 64, maxWaitingPerKey: 1000, maxWaiting: 10_000 });
  const started: string[] = [];
  const take = taker(queue, started);
  for (const flood of ["a", "b", "c", "d", "e"]) for (let i = 0; i < 200; i++) take(flood);
  take("innocent");
  await settle();
  assert.equal(started.filter((key) => key === "a").length, 13);
  assert.ok(started.includes("innocent"), `${started.length} started`);
});

test("a key holds as many slots as it may, and the others are free for who comes", async () => {
  const queue = new FairQueue({ slots: 3, maxWaitingPerKey: 10, maxWaiting: 10, slotsPerKey: 2 });
  const started: string[] = [];
  const take = taker(queue, started);
  for (let i = 0; i < 5; i++) take("a");
  await settle();
  assert.deepEqual(started, ["a", "a"]);
  take("b");
  await settle();
  assert.deepEqual(started, ["a", "a", "b"]);
});

test("tasks beyond a key's waiting slots are refused, those of another key are not", () => {
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 2, maxWaiting: 4 });
  const taken = (key: string) => queue.take(key) !== null;
  assert.deepEqual([taken("a"), taken("a"), taken("a"), taken("a")], [true, true, true, false]);
  assert.deepEqual([taken("b"), taken("b"), taken("c")], [true, true, false]);
});

test("a task that leaves while it waits is never started, and makes room", async () => {
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 1, maxWaiting: 1 });
  const started: string[] = [];
  const take = taker(queue, started);
  const first = take("a");
  const second = take("b");
  second.end();
  second.end();
  const third = take("c");
  first.end();
  first.end();
  await settle();
  assert.deepEqual(started, ["a", "c"]);
  third.end();
  assert.deepEqual([queue.running, queue.waiting], [0, 0]);
});

test("a task that fails gives its place back", async () => {
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 1, maxWaiting: 1 });
  await assert.rejects(queue.run("a", () => Promise.reject(new Error("no"))) ?? Promise.resolve(), /no/);
  assert.equal(await queue.run("a", async () => 5), 5);
});

test("the time to wait is that of the waiting tasks, by how long tasks lately took", async () => {
  const clock = new ManualClock();
  const queue = new FairQueue({ slots: 2, maxWaitingPerKey: 100, maxWaiting: 100, slotsPerKey: 2 }, clock);
  for (let i = 0; i < 200; i++) {
    const place = queue.take("a");
    await place?.ready;
    clock.advance(400);
    place?.end();
  }
  for (let i = 0; i < 22; i++) queue.take("a");
  assert.equal(queue.waiting, 20);
  assert.deepEqual([queue.secondsUntilFree("a"), queue.secondsUntilFree("b")], [5, 5]);
});

test("whatever comes and goes, slots are never exceeded, none is lost, and nobody waits while his place is free", async () => {
  const step = fc.record({ key: fc.constantFrom("a", "b", "c"), ends: fc.option(fc.nat(30)) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 6 }), async (steps, slots) => {
      const queue = new FairQueue({ slots, maxWaitingPerKey: 5, maxWaiting: 12 });
      const held: Slot[] = [];
      for (const { key, ends } of steps) {
        const place = ends === null ? queue.take(key) : null;
        if (place) held.push(place);
        if (ends !== null) held[ends]?.end();
        assert.ok(queue.running <= slots && queue.waiting <= 12);
        if (queue.running === 0) assert.equal(queue.waiting, 0);
      }
      for (const place of held) place.end();
      assert.deepEqual([queue.running, queue.waiting], [0, 0]);
      await settle();
    }),
    { numRuns: 200 },
  );
});

test("a key that rests has no turn until then, and the others have theirs", async () => {
  const clock = new ManualClock();
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 10, maxWaiting: 20, slotsPerKey: 1 }, clock);
  const ran: string[] = [];
  const run = (name: string, restMs: number) => {
    const task = async () => {
      clock.advance(30);
      return void ran.push(name);
    };
    return queue.run(name, task, (_, tookMs) => (restMs > 0 ? restMs + tookMs : 0));
  };
  void run("hot", 70);
  void run("hot", 70);
  await run("quiet", 0);
  await settle();
  assert.deepEqual(ran, ["hot", "quiet"]);
  assert.equal(queue.waiting, 1);
  await run("quiet", 0);
  clock.advance(39);
  await settle();
  assert.deepEqual(ran, ["hot", "quiet", "quiet"]);
  clock.advance(1);
  await settle();
  assert.deepEqual(ran, ["hot", "quiet", "quiet", "hot"]);
});

test("a key that comes again while it rests waits, also where it was alone", async () => {
  const clock = new ManualClock();
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 1, maxWaiting: 20, slotsPerKey: 1 }, clock);
  const count = { ran: 0 };
  const run = () =>
    queue.run(
      "hot",
      async () => void count.ran++,
      () => 100,
    );
  await run();
  void run();
  assert.equal(run(), null, "one waits already");
  await settle();
  assert.equal(count.ran, 1);
  clock.advance(100);
  await settle();
  assert.equal(count.ran, 2);
});

test("keys that rest fill the queue for each other, and not for others", async () => {
  const clock = new ManualClock();
  const queue = new FairQueue({ slots: 1, maxWaitingPerKey: 5, maxWaiting: 10, slotsPerKey: 1 }, clock);
  const run = (name: string) =>
    queue.run(
      name,
      async () => {},
      () => 1000,
    );
  for (const name of ["a", "b", "c"]) await run(name);
  for (const name of ["a", "b"]) for (let i = 0; i < 5; i++) assert.notEqual(run(name), null);
  assert.equal(run("c"), null, "ten wait");
  queue.take("long");
  for (const name of ["x", "y"]) for (let i = 0; i < 5; i++) assert.notEqual(queue.take(name), null);
  assert.equal(queue.take("z"), null, "ten others wait");
  // Each of the six tasks of "a" is followed by a second of rest.
  assert.deepEqual([queue.secondsUntilFree("a"), queue.secondsUntilFree("z")], [7, 1]);
});
