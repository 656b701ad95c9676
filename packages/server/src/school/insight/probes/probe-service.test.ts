/** Which lessons probes watch, by what links, and what is kept of their runs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { verifyLink } from "../../../access/links/signed-link.ts";
import type { ProbeReport } from "../../../contracts/monitoring/probe-report.ts";
import { newId } from "../../../platform/id.ts";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import type { Measured } from "../metrics-history/measured-of.ts";
import { ProbeService, sweepProbeRuns } from "./probe-service.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const SECRET = "a-secret-of-links";
const AT = Date.UTC(2026, 10, 24, 8);
const REPORT: ProbeReport = {
  url: "http://n/live/math.flv",
  at: AT,
  verdict: "short",
  steps: [],
  server: "n",
  certificateEndsAt: null,
  faults: [{ code: "stalled", detail: "" }],
  watchedMs: 20_000,
  firstFrameMs: 200,
  stalls: 1,
  stallMs: 3000,
  lostMs: 1000,
  delayMs: 900,
  kbps: 800,
  blackMs: 0,
  frozenMs: 0,
  silentMs: 0,
  lateMs: 0,
};

async function insertProbe(schoolId: string | null, of: { lesson_id?: string; via?: string; enabled?: boolean } = {}) {
  return await database.db
    .insertInto("probes")
    .values({
      id: newId(),
      school_id: schoolId,
      lesson_id: null,
      name: "P",
      via: null,
      every_seconds: 60,
      seconds: 18,
      black: true,
      frozen: false,
      silent: true,
      enabled: true,
      ...of,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

const service = (take: (at: number, measured: readonly Measured[]) => void = () => {}) =>
  new ProbeService({ db: database.db, log: silentLog, linkSecret: () => SECRET, series: { take } });

test("a probe watches the live lessons of its school, or the one chosen; the operator's, those of all schools", async () => {
  const { db } = database;
  const [one, other] = [await insertSchool(db), await insertSchool(db)];
  const live = await insertLesson(db, one.id, { state: "live" });
  const chosen = await insertLesson(db, one.id, { state: "live" });
  const elsewhere = await insertLesson(db, other.id, { state: "live" });
  await insertLesson(db, one.id, { state: "scheduled" });
  const [all, single, off] = [
    await insertProbe(one.id),
    await insertProbe(one.id, { lesson_id: chosen.id }),
    await insertProbe(one.id, { enabled: false }),
  ];
  const operators = await insertProbe(null);
  const targets = await service().targets();
  const of = (probe: { id: string }) => new Set(targets.filter((each) => each.probe === probe.id).map(({ lesson }) => lesson));
  assert.deepEqual(of(all), new Set([live.id, chosen.id]));
  assert.deepEqual(of(single), new Set([chosen.id]));
  assert.deepEqual(of(off), new Set());
  assert.ok([live.id, chosen.id, elsewhere.id].every((lesson) => of(operators).has(lesson)));
});

test("the link of a run opens the lesson's stream for a few minutes", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id, { state: "live" });
  const probe = await insertProbe(school.id, { via: "edge-1" });
  const aim = await service().aim({ probe: probe.id, lesson: lesson.id });
  assert.ok(aim);
  assert.deepEqual([aim.via, aim.code, aim.checks], ["edge-1", lesson.code, { black: true, frozen: false, silent: true }]);
  const url = new URL(aim.path, "http://n");
  assert.equal(url.pathname, `/${lesson.stream_app}/${lesson.stream_name}.flv`);
  const [sign = "", expires = "", viewer = ""] = ["sign", "expires", "viewer"].map((key) => url.searchParams.get(key) ?? "");
  const check = (now: number) =>
    verifyLink(
      { sign, expires, viewer, ip: "" },
      { app: lesson.stream_app, name: lesson.stream_name, ip: "10.0.0.1", secrets: [SECRET], now },
    );
  assert.equal(check(Date.now()), "valid");
  assert.equal(check(Date.now() + 300_000), "expired");
  await db.updateTable("lessons").set({ state: "ended" }).where("id", "=", lesson.id).execute();
  assert.equal(await service().aim({ probe: probe.id, lesson: lesson.id }), null);
});

test("a run that is told twice is kept once, and its values are passed on once", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id, { state: "live" });
  const probe = await insertProbe(school.id);
  const seen: unknown[] = [];
  const probes = service((at, measured) => seen.push([at, ...measured.map(({ kind, subject, value }) => [kind, subject, value])]));
  const run = { id: newId(), node: "n1", probe: probe.id, lesson: lesson.id, report: REPORT };
  await probes.take(run);
  await probes.take(run);
  const kept = await db.selectFrom("probe_runs").selectAll().where("probe_id", "=", probe.id).execute();
  assert.deepEqual(
    kept.map(({ verdict, at, report }) => [verdict, at.getTime(), report.stallMs]),
    [["short", AT, 3000]],
  );
  await probes.feed();
  await probes.feed();
  const subject = `n1>dispatch ${lesson.stream_app}/${lesson.stream_name}`;
  const values = [0, 200, 0.2].map((value) => ["probe", subject, value]);
  assert.deepEqual(seen, [[AT, ...values]]);
});

test("a run of a deleted probe is dropped, and old runs are swept", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id, { state: "live" });
  const probe = await insertProbe(school.id);
  await service().take({ id: newId(), node: "n1", probe: newId(), lesson: lesson.id, report: REPORT });
  await service().take({ id: newId(), node: "n1", probe: probe.id, lesson: lesson.id, report: REPORT });
  const count = async () => (await db.selectFrom("probe_runs").select("id").where("lesson_id", "=", lesson.id).execute()).length;
  assert.equal(await count(), 1);
  await sweepProbeRuns(db, Date.now() + 13 * 86_400_000);
  assert.equal(await count(), 1);
  await sweepProbeRuns(db, Date.now() + 15 * 86_400_000);
  assert.equal(await count(), 0);
});
