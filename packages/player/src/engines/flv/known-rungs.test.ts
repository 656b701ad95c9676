import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownRungs } from "./known-rungs.ts";

const ITSELF = { name: null, averageBandwidth: 1_500_000, bandwidth: 1_900_000, codecs: "", width: 640, height: 360 };
const SAVER = { name: "saver", averageBandwidth: 250_000, bandwidth: 300_000, codecs: "", width: 320, height: 180 };
const SECOND = 1000;

test("a stream without rungs is asked for them again after ten seconds, then more and more rarely, until it has some", async (t) => {
  let items: readonly unknown[] = [ITSELF];
  const asked: string[] = [];
  t.mock.method(globalThis, "fetch", async (url: string) => {
    asked.push(url);
    return Response.json({ items, newestMs: 0 });
  });
  const known = new KnownRungs("http://school.example/live/math.flv");
  await known.ask(0, null);
  const due: number[] = [];
  for (let now = 0; now < 200 * SECOND; now += SECOND) {
    if (!known.isDue(now)) continue;
    due.push(now / SECOND);
    await known.ask(now, null);
  }
  assert.deepEqual(due, [10, 30, 70, 150]);
  assert.equal(asked.length, 1 + due.length);
  items = [ITSELF, SAVER];
  await known.ask(310 * SECOND, null);
  known.use();
  assert.deepEqual([known.indexOf("saver") >= 0, known.isDue(10_000 * SECOND)], [true, false]);
});
