import assert from "node:assert/strict";
import { test } from "node:test";
import { SilenceWatch } from "./silence-watch.ts";

type Answer = number | "unreachable" | null;

/** Looks five times a second for so many milliseconds at a picture that stands still from 0 on; the server's answers come at once. */
async function watched(answers: readonly Answer[], newestMs: number | null, forMs: number) {
  const causes: (string | null)[] = [];
  let asked = 0;
  const watch: SilenceWatch = new SilenceWatch(
    {
      ask: async () => answers[Math.min(asked++, answers.length - 1)] ?? null,
      onChange: () => causes.push(watch.silence?.cause ?? null),
    },
    () => 0.5,
  );
  let now = 0;
  for (; now <= forMs; now += 200) {
    watch.look({ isStill: true, newestMs }, now);
    await new Promise(setImmediate);
  }
  return { watch, causes, asked: () => asked, now };
}

test("a server that has nothing newer than what is shown is asked once: the publisher is the reason", async () => {
  const { watch, causes, asked, now } = await watched([10_200], 10_000, 8000);
  assert.deepEqual([causes, asked()], [["publisher"], 1]);
  const apart = Date.now() - (watch.silence?.since ?? 0);
  assert.ok(Math.abs(apart - 1000) < 500, `stopped ${apart} ms ago, by the clock of the looks ${now}`);
  watch.look({ isStill: false, newestMs: 10_200 }, now);
  assert.deepEqual(causes, ["publisher", null]);
});

test("a server that does not answer is the connection's fault, until it answers", async () => {
  const { causes } = await watched(["unreachable", "unreachable", 10_200], 10_000, 8000);
  assert.deepEqual(causes, ["connection", "publisher"]);
});

test("while the server has newer media the connection is only slow, and nothing is said; nor where the server or the engine knows no time", async () => {
  for (const [answer, newest] of [
    [20_000, 10_000],
    [null, 10_000],
    [10_000, null],
  ] as const)
    assert.deepEqual((await watched([answer], newest, 8000)).causes, []);
});

test("a picture that stands still for less than half a second asks nothing", async () => {
  const { asked } = await watched([10_000], 10_000, 400);
  assert.equal(asked(), 0);
});

test("an answer that comes after the picture moves again says nothing", async () => {
  let answer: (time: number) => void = () => {};
  const causes: unknown[] = [];
  const host = {
    ask: () =>
      new Promise<number>((resolve) => {
        answer = resolve;
      }),
    onChange: () => causes.push(1),
  };
  const watch = new SilenceWatch(host, () => 0);
  for (let now = 0; now <= 600; now += 200) watch.look({ isStill: true, newestMs: 10_000 }, now);
  watch.look({ isStill: false, newestMs: 11_000 }, 800);
  answer(10_000);
  await new Promise(setImmediate);
  assert.deepEqual(causes, []);
});
