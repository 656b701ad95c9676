import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type CoreTimes, SpareTime, useSpareTime } from "./spare-time.ts";

/** What two cores have done second by second, of which this share was idle. */
function lookAt(spare: SpareTime, shares: readonly number[]): void {
  let times: CoreTimes = { idle: 5000, all: 9000 };
  spare.look(times);
  for (const share of shares) {
    times = { idle: times.idle + 200 * share, all: times.all + 200 };
    spare.look(times);
  }
}

const seconds = (count: number, share: number): number[] => Array.from({ length: count }, () => share);

test("there is time for more when a quarter of the cores was idle for eight seconds, and not before", () => {
  const spare = new SpareTime();
  lookAt(spare, seconds(7, 1));
  assert.equal(spare.take(), false, "seven seconds");
  lookAt(spare, seconds(8, 0.3));
  assert.equal(spare.take(), true, "eight");
});

test("beside programs that use the cores there is none, also where they pause for a second", () => {
  const spare = new SpareTime();
  lookAt(spare, [...seconds(4, 0.1), 1, ...seconds(4, 0.1)]);
  assert.equal(spare.take(), false);
});

test("what was idle long ago does not count", () => {
  const spare = new SpareTime();
  lookAt(spare, [...seconds(60, 1), ...seconds(8, 0.1)]);
  assert.equal(spare.take(), false);
});

test("the time is taken once: the next is judged by what the cores do then", () => {
  const spare = new SpareTime();
  lookAt(spare, seconds(8, 1));
  assert.equal(spare.take(), true);
  assert.equal(spare.take(), false);
});

test("on an idle machine so much begins as may, what ended makes room for more, and the end waits for all", async () => {
  const idle = { read: () => ({ idle: now, all: now++ }), everyMs: 1 };
  let now = 0;
  const ends: (() => void)[] = [];
  const usual = Promise.withResolvers<void>();
  const begin = (): Promise<void> => new Promise((end) => ends.push(end));
  let hasEnded = false;
  const used = useSpareTime({ most: 2, begin, until: usual.promise, watch: idle }).then(() => void (hasEnded = true));
  while (ends.length < 2) await setTimeout(1);
  await setTimeout(50);
  assert.equal(ends.length, 2);
  ends[0]?.();
  while (ends.length < 3) await setTimeout(1);
  usual.resolve();
  await setTimeout(20);
  assert.equal(hasEnded, false, "two of them run");
  for (const end of ends) end();
  await used;
});

test("nothing more begins when the usual work has ended", async () => {
  let begun = 0;
  const begin = async (): Promise<void> => void begun++;
  await useSpareTime({ most: 2, begin, until: Promise.resolve() });
  assert.equal(begun, 0);
});
