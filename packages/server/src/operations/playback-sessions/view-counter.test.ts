/** Counting beacons: sums by minute and session, repeats, silence, bounds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ViewBatch } from "../../contracts/playback-sessions/view-batch.ts";
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import { testBeacon } from "./test-beacon.ts";
import { ViewCounter, type ViewOrigin } from "./view-counter.ts";

const START = Date.UTC(2026, 10, 24, 8, 0, 0);
const ORIGIN: ViewOrigin = { viewer: null, network24: "10.0.0.0/24", carrier: "电信", region: "广东" };

function open(maxSessions?: number) {
  let now = START;
  const clock = { utc: () => now, monotonic: () => now, after: () => () => {}, longestHold: () => 0 };
  const counter = new ViewCounter({ node: "n1", clock, ...(maxSessions === undefined ? {} : { maxSessions }) });
  const take = (of: Partial<ViewBeacon>, origin = ORIGIN) => counter.take(testBeacon(of), origin);
  const batch = (): ViewBatch => {
    const next = counter.batch() ?? { id: "", cells: [], sessions: [] };
    counter.sent(next.id);
    return next;
  };
  return { counter, take, batch, pass: (ms: number) => (now += ms) };
}

test("beacons of a minute are added up by what divides viewers", () => {
  const { take, batch, pass } = open();
  take({ sid: "a".repeat(20), sn: 0, msd: 300, watchedMs: 9000 });
  take({ sid: "b".repeat(20), sn: 0, watchedMs: 10_000, sf: "hls" });
  pass(10_000);
  take({
    sid: "a".repeat(20),
    sn: 1,
    watchedMs: 8000,
    stalls: 1,
    bsd: 2000,
    stallList: [{ at: START, ms: 2000, cause: "starved" }],
  });
  const { cells } = batch();
  assert.deepEqual(
    cells.map(({ engine, watchedMs, stallMs, sessions, beacons, minute }) => [
      engine,
      watchedMs,
      stallMs,
      sessions,
      beacons,
      minute,
    ]),
    [
      ["flv", 17_000, 2000, 1, 2, START],
      ["hls", 10_000, 0, 1, 1, START],
    ],
  );
  assert.deepEqual(Object.values(cells[0]?.firstFrames ?? {}), [1]);
  assert.deepEqual(Object.values(cells[0]?.stallLengths ?? {}), [1]);
  assert.deepEqual(batch().cells, [], "each figure is told once");
});

test("a beacon that comes twice is counted once, in whatever order", () => {
  const orders = fc.shuffledSubarray([...Array(24).keys(), ...Array(24).keys()], { minLength: 48 });
  fc.assert(
    fc.property(orders, (order) => {
      const { take, batch, pass } = open();
      for (const sn of order) {
        pass(10_000);
        take({ sn, watchedMs: 1000 });
      }
      const watched = batch().cells.reduce((sum, { watchedMs }) => sum + watchedMs, 0);
      assert.equal(watched, 24_000);
    }),
  );
});

test("a session is told when it begins, at its end, in silence, and once a minute between", () => {
  const { take, batch, pass, counter } = open();
  take({ sn: 0 });
  assert.deepEqual(
    batch().sessions.map(({ moments, sums, end }) => [moments.length, sums.watchedMs, end]),
    [[1, 10_000, null]],
  );
  for (let sn = 1; sn <= 6; sn++) {
    pass(10_000);
    if (sn === 6) assert.deepEqual(batch().sessions.length, 1, "a minute later");
    else assert.deepEqual(batch().sessions, []);
    take({ sn, watchedMs: 10_000 });
  }
  pass(10_000);
  const stallList = (["starved", "decoding"] as const).map((cause, i) => ({ at: START, ms: 700 - 200 * i, cause }));
  take({ sn: 7, end: "left", watchedMs: 5000, bsd: 1200, stallList });
  const [last] = batch().sessions;
  assert.deepEqual(
    last?.moments.map(({ stallMs, decodingMs }) => [stallMs, decodingMs]),
    [
      [0, 0],
      [1200, 500],
    ],
  );
  assert.deepEqual([last?.sums.watchedMs, last?.end, counter.size], [15_000, "left", 0]);

  take({ sid: "c".repeat(20), sn: 0 });
  assert.equal(batch().sessions.length, 1);
  pass(34_000);
  assert.equal(batch().sessions.length, 0);
  pass(1000);
  assert.deepEqual(
    batch().sessions.map(({ end }) => end),
    ["left"],
  );
  assert.equal(counter.size, 0);
});

test("what comes late or again after the end is not counted, and what is new goes on", () => {
  const { take, batch, pass } = open();
  for (let sn = 0; sn < 5; sn++) take({ sn, ...(sn === 4 ? { end: "left" as const } : {}) });
  const early = batch();
  assert.deepEqual([early.sessions[0]?.end, early.sessions[0]?.sums.watchedMs], ["left", 50_000]);
  for (let sn = 0; sn < 5; sn++) assert.equal(take({ sn }), "repeated");
  assert.deepEqual([batch().cells, batch().sessions], [[], []]);
  // A player that was paused is silent for longer.
  pass(600_000);
  assert.equal(take({ sn: 5 }), "taken");
  assert.equal(batch().sessions[0]?.end, null);
});

test("nobody speaks for another stream's session, or claims more time than there was", () => {
  const { take, batch, pass } = open();
  assert.equal(take({ sn: 0 }), "taken");
  assert.equal(take({ sn: 1, cid: "live/other" }), "other-stream");
  assert.equal(take({ sn: 1, trace: "f".repeat(32) }), "other-stream");
  take({ sn: 1, end: "left" });
  batch();
  assert.equal(take({ sn: 2, cid: "live/other" }), "other-stream", "nor when it is over");

  const day = { sid: "d".repeat(20), intervalMs: 86_000_000, watchedMs: 86_000_000 };
  assert.equal(take({ ...day, sn: 0 }), "too-much-time");
  const minutes = { ...day, intervalMs: 100_000, watchedMs: 100_000 };
  assert.equal(take({ ...minutes, sn: 0 }), "taken", "it was watched at another server before");
  assert.equal(take({ ...minutes, sn: 1 }), "too-much-time");
  pass(100_000);
  assert.equal(take({ ...minutes, sn: 1 }), "taken");
});

test("while no batch can be sent, what waits is bounded, and told once", () => {
  const { take, counter, pass } = open();
  take({ sn: 0 });
  const first = counter.batch();
  for (let sn = 1; sn <= 90; sn++) {
    pass(10_000);
    assert.equal(take({ sn, watchedMs: 10_000 }), "taken");
    assert.equal(counter.batch(), first);
  }
  counter.sent(first?.id ?? "");
  const next = counter.batch();
  const { moments = [], sums } = next?.sessions[0] ?? {};
  assert.deepEqual([moments.length, sums?.watchedMs, next?.cells.length], [60, 900_000, 16]);
  assert.equal(
    [...(first?.cells ?? []), ...(next?.cells ?? [])].reduce((sum, { watchedMs }) => sum + watchedMs, 0),
    910_000,
  );
});

test("ten thousand that begin at once are told in several batches", () => {
  const { take, batch } = open();
  for (let i = 0; i < 2500; i++) take({ sid: `${i}`.padStart(20, "0") });
  assert.deepEqual(
    [batch(), batch(), batch(), batch()].map(({ sessions }) => sessions.length),
    [1000, 1000, 500, 0],
  );
});

test("a session whose picture stood still is told sooner", () => {
  const { take, batch, pass } = open();
  take({ sn: 0 });
  batch();
  pass(10_000);
  take({ sn: 1, watchedMs: 4000, bsd: 6000 });
  assert.deepEqual(batch().sessions, []);
  pass(10_000);
  assert.deepEqual(
    batch().sessions.map(({ sums }) => sums.stallMs),
    [6000],
  );
});

test("a batch is given again until it was taken", () => {
  const { take, counter } = open();
  take({ sn: 0 });
  const first = counter.batch();
  take({ sid: "d".repeat(20), sn: 0 });
  assert.equal(counter.batch(), first);
  counter.sent(first?.id ?? "");
  assert.notEqual(counter.batch()?.id, first?.id);
});

test("sessions are bounded, and so is what one of them sends", () => {
  const { take } = open(2);
  assert.equal(take({ sid: "a".repeat(20), sn: 0 }), "taken");
  assert.equal(take({ sid: "b".repeat(20), sn: 0 }), "taken");
  assert.equal(take({ sid: "c".repeat(20), sn: 0 }), "full");
  const results = Array.from({ length: 20 }, (_, i) => take({ sid: "a".repeat(20), sn: i + 1 }));
  assert.ok(results.filter((result) => result === "too-many").length >= 11);
});

test("what is played of a recording is told once, as sums by its minutes, and never more minutes than a batch takes", () => {
  const { take, batch, pass } = open();
  const replay = { cid: "vod/abc", st: "v" as const };
  take({ ...replay, sn: 0, played: [{ minute: 3, ms: 4000 }] });
  pass(10_000);
  take({
    ...replay,
    sn: 1,
    played: [
      { minute: 3, ms: 6000 },
      { minute: 4, ms: 1000 },
    ],
  });
  take({ sid: "l".repeat(20), sn: 0, end: "left", played: [{ minute: 0, ms: 1 }] });
  take({ ...replay, sn: 2, watchedMs: 1000, played: [{ minute: 9, ms: 8001 }] });
  pass(60_000);
  const told = batch().sessions.map(({ cid, played }) => [cid, played]);
  assert.deepEqual(told, [
    ["vod/abc", { 3: 10_000, 4: 1000 }],
    ["live/math", {}],
  ]);
  for (let sn = 3; sn < 41; sn++) {
    pass(10_000);
    take({ ...replay, sn, played: Array.from({ length: 20 }, (_, i) => ({ minute: sn * 20 + i, ms: 1 })) });
  }
  const [session] = batch().sessions;
  assert.equal(Object.keys(session?.played ?? {}).length, 240);
});
