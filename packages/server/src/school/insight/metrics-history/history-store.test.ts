/** Minutes and hours in the database, and what the API reads of them. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { sweepHistory, writeHours, writeMinutes } from "./history-store.ts";
import { HistoryTask } from "./history-task.ts";
import { Series } from "./metrics-history.ts";
import { readHistory } from "./read-history.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("series_blocks").execute();
});

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 10, 24, 8);

/** The number of the minute every ten seconds, but one held loop. */
function fill(series: Series, from: number, to: number): void {
  for (let at = from; at < to; at += 10_000) {
    const minute = Math.floor((at - AT) / 60_000);
    series.take(at, [
      { kind: "node", subject: "a", metric: "viewers", value: minute },
      { kind: "node", subject: "a", metric: "hold_ms", value: at % 60_000 === 30_000 ? 900 : 5 },
    ]);
  }
}

const read = (series: Series, from: number, to: number, now = to) =>
  readHistory(database.db, series, { kind: "node", subject: "a", metrics: ["viewers", "hold_ms"], from, to }, now);

test("a minute is the mean of its values, and the worst where a mean would hide it", async () => {
  const series = new Series();
  fill(series, AT, AT + HOUR);
  await writeMinutes(database.db, series, AT, AT + HOUR);
  const answer = await read(new Series(), AT, AT + 10 * 60_000, AT + 5 * HOUR);
  assert.equal(answer.stepSeconds, 60);
  assert.deepEqual(answer.series[0]?.values.slice(0, 4), [0, 1, 2, 3]);
  assert.equal(answer.series[1]?.values[0], 900);
  assert.deepEqual(
    answer.series.map(({ unit }) => unit),
    ["", "ms"],
  );
});

test("two processes that write one hour lose nothing of each other, and writing again changes nothing", async () => {
  const [one, other] = [new Series(), new Series()];
  fill(one, AT, AT + HOUR / 2);
  fill(other, AT + HOUR / 2, AT + HOUR);
  for (const series of [one, other, other]) await writeMinutes(database.db, series, AT, AT + HOUR);
  const { series } = await read(new Series(), AT, AT + HOUR - 1, AT + 5 * HOUR);
  assert.deepEqual(
    series[0]?.values,
    Array.from({ length: 60 }, (_, minute) => minute),
  );
  const rows = await database.db.selectFrom("series_blocks").select("block").execute();
  assert.equal(rows.length, 1);
});

test("hours are made of minutes, as often as one likes", async () => {
  const series = new Series();
  fill(series, AT, AT + 2 * HOUR);
  await writeMinutes(database.db, series, AT, AT + 2 * HOUR);
  for (let i = 0; i < 2; i++) await writeHours(database.db, AT, AT + 2 * HOUR);
  const answer = await read(new Series(), AT - 72 * HOUR, AT + 2 * HOUR - 1, AT + 40 * 24 * HOUR);
  assert.equal(answer.stepSeconds, 3600);
  assert.deepEqual(answer.series[0]?.values.slice(-3), [null, 29.5, 89.5]);
  assert.deepEqual(answer.series[1]?.values.slice(-2), [900, 900]);
});

test("the span decides the step, and no answer has more than a thousand values", async () => {
  const series = new Series();
  const now = AT + 9 * HOUR;
  fill(series, now - 2 * HOUR, now);
  const steps = [];
  for (const hours of [2, 3, 48, 24 * 30, 24 * 730]) {
    const { stepSeconds, from, series: found } = await read(series, now - hours * HOUR, now);
    assert.ok(found.every(({ values }) => values.length <= 1000));
    assert.ok(from.getTime() <= now - hours * HOUR && from.getTime() > now - hours * HOUR - stepSeconds * 1000);
    assert.ok(
      found[0]?.values.slice(-2).some((value) => value !== null),
      `${hours} hours`,
    );
    steps.push(stepSeconds);
  }
  assert.deepEqual(steps, [10, 60, 180, 3600, 64_800]);
});

test("the running hour is shown before it is written", async () => {
  const [before, restarted] = [new Series(), new Series()];
  fill(before, AT, AT + HOUR / 2);
  await writeMinutes(database.db, before, AT, AT + HOUR / 2);
  fill(restarted, AT + HOUR / 2, AT + HOUR / 2 + 600_000);
  const answer = await read(restarted, AT - 72 * HOUR, AT + HOUR / 2 + 600_000);
  assert.deepEqual(answer.series[0]?.values.slice(-2), [null, 19.5], "minutes 0 to 39");
});

test("the leader writes what is over, and a new leader what the one before has left", async () => {
  const { db } = database;
  const series = new Series();
  let leads = false;
  const task = new HistoryTask({ db, series, log: silentLog, isLeader: () => leads });
  fill(series, AT, AT + HOUR + 600_000);
  await task.write(AT + HOUR + 600_000);
  assert.equal((await db.selectFrom("series_blocks").select("kind").execute()).length, 0, "it does not lead");
  leads = true;
  await task.write(AT + HOUR + 600_000);
  const rows = await db.selectFrom("series_blocks").select(["step", "figures"]).orderBy("step").orderBy("block").execute();
  assert.deepEqual(
    rows.map(({ step, figures }) => [step, figures["viewers"]?.length]),
    [
      [60, 60],
      [60, 9],
      [3600, 9],
    ],
    "the minute that late values may still come for is not written",
  );
});

test("a node whose clock is wrong does not push away what is measured", () => {
  const series = new Series();
  const task = new HistoryTask({ db: database.db, series, log: silentLog, isLeader: () => false });
  const idle = { usedBytes: 0, totalBytes: 0 };
  const sample = {
    node: "a",
    cores: 1,
    cpu: 0.5,
    stolen: 0,
    memory: idle,
    disk: idle,
    connections: 0,
    viewers: 0,
    network: { receivedMbps: 0, sentMbps: 0, capacityMbps: 0, retransmittedPercent: 0 },
    descriptors: { used: 0, limit: 0 },
    processes: [],
    links: [],
    hops: [],
    uplinks: [],
    components: [],
  };
  task.take({ ...sample, at: AT + 365 * 24 * HOUR }, AT);
  task.take({ ...sample, at: AT + 10_000 }, AT + 10_000);
  assert.equal(series.window("node", "a", "cpu", AT - 1000, AT + 20_000).length, 2);
});

test("what is measured of a lesson goes with it, and old values go by themselves", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const series = new Series();
  const stream = `${lesson.stream_app}/${lesson.stream_name}`;
  for (const [kind, subject] of [
    ["lesson", lesson.id],
    ["stream", stream],
    ["hop", `a<b ${stream}@360p`],
    ["stream", "live/other"],
  ] as const)
    series.take(AT, [{ kind, subject, metric: "viewers", value: 1 }]);
  await writeMinutes(db, series, AT, AT + 60_000);
  await writeHours(db, AT, AT + HOUR);
  const kinds = async () =>
    (await db.selectFrom("series_blocks").select(["kind", "step"]).orderBy("step").orderBy("kind").execute()).map(
      ({ kind, step }) => `${kind} ${step}`,
    );
  assert.deepEqual(await kinds(), ["hop 60", "lesson 60", "stream 60", "stream 60", "lesson 3600", "stream 3600", "stream 3600"]);
  await db.deleteFrom("lessons").where("id", "=", lesson.id).execute();
  assert.deepEqual(await kinds(), ["stream 60", "stream 3600"]);
  await sweepHistory(db, AT + 29 * 24 * HOUR);
  assert.deepEqual(await kinds(), ["stream 60", "stream 3600"]);
  await sweepHistory(db, AT + 31 * 24 * HOUR);
  assert.deepEqual(await kinds(), ["stream 3600"]);
  await sweepHistory(db, AT + 732 * 24 * HOUR);
  assert.deepEqual(await kinds(), []);
});
