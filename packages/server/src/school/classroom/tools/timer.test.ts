/** The timer of a room: what staff do with it, what others may not, and what is left after a restart. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { leftAt, type Timer } from "@lectern/room";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { timerDomain } from "./timer.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");

async function open(t: TestContext) {
  const room = await TestRoom.open(database, [timerDomain() as Domain]);
  t.after(() => room.close());
  const act = (body: Readonly<Record<string, unknown>>, who = teacher) => room.refusal(who, "timer", body);
  const timer = async () => ((await room.retained()).get("timer")?.body ?? null) as Timer | null;
  /** Seconds. */
  const left = async (): Promise<number | null> => {
    const now = await timer();
    const ms = now && leftAt(now, room.now);
    return ms === null ? null : ms / 1000;
  };
  return { room, act, timer, left };
}

test("a timer counts down, stands while it is paused, gets a minute more, and ends", async (t) => {
  const { room, act, timer, left } = await open(t);
  assert.equal(await act({ action: "start", seconds: 300 }), null);
  assert.deepEqual(await timer(), { length: 300_000, elapsed: 0, since: room.now });
  room.now += 100_000;
  assert.equal(await left(), 200);
  await act({ action: "pause" });
  room.now += 3_600_000;
  assert.equal(await left(), 200);
  await act({ action: "add", seconds: 60 });
  assert.equal(await left(), 260);
  await act({ action: "resume" });
  room.now += 60_000;
  assert.equal(await left(), 200);
  await act({ action: "end" });
  assert.equal(await timer(), null);
});

test("a minute more after the end is a minute from now; what is paused after its end has nothing left", async (t) => {
  const { room, act, left } = await open(t);
  await act({ action: "start", seconds: 60 });
  room.now += 600_000;
  assert.equal(await left(), -540);
  await act({ action: "add", seconds: 60 });
  assert.equal(await left(), 60);
  room.now += 90_000;
  await act({ action: "pause" });
  assert.equal(await left(), 0);
});

test("a stopwatch counts up and has no end; another timer takes its place", async (t) => {
  const { room, act, timer, left } = await open(t);
  await act({ action: "start" });
  assert.equal(await left(), null);
  assert.equal(await act({ action: "add", seconds: 60 }), "conflict");
  room.now += 90_000;
  await act({ action: "pause" });
  assert.deepEqual(await timer(), { length: null, elapsed: 90_000, since: null });
  await act({ action: "start", seconds: 60 });
  assert.equal(await left(), 60);
});

test("several actions of one moment count one after the other, and what changes nothing is no entry", async (t) => {
  const { room, act, left } = await open(t);
  await Promise.all([act({ action: "start", seconds: 60 }), act({ action: "add", seconds: 30 }), act({ action: "pause" })]);
  assert.equal(await left(), 90);
  const { length } = room.entries;
  assert.deepEqual([await act({ action: "pause" }), room.entries.length], [null, length]);
  await act({ action: "end" });
  assert.deepEqual([await act({ action: "end" }), room.entries.length], [null, length + 1]);
});

test("without a timer there is nothing to pause, and it never gets longer than six hours", async (t) => {
  const { act, left } = await open(t);
  for (const action of ["pause", "resume"]) assert.equal(await act({ action }), "not-found");
  assert.equal(await act({ action: "add", seconds: 60 }), "not-found");
  await act({ action: "start", seconds: 6 * 3600 });
  await act({ action: "add", seconds: 3600 });
  assert.equal(await left(), 6 * 3600);
});

test("after a restart the timer goes on where it is", async (t) => {
  const { room, act, left } = await open(t);
  await act({ action: "start", seconds: 300 });
  await room.restart();
  room.now += 30_000;
  assert.equal(await left(), 270);
  assert.equal(await act({ action: "pause" }), null);
});

test("students, guests and parents set no timer, and bad values set none", async (t) => {
  const { act, timer } = await open(t);
  for (const role of ["member", "guest", "watcher"] as const)
    for (const body of [{ action: "start", seconds: 60 }, { action: "start" }, { action: "end" }, { action: "add", seconds: 60 }])
      assert.equal(await act(body, person(role)), "refused-by-rule", `${role} ${body.action}`);
  const bad = [
    ...[-1, 0, 4, 1.5, 21_601, "60", null, Number.NaN, [60], {}].map((seconds) => ({ action: "start", seconds })),
    ...[0, -60, 3601, 0.5, "60", undefined].map((seconds) => ({ action: "add", seconds })),
    { action: "start", seconds: 60, since: 0 },
    { action: "start", length: 60 },
    { action: "set" },
    { action: "end", at: 1 },
    {},
  ];
  for (const body of bad) assert.equal(await act(body), "bad-request", JSON.stringify(body));
  assert.equal(await timer(), null);
});
