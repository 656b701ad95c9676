import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrivals } from "./arrivals.ts";

/** 4 Mbit/s. */
const BYTES_PER_MS = 500;

test("batches on a fast connection have the pace of time, and are not steady", () => {
  const arrivals = new Arrivals(0);
  let media = 0;
  for (let now = 200; now <= 5000; now += 200) {
    media += 200;
    // A batch comes in three pieces within a few milliseconds.
    for (const piece of [0, 1, 2]) arrivals.add(now + piece, (200 * BYTES_PER_MS) / 3, media);
  }
  for (const now of [5010, 5090, 5190]) {
    const { pace, isSteady, usualGapMs } = arrivals.measure(now);
    assert.ok(pace >= 0.8 && pace <= 1.2, `pace ${pace}`);
    assert.equal(isSteady, false);
    assert.ok(Math.abs(usualGapMs - 200) < 10, `${usualGapMs} ms`);
  }
  assert.equal(arrivals.measure(5190).silentMs, 188);
});

test("a connection that has become too slow is steady, has a low pace, and shows its speed at once", () => {
  const arrivals = new Arrivals(0);
  let media = 0;
  for (let now = 200; now <= 3000; now += 200) arrivals.add(now, 200 * BYTES_PER_MS, (media += 200));
  // 500 kbit/s from here on, in small pieces.
  for (let now = 3010; now <= 3600; now += 10) arrivals.add(now, 625, (media += 10 / 8));
  const { pace, kbps, isSteady } = arrivals.measure(3600);
  assert.ok(isSteady);
  assert.ok(pace < 0.3, `pace ${pace}`);
  assert.ok(Math.abs(kbps - 500) < 60, `${kbps} kbps`);
});

test("a connection whose losses make bursts of what comes is neither steady nor silent, and its pace over some seconds is low", () => {
  const arrivals = new Arrivals(0);
  let media = 0;
  for (let now = 200; now <= 3000; now += 200) arrivals.add(now, 200 * BYTES_PER_MS, (media += 200));
  assert.ok(Math.abs(arrivals.measure(3000).longPace - 1) < 0.1);
  // 500 kbit/s from here on, every third of a second.
  for (let now = 3300; now <= 6000; now += 300) arrivals.add(now, 300 * 62.5, (media += 300 / 8));
  const { longPace, isSteady, silentMs, usualGapMs } = arrivals.measure(6000);
  assert.deepEqual([isSteady, silentMs < 2 * usualGapMs], [false, true]);
  assert.ok(longPace < 0.2, `pace ${longPace}`);
});

test("silence is counted from the last byte, and has no pace", () => {
  const arrivals = new Arrivals(0);
  for (let now = 200; now <= 1000; now += 200) arrivals.add(now, 1000, now);
  const { pace, silentMs, kbps } = arrivals.measure(1800);
  assert.deepEqual([pace, silentMs, kbps], [0, 800, 0]);
});

test("what a server sends at once tells the speed of the connection, and what comes later as it is made does not", () => {
  const fast = new Arrivals(0);
  fast.add(30, 60_000, 2000);
  for (let now = 230; now <= 2030; now += 200) fast.add(now, 10_000, 2000 + now);
  assert.equal(fast.burstKbps, (60_000 * 8) / 30);
  const slow = new Arrivals(0);
  for (let now = 20; now <= 900; now += 10) slow.add(now, 625, now);
  assert.ok(slow.burstKbps !== null && Math.abs(slow.burstKbps - 500) < 20, `${slow.burstKbps} kbps`);
  const small = new Arrivals(0);
  small.add(30, 2000, 0);
  small.add(430, 60_000, 400);
  assert.equal(small.burstKbps, null);
});

test("pieces that complete no frame count as bytes", () => {
  const arrivals = new Arrivals(0);
  arrivals.add(10, 1000, null);
  assert.equal(arrivals.newest, null);
  arrivals.add(20, 1000, 500);
  arrivals.add(30, 1000, 460);
  assert.equal(arrivals.newest, 500);
});

test("batches tell how fast a connection is, once there are ten of them, and not while it is full or loses something", () => {
  const arrivals = new Arrivals(0);
  let now = 0;
  const batches = (count: number, pieces: number, apartMs: number, everyMs = 200) => {
    for (let i = 0; i < count; i++, now += everyMs)
      for (let piece = 0; piece < pieces; piece++) arrivals.add(now + piece * apartMs, 7500 / pieces, now);
    return arrivals.measure(now).batchKbps;
  };
  assert.equal(batches(10, 5, 24), null);
  const slow = batches(1, 5, 24) ?? 0;
  assert.ok(slow > 500 && slow < 700, `${slow} kbps`);
  assert.equal(batches(11, 2, 5), 2000);
  assert.equal(batches(4, 1, 0, 300), null);
  assert.equal(batches(11, 1, 0), 2000);
  assert.equal(batches(3, 20, 10), null);
});
