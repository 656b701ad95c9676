/** Rules of alarms in a database: each default rule fires and clears; a dead node is one alarm; a fault of many is no flood. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { json } from "../../../platform/store/store.ts";
import type { AlarmRule } from "../../foundation/store/alarm-tables.ts";
import { Changes } from "../../foundation/store/change.ts";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import type { Measured } from "../metrics-history/measured-of.ts";
import { Series } from "../metrics-history/metrics-history.ts";
import { AlarmService } from "./alarm-service.ts";
import { DEFAULT_RULES, defaultRuleId, writeDefaultRules } from "./default-rules.ts";
import { RuleWatch } from "./rule-watch.ts";

const STEP = 10_000;
const START = 1_800_000_000_000;

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
  await writeDefaultRules(database.db);
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("alarms").execute();
});

/** A control process that leads: what is measured, and its alarms. */
function leader(series = new Series(), startAt = START) {
  const { db } = database;
  const time = { now: startAt };
  const options = { db, log: silentLog, isLeader: () => true, measurements: series };
  const alarms = new AlarmService({ ...options, changes: new Changes(db, () => {}), now: () => time.now });
  const watch = new RuleWatch({ ...options, alarms });
  return {
    series,
    alarms,
    watch,
    time,
    /** Measures the same for a while, and judges each time. */
    async run(measured: readonly Measured[], steps: number): Promise<void> {
      for (let i = 0; i < steps; i++) {
        time.now += STEP;
        series.take(time.now, measured);
        await watch.judge(time.now);
        await alarms["writing"];
      }
    },
  };
}

const open = async () => {
  const rows = await database.db.selectFrom("alarms").selectAll().where("cleared_at", "is", null).orderBy("id").execute();
  return rows.map(({ code, subject }) => `${code} ${subject}`.trim());
};
const node = (metric: string, value: number, subject = "n1"): Measured => ({ kind: "node", subject, metric, value });

/** What default rules are about, by kind. */
const SUBJECTS = {
  node: "n1",
  link: "n1>n2",
  hop: "n1<n2 live/math",
  stream: "live/math",
  component: "n1 database",
  lesson: "",
  platform: "",
  probe: "beijing live/math",
};

for (const { code, kind, metric, threshold, clear, forSeconds, clearSeconds, comparison, onlyWhile, severity } of DEFAULT_RULES)
  test(`the default rule ${code} fires and clears`, async () => {
    const { db } = database;
    const lesson = await insertLesson(db, (await insertSchool(db)).id);
    const subject = kind === "lesson" ? lesson.id : SUBJECTS[kind];
    const bad = comparison === "above" ? threshold * 1.01 + 0.001 : threshold - 0.001;
    // What is measured is kept in four bytes.
    const good = comparison === "above" ? clear - 0.0001 : clear;
    const guard = onlyWhile ? [{ kind, subject, metric: onlyWhile.metric, value: onlyWhile.least }] : [];
    const values = (value: number): Measured[] => [{ kind, subject, metric, value }, ...guard];
    const { run } = leader();
    const own = async () => (await open()).filter((alarm) => alarm === `${code} ${subject}`.trim());
    await run(values(bad), forSeconds / 10);
    if (forSeconds > 0) assert.deepEqual(await own(), []);
    await run(values(bad), 1);
    assert.deepEqual(await own(), [`${code} ${subject}`.trim()]);
    const alarm = await db.selectFrom("alarms").selectAll().where("code", "=", code).executeTakeFirstOrThrow();
    assert.equal(alarm.severity, severity);
    assert.equal(alarm.lesson_id, kind === "lesson" ? lesson.id : null);
    assert.ok(Math.abs((alarm.seen?.values.at(-1)?.[1] ?? 0) - bad) < 0.001 * Math.abs(bad) + 1e-6);
    await run(values(good), clearSeconds / 10 + 1);
    assert.deepEqual(await own(), []);
    const ended = await db.selectFrom("alarms").selectAll().where("id", "=", alarm.id).executeTakeFirstOrThrow();
    assert.ok((ended.seen?.values.length ?? 0) > (alarm.seen?.values.length ?? 0), "what was measured until the end is kept");
  });

test("what an urgent alarm tells is not told again by a rule that is less urgent", async () => {
  const { run } = leader();
  await run([node("disk", 0.97)], 30);
  assert.deepEqual(await open(), ["disk-full n1"]);
  await run([node("disk", 0.9)], 10);
  assert.deepEqual(await open(), ["disk-filling n1"]);
});

test("a lesson with few viewers raises no alarm about stalls", async () => {
  const { run } = leader();
  const lesson = (metric: string, value: number): Measured => ({ kind: "lesson", subject: "l", metric, value });
  await run([lesson("stall_ratio", 0.5), lesson("viewers", 4)], 30);
  assert.deepEqual(await open(), []);
});

test("a dead node is one alarm: its figures, links and components raise none, and open ones end", async () => {
  const { alarms, run, time, watch } = leader();
  const measured: Measured[] = [
    node("memory", 0.99),
    node("memory", 0.99, "n3"),
    { kind: "link", subject: "n2>n1", metric: "loss", value: 0.5 },
    { kind: "hop", subject: "n2<n1 live/math", metric: "age_ms", value: 60_000 },
    { kind: "component", subject: "n1 database", metric: "state", value: 2 },
  ];
  await run(measured, 2);
  alarms.report("nodes", [{ code: "node-gone", subject: "n1", detail: "" }]);
  await run(measured, 40);
  assert.deepEqual(await open(), ["node-gone n1", "memory-full n3"]);
  alarms.report("nodes", []);
  await run(measured, 1);
  assert.equal((await open()).length, 5, "what is still so when the node is back is told");
  time.now += STEP;
  alarms.report("nodes", [{ code: "node-gone", subject: "n1", detail: "" }]);
  await watch.judge(time.now);
  await alarms["writing"];
  assert.deepEqual(await open(), ["memory-full n3", "node-gone n1"]);
});

test("while viewers of a dead node move, lessons raise no alarms; two minutes later they do", async () => {
  const { alarms, run } = leader();
  const lesson = (metric: string, value: number): Measured => ({ kind: "lesson", subject: "l", metric, value });
  alarms.report("nodes", [{ code: "node-gone", subject: "n1", detail: "" }]);
  const stalled = [lesson("stall_ratio", 0.5), lesson("viewers", 50)];
  await run(stalled, 12);
  assert.deepEqual(await open(), ["node-gone n1"]);
  await run(stalled, 2);
  assert.deepEqual(await open(), ["node-gone n1", "lesson-stalls l"]);
});

test("a fault of hundreds has twenty alarms and one about the rest, which ends with the last of them", async () => {
  const { run } = leader();
  const links = (value: number): Measured[] =>
    Array.from({ length: 300 }, (_, i) => ({ kind: "link", subject: `n${i}>o`, metric: "loss", value }));
  await run(links(0.5), 30);
  const alarms = await open();
  assert.equal(alarms.length, 21);
  assert.equal(alarms.at(-1), "link-lossy *");
  const { detail } = await database.db.selectFrom("alarms").select("detail").where("subject", "=", "*").executeTakeFirstOrThrow();
  assert.equal(detail, "300 in all");
  await run([...links(0).slice(0, 299), ...links(0.5).slice(299)], 13);
  assert.deepEqual(await open(), ["link-lossy *"]);
  await run(links(0), 13);
  assert.deepEqual(await open(), []);
  assert.equal((await database.db.selectFrom("alarms").select("id").execute()).length, 21);
});

test("a new leader takes open alarms over, raises none again, and ends what is over", async () => {
  const first = leader();
  await first.run([node("egress", 0.95), node("memory", 0.99)], 30);
  assert.deepEqual(await open(), ["exit-full n1", "memory-full n1"]);
  const second = leader(new Series(), first.time.now);
  await second.run([], 2);
  assert.deepEqual(await open(), ["exit-full n1", "memory-full n1"], "it has not measured for long");
  await second.run([node("egress", 0.95), node("memory", 0.5)], 20);
  assert.deepEqual(await open(), ["exit-full n1"]);
  await second.run([], 20);
  assert.deepEqual(await open(), [], "nothing is measured of the node any more");
  assert.equal((await database.db.selectFrom("alarms").select("id").execute()).length, 2);
});

test("the alarms of a rule end when it is disabled, deleted, or no longer about the subject", async () => {
  const { db } = database;
  const { run } = leader();
  const rule = await insertRule({ subject: "*" });
  const measured = [node("connections", 7)];
  const change = (columns: Partial<AlarmRule>) =>
    db
      .updateTable("alarm_rules")
      .set(columns as never)
      .where("id", "=", rule)
      .execute();
  await run(measured, 1);
  assert.deepEqual(await open(), ["rule n1"]);
  await change({ enabled: false });
  await run(measured, 1);
  assert.deepEqual(await open(), []);
  await change({ enabled: true });
  await run(measured, 1);
  assert.deepEqual(await open(), ["rule n1"]);
  await change({ subject: "other-*" });
  await run(measured, 1);
  assert.deepEqual(await open(), []);
  await change({ subject: "n*" });
  await run(measured, 1);
  await db.deleteFrom("alarm_rules").where("id", "=", rule).execute();
  await run(measured, 1);
  assert.deepEqual(await open(), []);
});

test("a start writes the default rules again, but none that an operator has changed", async () => {
  const { db } = database;
  const [full, held] = [defaultRuleId("disk-full"), defaultRuleId("process-held")];
  await db.updateTable("alarm_rules").set({ threshold: 0.5, version: 2 }).where("id", "=", full).execute();
  await db.updateTable("alarm_rules").set({ threshold: 1 }).where("id", "=", held).execute();
  await writeDefaultRules(db);
  const rows = await db.selectFrom("alarm_rules").select(["id", "threshold"]).where("id", "in", [full, held]).execute();
  assert.deepEqual(
    new Map(rows.map(({ id, threshold }) => [id, threshold])),
    new Map([
      [full, 0.5],
      [held, 1000],
    ]),
  );
  await db.updateTable("alarm_rules").set({ threshold: 0.95, version: 1 }).where("id", "=", full).execute();
});

async function insertRule(fields: { readonly subject: string }): Promise<string> {
  const { id } = await database.db
    .insertInto("alarm_rules")
    .values({
      id: "0".repeat(26),
      code: "rule",
      name: "Own",
      kind: "node",
      metric: "connections",
      comparison: "above",
      threshold: 5,
      clear_threshold: 5,
      for_seconds: 0,
      clear_seconds: 0,
      guard_metric: null,
      guard_least: null,
      severity: "info",
      channels: json<readonly string[]>([]),
      enabled: true,
      ...fields,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
