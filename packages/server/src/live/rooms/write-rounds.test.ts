import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { FlushQueue } from "./flush-queue.ts";
import { WriteRounds } from "./write-rounds.ts";

/** Rounds of so many members, each write of which takes so long, beside video that takes a share; `goOn`: something is to be told each millisecond. */
function openRounds(count: number, writeMs = 0, video = 0) {
  const clock = new ManualClock(0);
  let spent = 0;
  const now = () => clock.monotonic() + spent;
  const active = () => spent + video * now();
  const queue = new FlushQueue(now, (call) => void clock.after(0, call), active);
  const members = new Set(Array.from({ length: count }, (_, n) => n));
  const writes: { readonly member: number; readonly at: number }[] = [];
  const rounds = new WriteRounds<number>({
    members,
    now,
    after: clock.after,
    queue,
    write: (piece) => {
      for (const member of piece) writes.push({ member, at: now() });
      spent += piece.length * writeMs;
    },
  });
  const goOn = (milliseconds: number): void => {
    for (const end = now() + milliseconds; now() < end; clock.advance(1)) rounds.ask();
  };
  return { clock, members, rounds, writes, goOn };
}

test("after a rest all are written to at once", () => {
  const { clock, rounds, writes } = openRounds(1000);
  rounds.ask();
  clock.advance(1);
  assert.equal(new Set(writes.map(({ member }) => member)).size, 1000);
  clock.advance(1000);
  assert.equal(writes.length, 1000, "nothing is written without need");
});

test("while something goes on happening, each member is written to five times a second, and writes are spread over the time", () => {
  const { rounds, writes, goOn } = openRounds(1000);
  goOn(2000);
  const steady = writes.filter(({ at }) => at >= 1000 && at < 2000);
  assert.ok(Math.abs(steady.length - 5000) < 300, `${steady.length} writes in a second`);
  for (let at = 1000; at < 2000; at += 20) {
    const within = steady.filter((write) => write.at >= at && write.at < at + 20).length;
    assert.ok(within >= 60 && within <= 150, `${within} writes in 20 ms`);
  }
  for (const member of [0, 499, 999]) {
    const times = steady.filter((write) => write.member === member).map(({ at }) => at);
    for (const [i, at] of times.entries()) if (i > 0) assert.ok(Math.abs(at - (times[i - 1] ?? 0) - 200) <= 15);
  }
  rounds.close();
});

test("the last words before a rest come to all", () => {
  const { clock, rounds, writes, goOn } = openRounds(300);
  goOn(730);
  const from = writes.length;
  rounds.ask();
  clock.advance(500);
  assert.equal(new Set(writes.slice(from).map(({ member }) => member)).size, 300);
});

test("where writes would take nearly all of the process's time, rounds last longer, so that a quarter is left", () => {
  const { rounds, writes, goOn } = openRounds(2000, 0.12);
  goOn(6000);
  const steady = writes.filter(({ at }) => at >= 3000 && at < 6000);
  const share = (steady.length * 0.12) / 3000;
  assert.ok(share > 0.55 && share < 0.76, `${share} of the time`);
  rounds.close();
});

test("beside video that needs a third of the time, writes take no more than what is left of it", () => {
  const { rounds, writes, goOn } = openRounds(2000, 0.12, 0.35);
  goOn(6000);
  const steady = writes.filter(({ at }) => at >= 3000 && at < 6000);
  const share = (steady.length * 0.12) / 3000;
  assert.ok(share > 0.38 && share < 0.56, `${share} of the time`);
  rounds.close();
});

test("who comes into a round is a part of it, and who goes is not", () => {
  const { members, rounds, writes, goOn } = openRounds(300);
  goOn(500);
  members.add(1000);
  members.delete(5);
  const from = writes.length;
  goOn(450);
  const told = writes.slice(from).map(({ member }) => member);
  assert.ok(told.includes(1000));
  assert.ok(!told.includes(5));
  rounds.close();
  const closed = writes.length;
  goOn(500);
  assert.equal(writes.length, closed);
});
