/** Reports while the back end is down, on a clock of the test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { ManualClock } from "../../platform/clock.ts";
import type { Report } from "./report-journal.ts";
import { ReportQueue } from "./report-queue.ts";

const log = pino({ level: "silent" });
const SINK = "http://sink.example/";
const OTHER = "http://other.example/";

function reportOf(n: number, url = SINK): Report {
  return { id: `r${n}`, url, action: "on_stop", of: String(n), type: "text/plain", body: "", at: n };
}

/** Lets answers come, and time pass. */
async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 2; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

test("341 ends while the back end is down for a minute all come within a minute after it is back, none twice", async () => {
  const clock = new ManualClock();
  const got: string[] = [];
  let attempts = 0;
  const awayUntil = clock.utc() + 60_000;
  const queue = new ReportQueue({
    post: async ({ of }) => {
      attempts++;
      if (clock.utc() < awayUntil) throw new Error("ECONNREFUSED");
      got.push(of);
      return 200;
    },
    isWanted: () => true,
    journal: null,
    log,
    clock,
  });
  for (let n = 0; n < 341; n++) {
    queue.add({ ...reportOf(n), at: clock.utc() });
    if (n % 6 === 0) await pass(clock, 1);
  }
  await pass(clock, 60);
  assert.equal(got.length, 341);
  assert.equal(new Set(got).size, 341);
  assert.ok(attempts < 341 + 50, `${attempts} attempts`);
});

test("an address that fails does not hold up another; a report is given up after three days, or when nobody wants it any more", async () => {
  const clock = new ManualClock();
  const got: string[] = [];
  let isWanted = true;
  const queue = new ReportQueue({
    post: async ({ url, of }) => {
      if (url === SINK) return 503;
      got.push(of);
      return 404;
    },
    isWanted: () => isWanted,
    journal: null,
    log,
    clock,
  });
  queue.add({ ...reportOf(1), at: clock.utc() });
  await pass(clock, 1);
  queue.add({ ...reportOf(2), at: clock.utc() });
  queue.add({ ...reportOf(3, OTHER), at: clock.utc() });
  await pass(clock, 1);
  assert.deepEqual(got, ["3"], "what the back end answers does not matter, so it is sent once");
  clock.advance(3 * 24 * 3600 * 1000);
  await pass(clock, 1);
  isWanted = false;
  queue.add({ ...reportOf(4), at: clock.utc() });
  await pass(clock, 2);
  await queue.idle();
  assert.deepEqual(got, ["3"]);
});
