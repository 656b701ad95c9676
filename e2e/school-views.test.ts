/**
 * What a school keeps of viewers, on both databases: nothing personal where it says so, nothing twice, nothing of another's session.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ViewBatch, ViewSession } from "../packages/server/src/contracts/playback-sessions/view-batch.ts";
import { measureLessons } from "../packages/server/src/school/insight/alarms/lesson-metrics.ts";
import { onPostgresFirst } from "./school-databases.ts";

const NOW = Date.now();
const SUMS = {
  watchedMs: 10_000,
  heardMs: 0,
  stalls: 0,
  stallMs: 0,
  frames: 250,
  droppedFrames: 0,
  bytes: 1000,
  switches: 0,
  reconnects: 0,
  errors: 0,
};
let senders = 0;

function batchOf(cid: string, viewer: string | null, of: Partial<ViewSession> = {}): ViewBatch {
  const sid = `session-${senders}`.padEnd(20, "-");
  return {
    id: `sender${senders++}.1`,
    cells: [
      {
        cid,
        minute: NOW - (NOW % 60_000),
        node: "n",
        carrier: "电信",
        region: "广东",
        engine: "flv",
        device: "phone",
        beacons: 1,
        sessions: 1,
        firstFrames: { 34: 1 },
        stallLengths: {},
        ...SUMS,
      },
    ],
    sessions: [
      {
        sid,
        trace: "1".repeat(32),
        cid,
        viewer,
        node: "n",
        engine: "flv",
        edge: "edge-1:8080",
        device: { class: "phone" },
        network: { type: "wifi" },
        network24: "10.1.2.0/24",
        carrier: "电信",
        region: "广东",
        startedAt: NOW - 10_000,
        lastAt: NOW,
        firstFrameMs: 300,
        end: null,
        sums: SUMS,
        moments: [],
        played: {},
        ...of,
      },
    ],
  };
}

onPostgresFirst((open) => {
  test("a report without a session counts, and its number leads to what was measured then", async (t) => {
    const { ok, call, person, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Dark", guests: true } });
    const report = { view: null, state: "starting" };
    const { trace } = await ok("POST", `/lessons/${lesson.id}/trouble`, { as: null, body: report });
    const why = await ok("GET", `/views/${trace}/why`, { as: teacher.token });
    assert.deepEqual([why.lessonId, why.reports[0].number, why.moments], [lesson.id, trace, []]);
    assert.equal(why.verdict.reasons[0].code, "no-session");
    assert.notEqual(why.verdict.certainty, "high", "nothing was measured");
    assert.equal((await ok("GET", `/lessons/${lesson.id}/experience`, { as: teacher.token })).complaints, 1);
    const measured = await measureLessons(service.db, Date.now());
    assert.deepEqual(measured, [{ kind: "lesson", subject: lesson.id, metric: "complaints", value: 1 }]);
    const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const stranger = await person(other.id, "teacher", "stranger");
    assert.equal((await call("GET", `/views/${trace}/why`, { as: stranger.token })).status, 404);
    assert.equal((await call("GET", "/views/AAAAAAAA/why", { as: teacher.token })).status, 404);
  });

  test("names, sessions without names, or only figures: as the school says", async (t) => {
    const { ok, service } = await open(t);
    const school = (await ok("GET", "/schools")).items[0];
    for (const [keeps, expected] of [
      ["names", [["Mei", "10.1.2.0/24"]]],
      ["anonymous", [[null, ""]]],
      ["none", []],
    ] as const) {
      await ok("PATCH", `/schools/${school.id}`, { body: { viewDetails: keeps } });
      const lesson = await ok("POST", "/lessons", { body: { schoolId: school.id, title: keeps } });
      const { viewer } = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Mei" } });
      const batch = batchOf(`live/${lesson.stream.name}`, viewer);
      await service.answers.views(batch);
      await service.answers.views(batch);
      const { items } = await ok("GET", `/views?lessonId=${lesson.id}`);
      assert.deepEqual(
        items.map(({ name, network }: { name: string | null; network: string }) => [name, network]),
        expected,
        keeps,
      );
      const { watchedMs, sessions } = await ok("GET", `/lessons/${lesson.id}/experience`);
      assert.deepEqual([watchedMs, sessions], [10_000, 1], `${keeps}: the figures are there, once`);
      if (keeps !== "names") assert.ok(!JSON.stringify(items).includes(viewer));
    }
  });

  test("a lesson that is deleted meanwhile takes its sessions along, and holds up no other figures", async (t) => {
    const { ok, service } = await open(t);
    const school = (await ok("GET", "/schools")).items[0];
    const [gone, here] = [
      await ok("POST", "/lessons", { body: { schoolId: school.id, title: "Gone" } }),
      await ok("POST", "/lessons", { body: { schoolId: school.id, title: "Here" } }),
    ];
    await service.answers.views(batchOf(`live/${gone.stream.name}`, null));
    await service.db.deleteFrom("lessons").where("id", "=", gone.id).execute();
    await Promise.all([
      service.answers.views(batchOf(`live/${gone.stream.name}`, null)),
      service.answers.views(batchOf(`live/${here.stream.name}`, null)),
    ]);
    assert.equal((await ok("GET", `/lessons/${here.id}/experience`)).watchedMs, 10_000);
    const left = await service.db.selectFrom("view_sessions").select("cid").execute();
    assert.deepEqual(
      left.map(({ cid }) => cid),
      [`live/${here.stream.name}`],
    );
  });

  test("a page of sessions follows the other, the worst first, and without a word twice", async (t) => {
    const { ok, call, service } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { schoolId: (await ok("GET", "/schools")).items[0].id, title: "Maths" } });
    const stalls = [0, 700, 700, 100, 9000];
    for (const stallMs of stalls)
      await service.answers.views(batchOf(`live/${lesson.stream.name}`, null, { carrier: "", sums: { ...SUMS, stallMs } }));
    const list = (query: string) => ok("GET", `/views?lessonId=${lesson.id}&${query}`);
    const seen: { id: string; stallMs: number }[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { items, nextCursor } = await list(`sort=stalled&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      assert.ok(items.length <= 2);
      seen.push(...items);
      cursor = nextCursor;
    }
    assert.deepEqual(
      seen.map(({ stallMs }) => stallMs),
      [9000, 700, 700, 100, 0],
    );
    assert.equal(new Set(seen.map(({ id }) => id)).size, stalls.length);
    assert.equal((await list("engine=hls")).items.length, 0);
    assert.equal((await list("carrier=&engine=flv")).items.length, stalls.length, "an empty name: not known");
    assert.equal((await call("GET", `/views?lessonId=${lesson.id}&cursor=x`)).status, 400);
    assert.equal((await call("GET", "/views?sort=stalled")).status, 400, "of everybody's sessions there are too many");
  });

  test("nobody adds to another viewer's session by its id", async (t) => {
    const { ok, service } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { schoolId: (await ok("GET", "/schools")).items[0].id, title: "Maths" } });
    const join = async (name: string) => (await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name } })).viewer;
    const [mei, ben] = [await join("Mei"), await join("Ben")];
    const sid = "somebody-elses-session";
    const cid = `live/${lesson.stream.name}`;
    await service.answers.views(batchOf(cid, mei, { sid }));
    await service.answers.views(batchOf(cid, ben, { sid }));
    await service.answers.views(batchOf("live/other", null, { sid }));
    const view = await ok("GET", `/views/${sid}`);
    assert.deepEqual([view.name, view.watchedMs, view.cid], ["Mei", 10_000, cid]);
  });
});
