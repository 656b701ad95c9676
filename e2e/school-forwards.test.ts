/** Forwards through the API: services that a lesson's stream is sent on to, whose keys nobody reads again. Shares a process. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { JobReport } from "../packages/server/src/contracts/jobs/job-report.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const KEY = "abcd-efgh-ijkl";
const URL = `rtmps://live.example/app/${KEY}`;
const SHOWN = "rtmps://live.example/app/***";

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const teacher = await person(schoolId, "teacher");
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Fractions", openToSchool: true } });
  return { schoolId, teacher, lesson, stranger: await person(other.id, "administrator") };
}

onPostgresFirst((open) => {
  test("who teaches a lesson sends its stream on, and nobody sees the key again", async (t) => {
    const jobs: JobReport[] = [];
    const school = await open(t, { jobs: () => jobs });
    const { ok, call, service, wanted } = school;
    const { schoolId, teacher, lesson } = await fill(school);
    const as = teacher.token;
    const changed = once(wanted, "change", { signal: AbortSignal.timeout(10_000) });
    const headers = { "idempotency-key": "video platform" };
    const body = { title: "Video platform", url: URL };
    const created = await ok("POST", `/lessons/${lesson.id}/forwards`, { as, body, headers });
    await changed;
    const { id, createdAt, ...fields } = created;
    assert.ok(Date.parse(createdAt) > 0);
    assert.deepEqual(fields, { lessonId: lesson.id, title: "Video platform", url: SHOWN, enabled: true, state: null, version: 1 });
    assert.equal((await ok("POST", `/lessons/${lesson.id}/forwards`, { as, body, headers })).id, id);
    const { app, name } = lesson.stream;
    const job = { kind: "forward", id, app, name, school: schoolId, url: URL };
    assert.deepEqual(await service.wantedJobs(), [job]);

    const idle = { node: "n1", cores: null, address: null, rungs: [], restarts: 1, since: 1_785_000_000_000 };
    jobs.push({
      kind: "forward",
      id,
      app,
      name,
      state: "retrying",
      problem: { code: "bad-credential", detail: "NetStream" },
      ...idle,
    });
    const shown = await ok("PATCH", `/forwards/${id}`, {
      as,
      body: { url: SHOWN, title: "Platform" },
      headers: { "if-match": '"v1"' },
    });
    assert.deepEqual([shown.url, shown.title, shown.version], [SHOWN, "Platform", 2]);
    assert.deepEqual([shown.state.state, shown.state.problem.code, shown.state.restarts], ["retrying", "bad-credential", 1]);
    assert.deepEqual(await service.wantedJobs(), [job], "the key stays");
    const elsewhere = await call("PATCH", `/forwards/${id}`, { as, body: { url: "rtmps://thief.example/app/***" } });
    assert.deepEqual([elsewhere.status, elsewhere.body.errors[0].path], [400, "url"]);
    const other = "srt://live.example:9000?streamid=publish:other";
    assert.equal((await ok("PATCH", `/forwards/${id}`, { as, body: { url: other } })).url, "srt://live.example:9000?streamid=***");
    assert.deepEqual(await service.wantedJobs(), [{ ...job, url: other }]);

    const texts = [await ok("GET", "/audit?limit=1000"), await ok("GET", "/exports/audit"), await ok("GET", "/forwards")];
    for (const text of texts.map((answer) => JSON.stringify(answer)))
      for (const secret of [KEY, "publish:other"]) assert.ok(!text.includes(secret), text.slice(0, 300));
    for (const table of ["forwards", "idempotency", "deliveries", "audit"] as const) {
      const rows = JSON.stringify(await service.db.selectFrom(table).selectAll().execute());
      for (const secret of [KEY, "publish:other"]) assert.ok(!rows.includes(secret), table);
    }
    await ok("DELETE", `/forwards/${id}`, { as });
    assert.deepEqual(await service.wantedJobs(), []);
  });

  test("others do not see a lesson's forwards; administrators list those of their school", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { schoolId, teacher, lesson, stranger } = await fill(school);
    const { id } = await ok("POST", `/lessons/${lesson.id}/forwards`, { as: teacher.token, body: { title: "P", url: URL } });
    const administrator = await person(schoolId, "administrator");
    assert.equal((await ok("GET", "/forwards", { as: administrator.token })).items[0].id, id);
    assert.deepEqual((await ok("GET", "/forwards", { as: stranger.token })).items, []);
    assert.equal((await call("GET", `/forwards?schoolId=${schoolId}`, { as: stranger.token })).status, 404);
    assert.equal((await call("GET", "/forwards", { as: teacher.token })).status, 403);
    const colleague = await person(schoolId, "teacher");
    const student = await person(schoolId, "student");
    for (const [as, status] of [
      [colleague.token, 404],
      [stranger.token, 404],
      [student.token, 403],
      [null, 401],
    ] as const) {
      for (const [method, path, body] of [
        ["GET", `/lessons/${lesson.id}/forwards`, undefined],
        ["POST", `/lessons/${lesson.id}/forwards`, { title: "X", url: URL }],
        ["GET", `/forwards/${id}`, undefined],
        ["PATCH", `/forwards/${id}`, { enabled: false }],
        ["DELETE", `/forwards/${id}`, undefined],
      ] as const)
        assert.equal((await call(method, path, { as, body })).status, status, `${method} ${path}`);
    }
    assert.equal((await ok("GET", `/lessons/${lesson.id}/forwards`, { as: teacher.token })).items.length, 1);
    await ok("DELETE", `/lessons/${lesson.id}`);
    assert.equal((await call("GET", `/forwards/${id}`)).status, 404, "in the bin");
  });

  test("a lesson has at most five forwards, also when they are created at the same time", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { lesson } = await fill(school);
    const create = (_: unknown, i: number) => call("POST", `/lessons/${lesson.id}/forwards`, { body: { title: `${i}`, url: URL } });
    const answers = await Promise.all(Array.from({ length: 8 }, create));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 201, 201, 409, 409, 409]);
    const { items } = await ok("GET", `/lessons/${lesson.id}/forwards`);
    assert.equal(items.length, 5);
    const full = answers.find(({ status }) => status === 409);
    assert.equal(full?.body.detail, "This lesson has 5 forwards already. Delete one first.");
    await ok("DELETE", `/forwards/${items[0].id}`);
    assert.equal((await create(null, 9)).status, 201);
  });

  test("a forward is wanted while its lesson may be published and it is enabled; what is no address to send to is refused", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const { lesson } = await fill(school);
    const { id } = await ok("POST", `/lessons/${lesson.id}/forwards`, { body: { title: "P", url: URL } });
    const count = async () => (await service.wantedJobs()).length;
    await ok("PATCH", `/forwards/${id}`, { body: { enabled: false } });
    assert.equal(await count(), 0);
    await ok("PATCH", `/forwards/${id}`, { body: { enabled: true } });
    await ok("POST", `/lessons/${lesson.id}/start`);
    assert.equal(await count(), 1);
    await ok("POST", `/lessons/${lesson.id}/end`);
    assert.equal(await count(), 0);
    for (const url of ["https://live.example/app", "rtmp://live.example", "srt://0.0.0.0:9000?mode=listener", "file:x", SHOWN]) {
      const refused = await call("POST", `/lessons/${lesson.id}/forwards`, { body: { title: "P", url } });
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.path], [400, "url"], url);
    }
  });
});
