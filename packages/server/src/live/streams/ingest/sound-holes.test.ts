/** Where sound is missing, by the times of its frames. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SoundHoles } from "./sound-holes.ts";

const FRAME_MS = 20;

/** Takes frames as a writer does. Gives how many were put in before each, -1 where it was left out. */
function writer(length = FRAME_MS, least = 0) {
  const holes = new SoundHoles();
  return (time: number): number => {
    const missing = holes.before(time, length, least);
    for (let i = 0; i < missing; i++) holes.put(length);
    if (missing >= 0) holes.place(time, length);
    return missing;
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

test("lost frames are found where they are missing, one as well as many", () => {
  const take = writer();
  const times = Array.from({ length: 500 }, (_, i) => i * FRAME_MS).filter((_, i) => i !== 100 && (i < 200 || i >= 215));
  const found = times.map((time) => [time, take(time)] as const).filter(([, missing]) => missing !== 0);
  assert.deepEqual(found, [
    [101 * FRAME_MS, 1],
    [215 * FRAME_MS, 15],
  ]);
});

test("times that are rounded, unsteady or the same for several frames are no holes", () => {
  const length = 1024 / 48;
  const rounded = writer(length);
  const unsteady = writer(length);
  const batches = writer(length);
  for (let i = 0; i < 2000; i++) {
    assert.equal(rounded(Math.round(i * length)), 0);
    assert.equal(unsteady(1000 + i * length + Math.sin(i * i) * 7), 0);
    assert.equal(batches(Math.round((i & ~3) * length)), 0);
  }
});

test("of a publisher whose clock may be unsteady, a short hole is filled when it has stayed", () => {
  const take = writer(FRAME_MS, 50);
  const times = Array.from({ length: 500 }, (_, i) => i * FRAME_MS).filter((_, i) => i !== 100 && (i < 300 || i >= 303));
  const found = times.map((time) => [time, take(time)] as const).filter(([, missing]) => missing !== 0);
  assert.deepEqual(
    found.map(([, missing]) => missing),
    [1, 3],
  );
  const [short, long] = found;
  assert.ok(short && short[0] > 101 * FRAME_MS && short[0] < 101 * FRAME_MS + 3500, String(short));
  assert.equal(long?.[0], 303 * FRAME_MS);
});

test("more than a few frames are left out where a clock was put back", () => {
  const take = writer();
  const left = Array.from({ length: 1000 }, (_, i) => take(i * FRAME_MS - (i < 200 ? 0 : 160)));
  assert.deepEqual(
    left.filter((missing) => missing !== 0),
    Array.from({ length: 8 }, () => -1),
  );
});

test("a publisher whose samples are shorter or longer than its time says gets a frame more or less now and then", () => {
  for (const [share, expected] of [
    [1.001, 3],
    [0.999, -3],
  ] as const) {
    const take = writer();
    const added = sum(Array.from({ length: 3000 }, (_, i) => take(i * FRAME_MS * share)));
    assert.ok(Math.abs(added - expected) <= 1, `${share}: ${added}`);
  }
});

test("after a pause of seconds sound begins again where it is", () => {
  const take = writer();
  for (let i = 0; i < 100; i++) take(i * FRAME_MS);
  assert.equal(take(100 * FRAME_MS + 2500), 0);
  assert.equal(take(101 * FRAME_MS + 2500), 0);
  assert.equal(take(103 * FRAME_MS + 2500), 1);
});

test("a hole between two publishers is one, whatever the first one's clock was like", () => {
  const holes = new SoundHoles(1000);
  holes.beginTerm();
  assert.equal(holes.before(1090, FRAME_MS, 0), 5);
});

test("of sound whose frames are not as long as they say the times count", () => {
  const holes = new SoundHoles();
  const put: number[] = [];
  for (let time = 0; time < 60_000; time += 2 * FRAME_MS) {
    const missing = holes.before(time, FRAME_MS, 0);
    for (let i = 0; i < missing; i++) put.push(holes.put(FRAME_MS));
    assert.equal(holes.place(time, FRAME_MS), time);
  }
  assert.ok(put.length <= 5, String(put.length));
});
