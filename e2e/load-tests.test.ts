/** Load tests through the API: who may begin one, what it may do, and that all is gone afterwards. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onPostgresFirst } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

const SECRET = "a secret of the operator";
const SMALL = { secret: SECRET, title: "A school day", people: 40, lessons: 1, minutes: 2 };

onPostgresFirst((open) => {
  test("a server whose operator has set no secret refuses load tests in plain words", async (t) => {
    const { call } = await open(t);
    const refused = await call("POST", "/load-tests", { as: null, body: SMALL });
    assert.deepEqual([refused.status, refused.body.code], [403, "load-tests-off"]);
    assert.match(refused.body.detail ?? refused.body.title, /allows no load tests/);
  });

  test("a wrong secret, and a test beyond the operator's limits, are refused", async (t) => {
    const { call } = await open(t, { load: { secret: SECRET, maxPeople: 100, maxLessons: 2, maxMinutes: 10 } });
    const refusal = async (body: object) => {
      const answer = await call("POST", "/load-tests", { as: null, body: { ...SMALL, ...body } });
      return [answer.status, answer.body.code];
    };
    assert.deepEqual(await refusal({ secret: "another secret, as long" }), [401, "bad-credential"]);
    assert.deepEqual(await refusal({ people: 101 }), [403, "refused-by-rule"]);
    assert.deepEqual(await refusal({ lessons: 3 }), [403, "refused-by-rule"]);
    assert.deepEqual(await refusal({ minutes: 11 }), [403, "refused-by-rule"]);
  });

  test("a test has a school of its own; ending it removes whatever it made, and is in the audit log", async (t) => {
    const { ok, call, service } = await open(t, { load: { secret: SECRET } });
    const { schoolId, key } = await ok("POST", "/load-tests", { as: null, body: SMALL });
    assert.equal((await call("POST", "/load-tests", { as: null, body: SMALL })).body.code, "conflict", "one at a time");
    const lesson = await ok("POST", "/lessons", { as: key, body: { title: "Load", guests: true } });
    assert.equal(lesson.schoolId, schoolId);
    await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Person 1" } });
    assert.equal((await call("POST", "/api-keys", { as: key, body: { name: "More", scopes: [] } })).status, 403);

    const ended = await ok("POST", "/load-tests/end", { as: null, body: { secret: SECRET } });
    assert.deepEqual(ended.schools, [schoolId]);
    assert.equal((await call("GET", "/lessons", { as: key })).status, 401, "its key is void at once");
    const schoolIsGone = async () =>
      !(await service.db.selectFrom("schools").select("id").where("id", "=", schoolId).executeTakeFirst());
    await withTurns(service)(schoolIsGone, "the school of the test is deleted");
    assert.deepEqual(await service.db.selectFrom("participants").select("id").where("name", "=", "Person 1").execute(), []);
    const audited = await service.db.selectFrom("audit").select("action").where("target_id", "=", schoolId).execute();
    const actions = audited.map(({ action }) => action);
    for (const action of ["load-test.begin", "load-test.end"]) assert.ok(actions.includes(action), action);
  });

  test("a test that nobody ended ends by itself when its time is over, and schools of people stay", async (t) => {
    const { ok, service } = await open(t, { load: { secret: SECRET } });
    const before = (await ok("GET", "/schools")).items.length;
    const { schoolId } = await ok("POST", "/load-tests", { as: null, body: SMALL });
    await service.db
      .updateTable("schools")
      .set({ load_test_until: new Date(0) })
      .where("id", "=", schoolId)
      .execute();
    const isGone = async () => (await ok("GET", "/schools")).items.length === before;
    await withTurns(service)(isGone, "the school of the test is deleted");
  });
});
