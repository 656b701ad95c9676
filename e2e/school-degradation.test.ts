/** What the server does without, through the API: the list, what operators turn off, for whom, and what that does to joins. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Degradation, NOT_AUTOMATIC, NOTHING_SHED } from "../packages/server/src/contracts/degradation/degradation.ts";
import { readDegradations, sweepDegradations } from "../packages/server/src/school/streams/degradation/switches.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const HOUR_MS = 3600 * 1000;

const lessonOf = async ({ ok }: TestSchool) => {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  return await ok("POST", "/lessons", { body: { title: "Maths", schoolId, guests: true } });
};

onPostgresFirst((open) => {
  test("operators see the list in its order, and what nodes do without by themselves", async (t) => {
    const degradation = new Degradation();
    const { ok, call, person } = await open(t, { degradation });
    const idle = await ok("GET", "/degradation");
    assert.deepEqual([idle.sheddable[0].what, idle.sheddable.at(-1).what, idle.switches], ["reactions", "joins", []]);
    assert.deepEqual(idle.nodes, [{ node: "node-1", what: [], pressure: null, since: null }]);
    const automatic = { level: 2, pressure: "loop-delay", since: Date.parse("2026-03-02T08:00:00Z") } as const;
    degradation.take({ ...NOTHING_SHED, automatic, nodes: [{ node: "n2", automatic: { ...automatic, level: 1 } }] });
    assert.deepEqual((await ok("GET", "/degradation")).nodes, [
      { node: "node-1", what: ["reactions", "danmaku"], pressure: "loop-delay", since: "2026-03-02T08:00:00.000Z" },
      { node: "n2", what: ["reactions"], pressure: "loop-delay", since: "2026-03-02T08:00:00.000Z" },
    ]);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token } = await person(schoolId, "administrator");
    assert.equal((await call("GET", "/degradation", { as: token })).status, 403);
  });

  test("a switch is for everybody, a school or a lesson; nodes are told, the audit log has it with its reason, and it can be ended", async (t) => {
    const school = await open(t);
    const { ok, call, asked } = school;
    const { id: lessonId, schoolId } = await lessonOf(school);
    const ofAll = await ok("POST", "/degradation", { body: { what: "reactions", reason: "Term begins" } });
    const ofSchool = await ok("POST", "/degradation", { body: { what: "danmaku", schoolId, reason: "x" } });
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    const ofLesson = await ok("POST", "/degradation", { body: { what: "joins", lessonId, reason: "x", until } });
    assert.deepEqual(
      [ofAll, ofSchool, ofLesson].map((one) => [one.schoolId, one.lessonId, one.until]),
      [
        [null, null, null],
        [schoolId, null, null],
        [schoolId, lessonId, until],
      ],
    );
    assert.deepEqual((await ok("GET", "/degradation")).switches, [ofAll, ofSchool, ofLesson]);
    assert.ok(asked.includes(`policy ${JSON.stringify({ part: "degradation", id: ofAll.id })}`));
    assert.equal((await call("DELETE", `/degradation/${ofAll.id}`)).status, 204);
    assert.equal((await call("DELETE", `/degradation/${ofAll.id}`)).status, 404);
    const audit = (await ok("GET", "/audit")).items.filter(({ action }: { action: string }) => action.startsWith("degradation."));
    assert.deepEqual(
      audit.map(({ action, target }: { action: string; target: { id: string } }) => [action, target.id]),
      [
        ["degradation.delete", ofAll.id],
        ["degradation.create", ofLesson.id],
        ["degradation.create", ofSchool.id],
        ["degradation.create", ofAll.id],
      ],
    );
    for (const body of [
      { what: "sound", reason: "x" },
      { what: "joins", reason: "" },
      { what: "joins", reason: "x", schoolId, lessonId },
      { what: "joins", reason: "x", until: "2020-01-01T00:00:00Z" },
    ])
      assert.equal((await call("POST", "/degradation", { body })).status, 400, JSON.stringify(body));
    assert.equal(
      (await call("POST", "/degradation", { body: { what: "joins", reason: "x", lessonId: "0".repeat(26) } })).status,
      404,
    );
  });

  test("what has ended is not listed, and is deleted", async (t) => {
    const { ok, service } = await open(t);
    const { db } = service;
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    const { id } = await ok("POST", "/degradation", { body: { what: "reactions", reason: "x", until } });
    const told: string[] = [];
    await sweepDegradations(
      db,
      { policyChanged: (notice) => told.push("id" in notice ? notice.id : "") },
      Date.now() + 2 * HOUR_MS,
    );
    assert.deepEqual([told, await readDegradations(db), (await ok("GET", "/degradation")).switches], [[id], [], []]);
  });

  test("without new people, staff and who has been there before get in, and others are told when to come again", async (t) => {
    const degradation = new Degradation();
    const school = await open(t, { degradation });
    const { call } = school;
    const { id, code } = await lessonOf(school);
    const join = (body: object) => call("POST", `/lessons/${code}/join`, { as: null, body });
    const before = await join({ name: "Ada" });
    degradation.take({ ...NOTHING_SHED, switches: [{ id: "1", what: "joins", schoolId: null, lessonId: id, until: null }] });
    const refused = await join({ name: "Ben" });
    assert.deepEqual([refused.status, refused.body.code, refused.headers["retry-after"]], [503, "full", "30"]);
    assert.equal((await join({ token: before.body.token })).status, 200);
    degradation.take({ ...NOTHING_SHED, automatic: NOT_AUTOMATIC });
    assert.equal((await join({ name: "Ben" })).status, 200);
  });
});
