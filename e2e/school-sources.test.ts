/** Sources through the API: channels that nodes pull, whose addresses nobody reads again. Shares a process. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { sql } from "kysely";
import type { JobReport } from "../packages/server/src/contracts/jobs/job-report.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { until } from "./lectern.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const PASSWORD = "Pa55-of-the-camera";
const ADDRESS = `rtsp://admin:${PASSWORD}@camera.example/stream?quality=high`;
const SHOWN = "rtsp://***@camera.example/stream?quality=high";
const BACKUP = "https://cdn.example/live.m3u8?token=t0ken-of-the-cdn";
const SHOWN_BACKUP = "https://cdn.example/live.m3u8?token=***";

function report(job: Pick<JobReport, "kind" | "id" | "app" | "name"> & Partial<JobReport>): JobReport {
  const idle = { node: "n1", state: "running", since: 1_785_000_000_000, problem: null, cores: null } as const;
  return { ...idle, address: null, restarts: 0, rungs: [], ...job };
}

/** Two schools; the first has an administrator, a teacher with a lesson, and another teacher. */
async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const administrator = await person(schoolId, "administrator");
  const teacher = await person(schoolId, "teacher");
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Fractions" } });
  return {
    schoolId,
    administrator,
    teacher,
    lesson,
    stranger: await person(other.id, "administrator"),
    otherTeacher: await person(schoolId, "teacher"),
  };
}

/** Waits for the news that the wanted jobs may have changed, which the calls cause. */
async function changing<T>({ wanted }: TestSchool, call: () => Promise<T>): Promise<T> {
  const changed = once(wanted, "change", { signal: AbortSignal.timeout(10_000) });
  const result = await call();
  await changed;
  return result;
}

onPostgresFirst((open) => {
  test("a source is created, shown without its secrets, changed with the secrets kept, and deleted", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const { administrator, schoolId } = await fill(school);
    const as = administrator.token;
    const body = { title: "School yard", name: "yard", addresses: [ADDRESS, BACKUP] };
    const created = await changing(school, () => ok("POST", "/sources", { as, body }));
    const { id, createdAt, ...fields } = created;
    assert.deepEqual(fields, {
      schoolId,
      title: "School yard",
      lessonId: null,
      app: "live",
      name: "yard",
      addresses: [SHOWN, SHOWN_BACKUP],
      start: "demand",
      enabled: true,
      state: null,
      version: 1,
    });
    assert.ok(Date.parse(createdAt) > 0);
    const wanted = { kind: "pull", id, app: "live", name: "yard", school: schoolId, start: "demand" };
    assert.deepEqual(await service.wantedJobs(), [{ ...wanted, addresses: [ADDRESS, BACKUP] }]);
    const camera = "rtsp://camera-2.example/stream";
    const changes = { start: "always", addresses: [camera, SHOWN_BACKUP, SHOWN] };
    const changed = await changing(school, () => ok("PATCH", `/sources/${id}`, { as, body: changes }));
    assert.deepEqual([changed.addresses, changed.start, changed.version], [changes.addresses, "always", 2]);
    const now = { ...wanted, start: "always", addresses: [camera, BACKUP, ADDRESS] };
    assert.deepEqual(await service.wantedJobs(), [now]);
    const elsewhere = await call("PATCH", `/sources/${id}`, { as, body: { addresses: ["rtsp://***@thief.example/stream"] } });
    assert.deepEqual([elsewhere.status, elsewhere.body.code, elsewhere.body.errors[0].path], [400, "bad-request", "addresses.0"]);
    assert.match(elsewhere.body.detail, /addresses\.0: has \*\*\* where its secret was/);
    assert.deepEqual(await service.wantedJobs(), [now]);
    await changing(school, () => ok("PATCH", `/sources/${id}`, { as, body: { enabled: false } }));
    assert.deepEqual(await service.wantedJobs(), []);
    await changing(school, () => ok("DELETE", `/sources/${id}`, { as }));
    assert.equal((await call("GET", `/sources/${id}`, { as })).status, 404);
  });

  test("the secrets of addresses are in no answer, no audit entry, no export, no delivery, and not in the database", async (t) => {
    const school = await open(t);
    const { ok, service } = school;
    const { administrator, schoolId, lesson } = await fill(school);
    const as = administrator.token;
    await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/" } });
    const headers = { "idempotency-key": "the yard" };
    const body = { title: "Yard", lessonId: lesson.id, addresses: [ADDRESS] };
    const { id } = await ok("POST", "/sources", { as, body, headers });
    assert.equal((await ok("POST", "/sources", { as, body, headers })).id, id);
    const answers = [
      await ok("PATCH", `/sources/${id}`, { as, body: { addresses: [BACKUP, SHOWN] } }),
      await ok("GET", "/sources", { as }),
      await ok("GET", `/sources/${id}`, { as }),
      await ok("GET", "/audit?limit=1000"),
      await ok("GET", "/exports/audit"),
      await ok("GET", "/exports/audit.csv"),
      await ok("GET", `/lessons/${lesson.id}`),
    ];
    await ok("DELETE", `/sources/${id}`, { as });
    for (const text of [...answers, await ok("GET", "/audit?limit=1000")].map((answer) => JSON.stringify(answer)))
      for (const secret of [PASSWORD, "t0ken-of-the-cdn"]) assert.ok(!text.includes(secret), text.slice(0, 300));
    const { items } = await ok("GET", `/audit?targetId=${id}`);
    assert.deepEqual(
      items.map((entry: { action: string; after: { addresses?: string[] } | null }) => [entry.action, entry.after?.addresses]),
      [
        ["source.delete", undefined],
        ["source.change", [SHOWN_BACKUP, SHOWN]],
        ["source.create", [SHOWN]],
      ],
    );
    await ok("POST", "/sources", { as, body: { ...body, lessonId: undefined, name: "yard" }, headers: { "idempotency-key": "2" } });
    for (const table of ["sources", "idempotency", "deliveries", "audit"] as const) {
      const rows = JSON.stringify(await service.db.selectFrom(table).selectAll().execute());
      assert.ok(!rows.includes(PASSWORD), table);
    }
  });

  test("administrators manage the sources of their school, operators all; for others of the school they are not there", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { administrator, schoolId, stranger } = await fill(school);
    const own = await ok("POST", "/sources", {
      as: administrator.token,
      body: { title: "Own", name: "own", addresses: [ADDRESS] },
    });
    const operators = await ok("POST", "/sources", { body: { title: "TV", name: "tv", addresses: [ADDRESS], app: "channels" } });
    assert.deepEqual([own.schoolId, operators.schoolId, operators.app], [schoolId, null, "channels"]);
    const ids = async (as: string | null, query = "") =>
      (await ok("GET", `/sources${query}`, as === null ? {} : { as })).items.map(({ id }: { id: string }) => id).sort();
    assert.deepEqual(await ids(null), [own.id, operators.id].sort());
    assert.deepEqual(await ids(null, `?schoolId=${schoolId}`), [own.id]);
    assert.deepEqual(await ids(administrator.token), [own.id]);
    assert.deepEqual(await ids(stranger.token), []);
    for (const [method, body] of [
      ["GET", undefined],
      ["PATCH", { enabled: false }],
      ["DELETE", undefined],
    ] as const) {
      assert.equal((await call(method, `/sources/${own.id}`, { as: stranger.token, body })).status, 404, method);
      assert.equal((await call(method, `/sources/${operators.id}`, { as: administrator.token, body })).status, 404, method);
    }
    const named = { title: "X", name: "x", addresses: [ADDRESS], schoolId };
    assert.equal((await call("POST", "/sources", { as: stranger.token, body: named })).status, 404);
    const taken = await call("POST", "/sources", { as: stranger.token, body: { title: "T", name: "own", addresses: [ADDRESS] } });
    assert.deepEqual([taken.status, taken.body.detail], [409, "Another source is published under this name. Choose another one."]);
    const assistant = await person(schoolId, "assistant");
    assert.equal((await call("GET", "/sources", { as: assistant.token })).status, 403);
  });

  test("a teacher sees how the source of an own lesson is, without its addresses", async (t) => {
    const jobs: JobReport[] = [];
    const school = await open(t, { jobs: () => jobs });
    const { ok, call } = school;
    const { administrator, teacher, otherTeacher, lesson, schoolId } = await fill(school);
    const body = { title: "Hall", lessonId: lesson.id, addresses: [ADDRESS] };
    const { id } = await ok("POST", "/sources", { as: administrator.token, body });
    await ok("POST", "/sources", { as: administrator.token, body: { title: "Yard", name: "yard", addresses: [ADDRESS] } });
    const { app, name } = lesson.stream;
    const problem = { code: "unreachable", detail: "camera.example: connection refused" } as const;
    jobs.push(
      report({ kind: "pull", id, app, name, node: "n0", state: "waiting" }),
      report({ kind: "pull", id, app, name, state: "retrying", problem, address: 0, restarts: 3 }),
      report({ kind: "forward", id, app, name }),
      report({ kind: "pull", id: newId(), app: "live", name: "other" }),
    );
    const state = { state: "retrying", since: "2026-07-25T17:20:00.000Z", address: 0, node: "n1", restarts: 3 };
    const shown = await ok("GET", `/sources/${id}`, { as: administrator.token });
    assert.deepEqual([shown.app, shown.name, shown.addresses], [app, name, [SHOWN]]);
    assert.deepEqual(shown.state, { ...state, problem });
    const seen = await ok("GET", "/sources", { as: teacher.token });
    assert.deepEqual(
      seen.items.map((source: { id: string; addresses: unknown; state: unknown }) => [source.id, source.addresses, source.state]),
      [[id, null, { ...state, problem: { code: "unreachable", detail: null } }]],
    );
    assert.deepEqual((await ok("GET", "/sources", { as: otherTeacher.token })).items, []);
    assert.equal((await call("GET", `/sources/${id}`, { as: otherTeacher.token })).status, 404);
    const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
    await ok("PUT", `/courses/${course.id}/members/${otherTeacher.id}`, { body: { role: "teacher" } });
    await ok("PATCH", `/lessons/${lesson.id}`, { body: { courseId: course.id } });
    assert.equal((await ok("GET", `/sources/${id}`, { as: otherTeacher.token })).id, id, "a teacher of its course");
    for (const method of ["PATCH", "DELETE"])
      assert.equal((await call(method, `/sources/${id}`, { as: teacher.token, body: { enabled: false } })).status, 403);
  });

  test("only operators add files, UDP and SRT that listens; an administrator may keep them", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const { administrator, schoolId } = await fill(school);
    const as = administrator.token;
    const forOperators = ["file:intro.mp4", "udp://239.1.1.1:5000", "srt://0.0.0.0:9000?mode=listener&passphrase=0123456789"];
    for (const address of forOperators) {
      const refused = await call("POST", "/sources", { as, body: { title: "X", name: "x", addresses: [ADDRESS, address] } });
      assert.deepEqual([refused.status, refused.body.code], [403, "refused-by-rule"], address);
    }
    const created = await ok("POST", "/sources", { body: { schoolId, title: "Mix", name: "mix", addresses: forOperators } });
    const kept = await ok("PATCH", `/sources/${created.id}`, { as, body: { addresses: [...created.addresses, ADDRESS] } });
    assert.equal(kept.addresses.length, 4);
    const [job] = await service.wantedJobs();
    assert.deepEqual(job?.kind === "pull" && job.addresses, [...forOperators, ADDRESS]);
    const more = await call("PATCH", `/sources/${created.id}`, { as, body: { addresses: ["file:other.mp4"] } });
    assert.equal(more.status, 403);
  });

  test("the source of a lesson is wanted while the lesson may be published, and each change is told", async (t) => {
    const school = await open(t);
    const { ok, call, service, wanted } = school;
    const { administrator, schoolId, lesson, stranger } = await fill(school);
    const body = { title: "Hall", lessonId: lesson.id, addresses: [ADDRESS], start: "always" };
    assert.equal((await call("POST", "/sources", { as: stranger.token, body })).status, 404);
    const { id } = await ok("POST", "/sources", { as: administrator.token, body });
    const again = await call("POST", "/sources", { as: administrator.token, body });
    assert.match(again.body.detail, /has a source already/);
    const { app, name } = lesson.stream;
    const pull = { kind: "pull", id, app, name, school: schoolId, addresses: [ADDRESS], start: "always" };
    assert.deepEqual(await service.wantedJobs(), [pull]);
    const isWanted = async () => (await service.wantedJobs()).length === 1;
    const path = `/lessons/${lesson.id}`;
    for (const [leave, comeBack] of [
      [() => ok("POST", `${path}/end`), () => ok("POST", `${path}/start`)],
      [
        () => ok("PATCH", `/schools/${schoolId}`, { body: { archived: true } }),
        () => ok("PATCH", `/schools/${schoolId}`, { body: { archived: false } }),
      ],
    ] as const) {
      await changing(school, leave);
      assert.equal(await isWanted(), false);
      await changing(school, comeBack);
      assert.equal(await isWanted(), true);
    }
    await ok("POST", `${path}/end`);
    await ok("DELETE", path);
    assert.equal(await isWanted(), false);
    await ok("POST", `${path}/restore`);
    await changing(school, () => ok("POST", `${path}/start`));
    assert.equal(await isWanted(), true);
    let told = 0;
    wanted.on("change", () => told++);
    // What the database has to say about the start may come late.
    await until(async () => {
      told = 0;
      await ok("PATCH", path, { body: { title: `Other words ${newId()}` } });
      await service.wantedJobs();
      return told === 0;
    }, "a title that concerns no job");
  });

  test("what another control process writes is told by the database", async (t) => {
    const school = await open(t);
    const { ok, service, wanted } = school;
    const { lesson } = await fill(school);
    const { id } = await ok("POST", "/sources", { body: { title: "Hall", lessonId: lesson.id, addresses: [ADDRESS] } });
    const listening = once(wanted, "change", { signal: AbortSignal.timeout(10_000) });
    await service.wantedJobs();
    await listening;
    const { db } = service;
    await changing(school, () => db.updateTable("sources").set({ enabled: false }).where("id", "=", id).execute());
    await changing(school, () => db.updateTable("lessons").set({ ended_by: "hand" }).where("id", "=", lesson.id).execute());
    await changing(school, () => db.updateTable("schools").set({ archived_at: new Date() }).execute());
    await changing(school, () => db.deleteFrom("sources").execute());
  });

  test("of sources that are created at the same time, one gets the name and one the lesson; a school has so many", async (t) => {
    const school = await open(t);
    const { call, ok, service } = school;
    const { lesson, schoolId } = await fill(school);
    const many = (body: object) =>
      Promise.all(
        Array.from({ length: 6 }, () => call("POST", "/sources", { body: { title: "X", addresses: [ADDRESS], ...body } })),
      );
    for (const body of [{ name: "yard" }, { lessonId: lesson.id }]) {
      const statuses = (await many(body)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, 409, 409, 409, 409, 409], JSON.stringify(body));
    }
    await sql`insert into sources (id, school_id, title, app, name, secret_addresses, start, enabled)
      select lpad(i::text, 26, '0'), ${schoolId}, 'X', 'live', 'x' || i, '[]', 'demand', false from generate_series(1, 499) i`.execute(
      service.db,
    );
    const full = await call("POST", "/sources", { body: { schoolId, title: "X", name: "one-more", addresses: [ADDRESS] } });
    assert.deepEqual([full.status, full.body.detail], [409, "There are 500 sources already. Delete one that is not used."]);
    assert.equal((await ok("GET", `/sources?schoolId=${schoolId}&limit=1000`)).items.length, 500);
  });

  test("what is not valid is refused with the field, in the reader's language", async (t) => {
    const { call } = await open(t);
    const good = { title: "X", name: "x", addresses: [ADDRESS] };
    for (const [body, field] of [
      [{ ...good, name: "lesson-abcdefghijklmnop" }, "name"],
      [{ ...good, name: "Lesson-1" }, "name"],
      [{ ...good, name: "a/b" }, "name"],
      [{ ...good, name: "x".repeat(129) }, "name"],
      [{ ...good, app: "a b" }, "app"],
      [{ ...good, app: "unknown" }, "app"],
      [{ ...good, addresses: [] }, "addresses"],
      [{ ...good, addresses: Array.from({ length: 6 }, () => ADDRESS) }, "addresses"],
      [{ ...good, addresses: [ADDRESS, "ftp://host/x"] }, "addresses.1"],
      [{ ...good, addresses: ["rtsp://***@camera.example/x"] }, "addresses.0"],
      [{ ...good, start: "never" }, "start"],
      [{ ...good, lessonId: "0".repeat(26) }, ""],
      [{ title: "X", addresses: [ADDRESS] }, ""],
      [{ ...good, key: "x" }, "key"],
    ] as const) {
      const { status, body: problem } = await call("POST", "/sources", { body });
      assert.deepEqual([status, problem.errors?.[0]?.path], [400, field], JSON.stringify(body));
      assert.ok(!JSON.stringify(problem).includes(PASSWORD));
    }
    const chinese = await call("POST", "/sources", {
      body: { ...good, addresses: ["camera"] },
      headers: { "accept-language": "zh-CN" },
    });
    assert.match(chinese.body.errors[0].message, /应为地址/);
  });
});
