/** Ladders through the API: the presets, a school's own, and who gets which. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUDIO_CODEC, VIDEO_CODEC } from "@lectern/media";
import type { JobReport } from "../packages/server/src/contracts/jobs/job-report.ts";
import { rungsOf } from "../packages/server/src/live/transcode/rungs.ts";
import { customRungSchema, LADDERS } from "../packages/server/src/platform/config/schema.ts";
import { until } from "./lectern.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const RUNGS = [
  { name: "hd", height: 720, videoKbps: 1500, audioKbps: 96 },
  { name: "voice", height: null, videoKbps: null, audioKbps: 32 },
];
/** As the nodes get them. */
const CUSTOM = [RUNGS[0], { ...RUNGS[1], videoKbps: 1000 }];

/** A source that is larger than every rung. */
const LARGE = {
  video: { codec: VIDEO_CODEC.h264, width: 3840, height: 2160, frameRate: 30 },
  audio: { codec: AUDIO_CODEC.aac, codecString: "mp4a.40.2" },
  videoKbps: 40_000,
  audioKbps: 128,
};

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Fractions", courseId: course.id } });
  const administrator = await person(schoolId, "administrator");
  return { schoolId, otherId: other.id, course, lesson, administrator, stranger: await person(other.id, "administrator") };
}

onPostgresFirst((open) => {
  test("the presets are listed with the rungs that a large source gets", async (t) => {
    const { ok } = await open(t);
    const { presets, items } = await ok("GET", "/ladders");
    assert.deepEqual(items, []);
    assert.deepEqual(
      presets.map(({ id }: { id: string }) => id),
      [...LADDERS],
    );
    for (const { id, rungs } of presets)
      assert.deepEqual(
        rungs,
        rungsOf(id, LARGE).map(({ name, video, audio }) => ({
          name,
          height: video && Math.min(video.width, video.height),
          videoKbps: video?.kbps ?? null,
          audioKbps: audio?.kbps ?? null,
        })),
        id,
      );
  });

  test("a school has own ladders: created, listed, changed and deleted by its administrators, and seen by nobody else", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { schoolId, administrator, stranger } = await fill(school);
    const as = administrator.token;
    const headers = { "idempotency-key": "l" };
    const created = await ok("POST", "/ladders", { as, body: { name: "Slow lines", rungs: RUNGS }, headers });
    const { id } = created;
    assert.deepEqual([created.schoolId, created.rungs, created.version], [schoolId, RUNGS, 1]);
    assert.equal((await ok("POST", "/ladders", { as, body: { name: "Slow lines", rungs: RUNGS }, headers })).id, id);
    const again = await call("POST", "/ladders", { as, body: { name: "Slow lines", rungs: RUNGS } });
    assert.deepEqual([again.status, again.body.detail], [409, "Another ladder of this school has this name."]);
    const teacher = await person(schoolId, "teacher");
    assert.deepEqual((await ok("GET", "/ladders", { as: teacher.token })).items[0], created);
    assert.equal((await call("PATCH", `/ladders/${id}`, { as: teacher.token, body: { name: "X" } })).status, 403);
    assert.deepEqual((await ok("GET", "/ladders", { as: stranger.token })).items, []);
    for (const method of ["GET", "PATCH", "DELETE"])
      assert.equal(
        (await call(method, `/ladders/${id}`, { as: stranger.token, ...(method === "PATCH" && { body: {} }) })).status,
        404,
      );
    const shown = await ok("PATCH", `/ladders/${id}`, { as, body: { rungs: created.rungs, name: "Slower" } });
    assert.deepEqual([shown.rungs, shown.name, shown.version], [RUNGS, "Slower", 2]);
    for (const [rungs, field] of [
      [[], "rungs"],
      [[{ name: "HD", height: 720 }], "rungs.0.name"],
      [[{ name: "hd", height: 50 }], "rungs.0.height"],
      [[{ name: "hd", height: 720, videoKbps: 10 }], "rungs.0.videoKbps"],
      [[{ name: "hd", height: 720, audioKbps: 1000 }], "rungs.0.audioKbps"],
      [[{ name: "hd", height: 720, fps: 5 }], "rungs.0.fps"],
      [[RUNGS[0], RUNGS[0]], "rungs"],
      [Array.from({ length: 9 }, (_, i) => ({ name: `r${i}`, height: 200 })), "rungs"],
    ] as const) {
      const refused = await call("POST", "/ladders", { as, body: { name: "Y", rungs } });
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.path], [400, field], JSON.stringify(rungs));
    }
    await ok("DELETE", `/ladders/${id}`, { as, headers: { "if-match": '"v2"' } });
    assert.equal((await call("GET", `/ladders/${id}`, { as })).status, 404);
  });

  test("a lesson has its own ladder, else its course's, else its school's, else the installation's", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const { schoolId, course, lesson, otherId } = await fill(school);
    const { id } = await ok("POST", "/ladders", { body: { schoolId, name: "Own", rungs: RUNGS } });
    const policy = async () => {
      const found = await service.streamPolicy(lesson.stream.app, lesson.stream.name);
      return [found?.ladder, found?.ladderStart];
    };
    assert.deepEqual([lesson.ladder, lesson.ladderStart, course.ladder], [null, null, null]);
    assert.deepEqual(await policy(), [null, null]);
    const changed = await ok("PATCH", `/schools/${schoolId}`, { body: { ladder: id, ladderStart: "publish" } });
    assert.deepEqual([changed.ladder, changed.ladderStart], [id, "publish"]);
    assert.deepEqual(await policy(), [CUSTOM, "publish"]);
    for (const rung of CUSTOM) assert.deepEqual(customRungSchema.parse(rung), rung);
    assert.equal((await ok("PATCH", `/courses/${course.id}`, { body: { ladder: "mobile" } })).ladder, "mobile");
    assert.deepEqual(await policy(), ["mobile", "publish"], "each of the two is inherited by itself");
    await ok("PATCH", `/lessons/${lesson.id}`, { body: { ladder: "none", ladderStart: "demand" } });
    assert.deepEqual(await policy(), ["none", "demand"]);
    await ok("PATCH", `/lessons/${lesson.id}`, { body: { ladder: null, ladderStart: null } });
    await ok("PATCH", `/courses/${course.id}`, { body: { ladder: null } });
    assert.deepEqual(await policy(), [CUSTOM, "publish"]);
    const made = [
      await ok("POST", "/lessons", { body: { schoolId, title: "L", ladder: id, ladderStart: "publish" } }),
      await ok("POST", "/courses", { body: { schoolId, name: "C", ladder: "full", ladderStart: "demand" } }),
      await ok("POST", "/schools", { body: { slug: "third", name: "S", ladder: "audio" } }),
    ];
    assert.deepEqual(
      made.map(({ ladder, ladderStart }) => [ladder, ladderStart]),
      [
        [id, "publish"],
        ["full", "demand"],
        ["audio", null],
      ],
    );
    // One of another school, one that is none, and a word that is no preset.
    for (const [method, path, body] of [
      ["POST", "/lessons", { schoolId: otherId, title: "L" }],
      ["POST", "/courses", { schoolId: otherId, name: "C" }],
      ["POST", "/schools", { slug: "fourth", name: "S" }],
      ["PATCH", `/schools/${otherId}`, {}],
    ] as const) {
      const foreign = await call(method, path, { body: { ...body, ladder: id } });
      assert.deepEqual([foreign.status, foreign.body.detail], [404, "This school has no such ladder."], path);
      assert.equal((await call(method, path, { body: { ...body, ladder: "0".repeat(26) } })).status, 404);
      const word = await call(method, path, { body: { ...body, ladder: "4k" } });
      assert.deepEqual([word.status, word.body.errors?.[0]?.path], [400, "ladder"]);
    }
  });

  test("a change of a ladder, a school, a course or a lesson sends the policies of the lessons that it concerns again", async (t) => {
    const school = await open(t);
    const { ok, asked } = school;
    const { schoolId, course, lesson } = await fill(school);
    const stream = `rule live/${lesson.stream.name}`;
    const other = await ok("POST", "/lessons", { body: { schoolId, title: "Another", ladder: "none" } });
    const otherStream = `rule live/${other.stream.name}`;
    // The review of permissions sends the policies of changed courses and lessons too, a moment later.
    const isReviewed = () => asked.filter((one) => one === stream).length > 1;
    asked.length = 0;
    await ok("POST", `/lessons/${lesson.id}/start`);
    await until(isReviewed, "the review");
    const { id } = await ok("POST", "/ladders", { body: { schoolId, name: "Own", rungs: RUNGS } });
    const told = async (method: string, path: string, body: object) => {
      asked.length = 0;
      await ok(method, path, { body });
      return [asked.includes(stream), asked.includes(otherStream)];
    };
    const rungs = [{ name: "sd", height: 480 }];
    assert.deepEqual(await told("PATCH", `/ladders/${id}`, { rungs }), [false, false], "nobody has it");
    assert.deepEqual(await told("PATCH", `/schools/${schoolId}`, { name: "Renamed" }), [false, false]);
    assert.deepEqual(await told("PATCH", `/schools/${schoolId}`, { ladder: id }), [true, true]);
    assert.deepEqual(await told("PATCH", `/schools/${schoolId}`, { ladder: id }), [false, false], "as it is already");
    assert.deepEqual(await told("PATCH", `/schools/${schoolId}`, { ladderStart: "publish" }), [true, true]);
    assert.deepEqual(await told("PATCH", `/ladders/${id}`, { rungs: RUNGS }), [true, false], "inherited from the school");
    assert.deepEqual(await told("PATCH", `/ladders/${id}`, { name: "Another name" }), [false, false]);
    assert.equal((await told("PATCH", `/courses/${course.id}`, { ladder: "full" }))[0], true);
    await until(isReviewed, "the review");
    assert.deepEqual(await told("PATCH", `/ladders/${id}`, { rungs }), [false, false], "the course has another");
    assert.equal((await told("PATCH", `/lessons/${lesson.id}`, { ladder: id }))[0], true);
    await until(isReviewed, "the review");
    assert.deepEqual(await told("PATCH", `/ladders/${id}`, { rungs: RUNGS }), [true, false]);
  });

  test("a ladder in use is not deleted; a lesson that is over loses it; who chooses it at the same moment keeps it or is refused", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, course, lesson } = await fill(school);
    const create = async (name: string) => (await ok("POST", "/ladders", { body: { schoolId, name, rungs: RUNGS } })).id;
    const id = await create("Own");
    for (const path of [`/schools/${schoolId}`, `/courses/${course.id}`, `/lessons/${lesson.id}`]) {
      await ok("PATCH", path, { body: { ladder: id } });
      const refused = await call("DELETE", `/ladders/${id}`);
      assert.deepEqual([refused.status, refused.body.code], [409, "conflict"], path);
      await ok("PATCH", path, { body: { ladder: null } });
    }
    await ok("PATCH", `/lessons/${lesson.id}`, { body: { ladder: id } });
    await ok("POST", `/lessons/${lesson.id}/start`);
    await ok("POST", `/lessons/${lesson.id}/end`);
    const { version } = await ok("GET", `/lessons/${lesson.id}`);
    await ok("DELETE", `/ladders/${id}`);
    const over = await ok("GET", `/lessons/${lesson.id}`);
    assert.deepEqual([over.ladder, over.version], [null, version + 1]);
    for (let i = 0; i < 5; i++) {
      const next = await create(`Race ${i}`);
      const [chosen, deleted] = await Promise.all([
        call("PATCH", `/courses/${course.id}`, { body: { ladder: next } }),
        call("DELETE", `/ladders/${next}`),
      ]);
      assert.ok((chosen.status === 200) !== (deleted.status === 204), `${chosen.status} ${deleted.status}`);
      await ok("PATCH", `/courses/${course.id}`, { body: { ladder: null } });
    }
  });

  test("administrators see the jobs of their school's lessons and sources, operators all", async (t) => {
    const jobs: JobReport[] = [];
    const school = await open(t, { jobs: () => jobs });
    const { ok } = school;
    const { schoolId, lesson, administrator, stranger } = await fill(school);
    const { id: forward } = await ok("POST", `/lessons/${lesson.id}/forwards`, {
      body: { title: "P", url: "rtmp://h.example/a/b" },
    });
    const { id: source } = await ok("POST", "/sources", {
      body: { schoolId, title: "S", name: "yard", addresses: ["rtsp://cam"] },
    });
    await ok("POST", `/lessons/${lesson.id}/start`);
    const of = { node: "n1", since: 1_785_000_000_000, problem: null, cores: 0.5, address: null, restarts: 0, rungs: [] };
    const { app, name } = lesson.stream;
    jobs.push(
      { ...of, kind: "forward", id: forward, app, name, state: "waiting" },
      { ...of, kind: "pull", id: source, app: "live", name: "yard", state: "running", address: 0 },
      { ...of, kind: "ladder", id: "", app: "live", name: "tv", state: "running" },
      {
        ...of,
        kind: "ladder",
        id: "",
        app,
        name,
        state: "running",
        rungs: [{ name: "hd", state: "dropped", lagMs: 3, problem: "stalled" }],
      },
    );
    const keys = async (query: string, as?: string) =>
      (await ok("GET", `/jobs${query}`, as === undefined ? {} : { as })).items.map((job: JobReport) => `${job.kind} ${job.name}`);
    const [own, tv, yard] = [`ladder ${name}`, "ladder tv", "pull yard"];
    assert.deepEqual(await keys(""), [`forward ${name}`, own, tv, yard]);
    assert.deepEqual(await keys("", administrator.token), [`forward ${name}`, own, yard]);
    assert.deepEqual(await keys("", stranger.token), []);
    assert.deepEqual(await keys("?kind=ladder", administrator.token), [own]);
    assert.deepEqual(await keys("?state=waiting"), [`forward ${name}`]);
    const page = await ok("GET", "/jobs?limit=3");
    const rest = await ok("GET", `/jobs?limit=3&cursor=${encodeURIComponent(page.nextCursor)}`);
    assert.deepEqual([page.items.length, rest.items.length, rest.nextCursor], [3, 1, null]);
    assert.deepEqual(page.items[1], { ...jobs[3], since: "2026-07-25T17:20:00.000Z" });
  });
});
