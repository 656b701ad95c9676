/** Policies through the API: who sets them for what, which rules are taken, and which ones hold together. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallOptions, OPERATOR_TOKEN, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const ADDRESSES = { kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false, allow: [], deny: [] };
const REFERERS = { ...ADDRESSES, kind: "referers", empty: "allow" };

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Fractions", courseId: course.id } });
  const administrator = await person(schoolId, "administrator");
  const teacher = await person(schoolId, "teacher");
  const stranger = await person(other.id, "administrator");
  return { schoolId, otherId: other.id, course, lesson, as: administrator.token, teacher: teacher.token, stranger: stranger.token };
}

async function record({ service }: TestSchool, id: string, { app, name }: { app: string; name: string }): Promise<string> {
  await service.answers.recordingSeen({
    id,
    app,
    name,
    epoch: "e",
    startedAt: 1,
    seconds: 1,
    bytes: 1,
    whole: true,
    files: ["a.flv"],
    node: "n",
    epochs: ["e"],
    spans: [[1, 1001]],
  });
  return id;
}

/** The notices about policies so far. */
function notices({ asked }: TestSchool): unknown[] {
  return asked.filter((line) => line.startsWith("policy ")).map((line) => JSON.parse(line.slice("policy ".length)));
}

onPostgresFirst((open) => {
  test("a policy is created, listed, changed and deleted, and the media workers hear of each change", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, course, as, teacher } = await fill(school);
    const target = { level: "course", id: course.id };
    const body = { target, rules: [{ kind: "addresses", for: "play", deny: ["192.0.2.0/24"] }] };
    const created = await ok("POST", "/policies", { as, body });
    assert.deepEqual(created, {
      id: created.id,
      schoolId,
      target,
      createdAt: created.createdAt,
      version: 1,
      rules: [{ ...ADDRESSES, deny: ["192.0.2.0/24"] }],
    });
    assert.equal((await call("POST", "/policies", { as, body })).status, 409);
    const path = `/policies/${created.id}`;
    assert.deepEqual(await ok("GET", path, { as: teacher }), created);
    assert.deepEqual((await ok("GET", `/policies?level=course&targetId=${course.id}`, { as })).items, [created]);
    assert.deepEqual((await ok("GET", "/policies?level=lesson", { as })).items, []);
    const rules = [{ ...REFERERS, allow: ["*.school.com"], empty: "refuse", locked: true }];
    const changed = await ok("PATCH", path, { as, body: { rules }, headers: { "if-match": '"v1"' } });
    assert.deepEqual(changed, { ...created, rules, version: 2 });
    assert.equal((await call("DELETE", path, { as, headers: { "if-match": '"v1"' } })).status, 412);
    assert.equal((await call("DELETE", path, { as: teacher })).status, 403);
    await ok("DELETE", path, { as });
    assert.equal((await call("GET", path, { as })).status, 404);
    assert.deepEqual(
      notices(school),
      Array.from({ length: 3 }, () => ({ part: "policy", target })),
    );
    const { items } = await ok("GET", `/audit?targetId=${created.id}`, { as });
    assert.deepEqual(items.map(({ action }: { action: string }) => action).toSorted(), [
      "policy.change",
      "policy.create",
      "policy.delete",
    ]);
  });

  test("a policy is for what is there and one's own; the installation and plain streams are for operators", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    const { schoolId, otherId, course, lesson, as, stranger } = await fill(school);
    const recordingId = await record(school, lesson.id.replace(/.$/, "0"), lesson.stream);
    const plainId = await record(school, lesson.id.replace(/.$/, "1"), { app: "live", name: "camera" });
    const create = async (level: string, id: string, token = as) =>
      (await call("POST", "/policies", { as: token, body: { target: { level, id }, rules: [] } })).status;
    assert.equal(await create("school", otherId), 404);
    for (const [level, id] of [
      ["course", course.id],
      ["lesson", lesson.id],
      ["recording", recordingId],
    ] as const) {
      assert.equal(await create(level, id, stranger), 404, level);
      assert.equal(await create(level, `${id.slice(0, -2)}zz`), 404, level);
      assert.equal(await create(level, id), 201, level);
    }
    assert.equal(await create("school", schoolId), 201);
    for (const [level, id] of [
      ["installation", ""],
      ["stream", "live/camera"],
    ] as const) {
      assert.equal(await create(level, id), 403, level);
      assert.equal(await create(level, id, OPERATOR_TOKEN), 201, level);
    }
    assert.equal(await create("recording", plainId), 404, "nobody's recording is not seen");
    assert.equal(await create("recording", plainId, OPERATOR_TOKEN), 201);
    for (const [level, id] of [
      ["installation", "x"],
      ["stream", "camera"],
      ["stream", "live/a b"],
      ["stream", `live/${lesson.stream.name}`],
    ] as const)
      assert.equal(await create(level, id, OPERATOR_TOKEN), 400, id);
    assert.equal((await ok("GET", "/policies", { as })).items.length, 4);
    assert.deepEqual((await ok("GET", "/policies", { as: stranger })).items, []);
    assert.equal((await ok("GET", "/policies")).items.length, 7);
    const [first] = (await ok("GET", "/policies?level=installation")).items;
    for (const method of ["GET", "DELETE"]) assert.equal((await call(method, `/policies/${first.id}`, { as })).status, 404);
  });

  test("of administrators who create the policy of one target at once, one gets it and the others a conflict", async (t) => {
    const school = await open(t);
    const { call } = school;
    const { lesson, as } = await fill(school);
    const targets = [
      { as, target: { level: "lesson", id: lesson.id } },
      { as: OPERATOR_TOKEN, target: { level: "installation", id: "" } },
    ];
    for (const { target, ...who } of targets) {
      const options: CallOptions = { ...who, body: { target, rules: [] } };
      const answers = await Promise.all(Array.from({ length: 6 }, () => call("POST", "/policies", options)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409], target.level);
    }
  });

  test("the rules that hold for a target come from all that it belongs to, and those that are replaced say by what", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, course, lesson, as, teacher, stranger } = await fill(school);
    const recordingId = await record(school, lesson.id.replace(/.$/, "0"), lesson.stream);
    const create = (level: string, id: string, rules: readonly object[], token = as) =>
      ok("POST", "/policies", { as: token, body: { target: { level, id }, rules } });
    const [locked, deny, own] = [
      { ...REFERERS, deny: ["evil.example"], locked: true },
      { ...ADDRESSES, deny: ["192.0.2.1"] },
      { ...ADDRESSES, combine: "replace", deny: ["192.0.2.2"] },
    ];
    await create("installation", "", [locked, { ...ADDRESSES, for: "publish", deny: ["192.0.2.9"] }], OPERATOR_TOKEN);
    await create("school", schoolId, [deny]);
    await create("course", course.id, [{ ...REFERERS, combine: "replace", allow: ["school.com"] }]);
    await create("lesson", lesson.id, [own]);
    const targets = [
      { level: "installation", id: "" },
      { level: "school", id: schoolId },
      { level: "course", id: course.id },
      { level: "lesson", id: lesson.id },
    ];
    const effective = (level: string, id: string, token = as) =>
      call("GET", `/policies/effective?level=${level}&id=${encodeURIComponent(id)}`, { as: token });
    const { body } = await effective("lesson", lesson.id);
    assert.deepEqual(body.targets, targets);
    assert.deepEqual(
      body.rules.map(({ rule, source, replacedBy }: Record<string, { kind: string; level: string }>) => [
        rule?.kind,
        source?.level,
        replacedBy?.level ?? null,
      ]),
      [
        ["referers", "installation", null],
        ["addresses", "installation", null],
        ["addresses", "school", "lesson"],
        ["referers", "course", null],
        ["addresses", "lesson", null],
      ],
    );
    const { app, name } = lesson.stream;
    assert.deepEqual((await effective("stream", `${app}/${name}@720p`)).body, body, "a lesson's stream is the lesson");
    assert.deepEqual((await effective("recording", recordingId, OPERATOR_TOKEN)).body.targets, [
      ...targets,
      { level: "recording", id: recordingId },
    ]);
    assert.deepEqual((await effective("stream", "live/camera", OPERATOR_TOKEN)).body.targets, [
      targets[0],
      { level: "stream", id: "live/camera" },
    ]);
    assert.equal((await effective("school", schoolId, teacher)).status, 200);
    for (const [level, id] of [
      ["installation", ""],
      ["stream", "live/camera"],
    ] as const)
      assert.equal((await effective(level, id)).status, 404);
    for (const { level, id } of targets) assert.equal((await effective(level, id, stranger)).status, 404, level);
  });

  test("a teacher sees the policies of the own lessons only, and of the school and its courses", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, course, lesson, as, teacher } = await fill(school);
    const own = await ok("POST", "/lessons", { as: teacher, body: { title: "Own" } });
    const targets = [
      ["school", schoolId],
      ["course", course.id],
      ["lesson", lesson.id],
      ["lesson", own.id],
    ] as const;
    const ids: string[] = [];
    for (const [level, id] of targets)
      ids.push((await ok("POST", "/policies", { as, body: { target: { level, id }, rules: [] } })).id);
    const seen = (await ok("GET", "/policies", { as: teacher })).items.map(({ id }: { id: string }) => id);
    assert.deepEqual(seen, [ids[0], ids[1], ids[3]]);
    assert.equal((await call("GET", `/policies/${ids[2]}`, { as: teacher })).status, 404);
    assert.equal((await call("GET", `/policies/effective?level=lesson&id=${lesson.id}`, { as: teacher })).status, 404);
  });

  test("a policy goes with its course, and the media workers hear of it", async (t) => {
    const school = await open(t);
    const { ok } = school;
    const { schoolId, as } = await fill(school);
    const course = await ok("POST", "/courses", { body: { schoolId, name: "Empty" } });
    const target = { level: "course", id: course.id };
    await ok("POST", "/policies", { as, body: { target, rules: [] } });
    school.asked.length = 0;
    await ok("DELETE", `/courses/${course.id}`, { as });
    assert.deepEqual(notices(school), [{ part: "policy", target }]);
    assert.deepEqual((await ok("GET", "/policies", { as })).items, []);
  });
});
