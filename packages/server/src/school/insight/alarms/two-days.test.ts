/**
 * Simulated hours with every default rule: nothing is raised while values stay on the good side; what flutters is one alarm; where everything
 * comes and goes, people get few messages, and in the end nothing is left over. Two days of it are for a run that names this file. Only with --all.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { runsRare } from "../../../../../../e2e/long-tests.ts";
import { MEASURED_KINDS, type MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Measured } from "../metrics-history/measured-of.ts";
import { KEEP_MS } from "../metrics-history/metrics-history.ts";
import { DEFAULT_RULES, type DefaultRule, writeDefaultRules } from "./default-rules.ts";
import { testLeader } from "./test-leader.ts";

const MINUTE = 60_000;
/** What comes and goes does so every forty minutes, and lessons are others every two hours: this is several of both. */
const HOURS = runsRare ? 48 : 4;
const NODES = ["n0", "n1", "n2"];

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
  await writeDefaultRules(database.db);
});
after(() => database.close());
beforeEach(async () => {
  for (const table of ["alarms", "alarm_channels"] as const) await database.db.deleteFrom(table).execute();
});

/** Subjects of a kind. Lessons and streams are others every two hours, as on a platform. */
function subjectsOf(kind: MeasuredKind, step: number): readonly string[] {
  const hour = Math.floor(step / 120);
  switch (kind) {
    case "node":
      return NODES;
    case "link":
      return NODES.map((node, i) => `${node}>${NODES[(i + 1) % NODES.length]}`);
    case "hop":
      return NODES.map((node, i) => `${node}<${NODES[(i + 1) % NODES.length]} live/s${hour}`);
    case "component":
      return NODES.map((node) => `${node} database`);
    case "platform":
      return [""];
    case "probe":
      return NODES.map((node) => `${node}>dispatch live/s${hour}`);
    case "stream":
      return [0, 1, 2].map((i) => `live/s${hour}-${i}`);
    case "lesson":
      return [0, 1, 2].map((i) => `lesson ${hour} ${i}`);
  }
}

const isAbove = ({ comparison }: DefaultRule) => comparison === "above";
const bad = (rule: DefaultRule) => (isAbove(rule) ? rule.threshold * 1.02 + 0.001 : rule.threshold - 0.01);
const good = (rule: DefaultRule) => (isAbove(rule) ? rule.clear * 0.98 - 0.001 : rule.clear + 0.01);
const between = (rule: DefaultRule) => (isAbove(rule) ? rule.threshold * 0.999 : rule.threshold);

/** By metric, with the rules about it, of which the first one is the strictest. */
const METRICS = [...Map.groupBy(DEFAULT_RULES, ({ kind, metric }) => `${kind} ${metric}`).values()].map((rules) =>
  rules.toSorted((a, b) => a.threshold - b.threshold),
);
type Valued = { readonly strictest: DefaultRule; readonly mildest: DefaultRule; readonly i: number };

/** What is measured of all subjects in a step. */
function measured(step: number, valueFor: (of: Valued) => number): readonly Measured[] {
  return METRICS.flatMap((rules) => {
    const [strictest, mildest] = [rules[0]!, rules.at(-1)!];
    return subjectsOf(strictest.kind, step).flatMap((subject, i): Measured[] => {
      const { kind, metric, onlyWhile: guard } = strictest;
      const figures = { kind, subject, metric, value: valueFor({ strictest, mildest, i }) };
      return guard ? [figures, { ...figures, metric: guard.metric, value: guard.least }] : [figures];
    });
  });
}

const raised = () => database.db.selectFrom("alarms").select(["code", "subject", "cleared_at"]).execute();

test(`${HOURS} hours just on the good side, with short peaks beyond, raise nothing`, async () => {
  const { series, watch, time, alarms } = testLeader(database.db);
  for (let step = 0; step < HOURS * 60; step++) {
    time.now += MINUTE;
    // Of a rule that waits, one value in ten is beyond the threshold.
    series.take(
      time.now,
      measured(step, ({ strictest }) => (strictest.forSeconds > 60 && step % 10 === 0 ? bad(strictest) : between(strictest))),
    );
    await watch.judge(time.now);
  }
  await alarms["writing"];
  assert.deepEqual(await raised(), []);
});

for (const rule of DEFAULT_RULES.filter(({ threshold, clear }) => threshold !== clear))
  test(`a value that moves around the threshold of ${rule.code} for two hours is one alarm`, async () => {
    const { series, watch, time, alarms } = testLeader(database.db);
    const [subject = ""] = subjectsOf(rule.kind, 0);
    const of = { kind: rule.kind, subject };
    for (let step = 0; step < 120; step++) {
      time.now += MINUTE;
      const isBad = step < 10 || step % 3 === 0;
      const guard = rule.onlyWhile ? [{ ...of, metric: rule.onlyWhile.metric, value: rule.onlyWhile.least }] : [];
      series.take(time.now, [{ ...of, metric: rule.metric, value: isBad ? bad(rule) : between(rule) }, ...guard]);
      await watch.judge(time.now);
    }
    await alarms["writing"];
    const own = (await raised()).filter(({ code }) => code === rule.code);
    assert.deepEqual(own, [{ code: rule.code, subject, cleared_at: null }]);
  });

test(`${HOURS} hours in which everything comes and goes are few messages, and nothing is left over`, async () => {
  const { db } = database;
  const { series, alarms, watch, tell, posts, time, channel } = testLeader(db);
  await channel();
  const end = time.now + HOURS * 60 * MINUTE;
  let most = 0;
  for (let step = 0; time.now < end; step++) {
    time.now += MINUTE;
    // Everything is bad for twenty minutes in every forty, at other times for each subject; a node is dead now and then.
    const isBad = (i: number) => Math.floor(step / 20 + i / 3) % 2 === 0;
    alarms.report("nodes", step % 120 < 5 ? [{ code: "node-gone", subject: "n2", detail: "" }] : []);
    series.take(
      time.now,
      measured(step, ({ strictest, mildest, i }) => (!isBad(i) ? good(strictest) : bad(i === 0 ? strictest : mildest))),
    );
    await watch.judge(time.now);
    await alarms["writing"];
    await tell(time.now);
    most = Math.max(
      most,
      MEASURED_KINDS.reduce((sum, kind) => sum + series.subjects(kind).length, 0),
    );
  }
  const all = await raised();
  for (const { code } of DEFAULT_RULES)
    assert.ok(
      all.some((alarm) => alarm.code === code),
      code,
    );
  assert.ok(all.length > 40 * HOURS, `${all.length} alarms`);
  // The first ones come sooner.
  assert.ok(posts.length < HOURS * 3 + 3, `${posts.length} messages for ${all.length} alarms`);
  for (const [i, { at }] of posts.entries()) assert.ok(i === 0 || at - posts[i - 1]!.at >= 30_000);
  assert.ok(Math.max(...posts.map(({ text }) => Buffer.byteLength(text))) <= 2048);
  assert.ok(most < 100, `${most} subjects are kept: those of the last two hours`);

  // Nothing is measured any more: what was open ends, is told, and is forgotten.
  for (const until = time.now + KEEP_MS + 5 * MINUTE; time.now < until; ) {
    time.now += MINUTE;
    alarms.report("nodes", []);
    series.take(time.now, []);
    await watch.judge(time.now);
    await alarms["writing"];
    await tell(time.now);
  }
  assert.deepEqual(
    (await raised()).filter(({ cleared_at }) => cleared_at === null),
    [],
  );
  assert.deepEqual(await db.selectFrom("alarm_notices").select("id").execute(), [], "no notice is left over");
  for (const kind of MEASURED_KINDS) assert.deepEqual(series.subjects(kind), [], kind);
  const states = [...(watch["states"]?.values() ?? [])];
  assert.ok(
    states.length === DEFAULT_RULES.length && states.every(({ own, many, manyAlarm }) => own.size + many.size === 0 && !manyAlarm),
  );
  assert.equal(watch["told"].size, 0);
});
