/** What channels are told: together, rarely, in their language, only what concerns them, and in the end everything. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { AlarmCode } from "../../../foundation/store/alarm-codes.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../../foundation/store/test-database.ts";
import type { OpenAlarm } from "../alarm-service.ts";
import { type Answer, START, TAKEN, testLeader } from "../test-leader.ts";
import { sweepNotices } from "./alarm-notices.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  for (const table of ["alarms", "alarm_channels", "alarm_rules"] as const) await database.db.deleteFrom(table).execute();
});

const leader = (answer?: Answer) => testLeader(database.db, answer);
const alarm = (code: AlarmCode, subject = ""): OpenAlarm => ({ code, subject, detail: "why" });
const state = (id: string) => database.db.selectFrom("alarm_channels").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const waiting = async () => (await database.db.selectFrom("alarm_notices").select("id").execute()).length;

test("alarms that come together are one message, the most urgent first; their ends are another one", async () => {
  const { report, pass, posts, channel } = leader();
  await channel();
  await report("nodes", [alarm("clock-skew", "n2"), alarm("node-gone", "n1")]);
  await report("storage", [alarm("storage-away")]);
  await pass(MINUTE);
  assert.equal(posts.length, 1);
  const [title, ...lines] = posts[0]!.text.split("\n");
  assert.equal(title, "Lectern: 3 alarms");
  assert.deepEqual(
    lines.map((line) => line.slice(0, 34)),
    [
      "[Critical] Node unreachable – n1: ",
      "[Critical] Storage unreachable: wh",
      "[Warning] Clock out of sync – n2: ",
      "https://school.example/console/ala",
    ],
  );
  await report("nodes", []);
  await report("storage", []);
  await pass(MINUTE);
  assert.equal(posts.length, 2);
  assert.match(posts[1]!.text, /^Lectern: 3 resolved\n\[Resolved\] Node unreachable – n1 \(after 1 min\)/);
  assert.equal(await waiting(), 0);
});

test("a channel hears of its own school's alarms that are urgent enough, in its language; one of the platform of all", async () => {
  const { report, pass, posts, channel } = leader();
  const [own, other] = [await insertSchool(database.db), await insertSchool(database.db)];
  const lesson = await insertLesson(database.db, own.id);
  await channel({ name: "platform" });
  await channel({ name: "own", school_id: own.id, language: "zh" });
  await channel({ name: "other", school_id: other.id });
  await channel({ name: "urgent", severity: "critical" });
  await channel({ name: "off", enabled: false });
  await report("media", [alarm("rung-dropped", `${lesson.stream_app}/${lesson.stream_name}`)]);
  await pass(MINUTE);
  assert.deepEqual(posts.map(({ to }) => to.split("/").at(-1)).sort(), ["own", "platform"]);
  const text = (name: string) => posts.find(({ to }) => to.endsWith(name))?.text ?? "";
  assert.match(text("own"), /^Lectern: 1 条告警\n\[警告\] 清晰度档位已停止 – Fractions: why/);
  assert.match(text("platform"), /\[Warning\] Rendition stopped – Fractions: why/);
});

test("an alarm that ends before its message is told of once, as resolved", async () => {
  const { report, pass, posts, channel } = leader();
  await channel();
  await report("storage", [alarm("storage-away")]);
  await report("storage", []);
  await pass(MINUTE);
  assert.deepEqual(
    posts.map(({ text }) => text.split("\n").slice(0, 2)),
    [["Lectern: 1 resolved", "[Resolved] Storage unreachable (after 1 min)"]],
  );
  assert.equal(await waiting(), 0);
});

test("a channel that fails is tried again with growing delays, then told everything; Retry-After is heeded", async () => {
  let works = false;
  const refused = { ...TAKEN, text: '{"errcode":45009,"errmsg":"api freq out of limit"}' };
  const { report, pass, posts, channel } = leader(() => (works ? TAKEN : refused));
  const id = await channel();
  await report("storage", [alarm("storage-away")]);
  await pass(10 * MINUTE);
  assert.equal(posts.length, 4, "after 5 s, 30 s, 2 min");
  assert.deepEqual([(await state(id)).failures, (await state(id)).last_error], [4, "45009 api freq out of limit"]);
  works = true;
  await pass(10 * MINUTE);
  assert.equal(posts.length, 5);
  assert.deepEqual([(await state(id)).failures, (await state(id)).last_error], [0, null]);

  const limited = leader(() => ({ ...TAKEN, status: 429, error: "rate_limited", retryAfterSeconds: 600 }));
  await limited.report("media", [alarm("recording-stopped", "live/a")]);
  await database.db.updateTable("alarm_channels").set({ last_sent_at: null, gap_level: 0 }).execute();
  await limited.pass(9 * MINUTE);
  assert.equal(limited.posts.length, 1);
});

test("a critical alarm that nobody acknowledges is told again after four hours; one that somebody did is not", async () => {
  const { report, pass, posts, channel } = leader();
  await channel();
  await report("media", [
    alarm("recording-stopped", "live/a"),
    alarm("recording-stopped", "live/b"),
    alarm("rung-dropped", "live/c"),
  ]);
  await pass(MINUTE);
  await database.db.updateTable("alarms").set({ acknowledged_at: new Date() }).where("subject", "=", "live/b").execute();
  await pass(9 * HOUR, 5 * MINUTE);
  assert.equal(posts.length, 3);
  assert.match(posts[2]!.text, /^Lectern: 1 still open\n\[Still open\] Recording stopped – live\/a/);
});

test("a new critical alarm waits five minutes at most while others come and go; one that comes again waits with them", async () => {
  const { report, pass, posts, channel, time } = leader();
  const id = await channel();
  await report("media", [alarm("recording-stopped", "live/a")]);
  await pass(MINUTE);
  await report("media", []);
  const since = { last_sent_at: new Date(time.now), gap_level: 4 };
  await database.db.updateTable("alarm_channels").set(since).where("id", "=", id).execute();
  await report("media", [alarm("recording-stopped", "live/a")]);
  await pass(6 * MINUTE);
  assert.equal(posts.length, 1);
  await report("media", [alarm("recording-stopped", "live/a"), alarm("recording-stopped", "live/b")]);
  await pass(MINUTE);
  assert.equal(posts.length, 2);
  assert.match(posts[1]!.text, /^Lectern: 2 alarms/);
});

test("the end of an alarm is told within a minute or so, also where messages have become rare", async () => {
  const { report, pass, posts, channel, time } = leader();
  const id = await channel();
  await report("storage", [alarm("storage-away")]);
  await pass(MINUTE);
  const since = { last_sent_at: new Date(time.now), gap_level: 3 };
  await database.db.updateTable("alarm_channels").set(since).where("id", "=", id).execute();
  await report("storage", []);
  await pass(1.5 * MINUTE);
  assert.equal(posts.length, 2);
  assert.match(posts[1]!.text, /^Lectern: 1 resolved/);
});

test("outside of its on-call times a channel is told nothing, and everything when they begin; in quiet hours critical alarms alone", async () => {
  const { report, pass, posts, channel, time } = leader();
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const days = [1, 2, 3, 4, 5, 6, 7];
  const soon = { days, from: clock(time.now + 10 * MINUTE), to: clock(time.now + 8 * HOUR) };
  await channel({ name: "office", hours: { onCall: [soon], quiet: [] } });
  await channel({
    name: "night",
    hours: { onCall: [], quiet: [{ days, from: clock(time.now - HOUR), to: clock(time.now + HOUR) }] },
  });
  await report("media", [alarm("rung-dropped", "live/a")]);
  await pass(5 * MINUTE);
  assert.equal(posts.length, 0);
  await pass(10 * MINUTE);
  assert.deepEqual(
    posts.map(({ to }) => to.split("/").at(-1)),
    ["office"],
  );
  await report("nodes", [alarm("node-gone", "n1")]);
  await pass(MINUTE);
  const night = posts.filter(({ to }) => to.endsWith("night"));
  assert.equal(night.length, 1);
  assert.match(night[0]!.text, /Node unreachable[\s\S]*Rendition stopped/, "what has waited comes with it");
});

test("what a channel could not be told for a day is forgotten, also when the channel is disabled", async () => {
  const { report, channel } = leader(() => ({ ...TAKEN, status: null, error: "no answer" }));
  const id = await channel();
  await report("storage", [alarm("storage-away")]);
  await database.db.updateTable("alarm_channels").set({ enabled: false }).where("id", "=", id).execute();
  await sweepNotices(database.db, START + 23 * HOUR);
  assert.equal(await waiting(), 1);
  await sweepNotices(database.db, START + 25 * HOUR);
  assert.equal(await waiting(), 0);
});
