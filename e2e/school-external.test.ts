/** People, courses and lessons by their ids in the school's own system, and their events. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onPostgresFirst } from "./school-databases.ts";

type Result = {
  readonly externalId: string;
  readonly result: string;
  readonly id: string | null;
  readonly problem: { readonly code: string } | null;
};

onPostgresFirst((open) => {
  test("a batch may be repeated: it makes, changes or leaves each person, and a wrong one stops no other", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id: anna } = await person(schoolId, "student", "anna");
    const batch = async (...items: object[]): Promise<Result[]> => (await ok("POST", "/users/batch", { body: { items } })).results;
    const items = [
      { externalId: "S-1", login: "anna", name: "Anna Who Was There" },
      { externalId: "S 2/李", login: "ben", name: "Ben", role: "teacher" },
      { externalId: "S-3", login: "BEN", name: "Ben's double" },
    ];
    const first = await batch(...items);
    assert.deepEqual(
      first.map(({ result, problem }) => [result, problem?.code ?? null]),
      [
        ["changed", null],
        ["created", null],
        ["refused", "conflict"],
      ],
    );
    assert.equal(first[0]?.id, anna, "an account without an external id is taken over by its login");
    assert.deepEqual(
      (await batch(...items)).map(({ result }) => result),
      ["unchanged", "unchanged", "refused"],
    );
    const [ben] = (await ok("GET", `/users?externalId=${encodeURIComponent("S 2/李")}&total=true`)).items;
    assert.deepEqual([ben.login, ben.role, ben.version], ["ben", "teacher", 1]);
    const one = `/users/external/${encodeURIComponent("S 2/李")}`;
    const wanted = { login: "ben", name: "Benedict", role: "teacher" };
    assert.deepEqual(await ok("PUT", one, { body: wanted }), { id: ben.id, result: "changed" });
    const several = await Promise.all(Array.from({ length: 8 }, () => call("PUT", one, { body: { ...wanted, name: "Ben" } })));
    assert.deepEqual(new Set(several.map(({ status }) => status)), new Set([200]));
    assert.equal(several.filter(({ body }) => body.result === "changed").length, 1, "only one of equal changes changes anything");
    assert.equal((await call("PUT", one, { body: { ...wanted, role: "operator" } })).status, 400);
    const key = (await ok("POST", "/api-keys", { body: { schoolId, name: "sync", scopes: ["people:write", "people:read"] } })).key;
    const escalating = await ok("POST", "/users/batch", {
      as: key,
      body: { items: [{ ...wanted, externalId: "x", role: "administrator" }] },
    });
    assert.equal(escalating.results[0].problem.code, "refused-by-rule");
  });

  test("a course has the members that the other system names, and no others; a lesson refers to both by their external ids", async (t) => {
    const { ok, call } = await open(t);
    for (const [id, role] of [
      ["T1", "teacher"],
      ["S1", "student"],
      ["S2", "student"],
    ])
      await ok("PUT", `/users/external/${id}`, { body: { login: `${id}`, name: `${id}`, role } });
    const members = (...ids: string[]) =>
      ids.map((externalId) => ({ externalId, role: externalId.startsWith("T") ? "teacher" : "student" }));
    const put = (body: object) => ok("PUT", "/courses/external/C1", { body: { name: "Maths", ...body } });
    const { id } = await put({ members: members("T1", "S1") });
    assert.equal((await put({ members: members("T1", "S1") })).result, "unchanged");
    assert.equal((await put({ members: members("T1", "S2") })).result, "changed");
    assert.equal((await put({ description: "x" })).result, "changed");
    const names = async () => (await ok("GET", `/courses/${id}/members`)).items.map(({ name }: { name: string }) => name);
    assert.deepEqual((await names()).toSorted(), ["S2", "T1"]);
    assert.equal((await call("PUT", "/courses/external/C1", { body: { name: "Maths", members: members("S9") } })).status, 404);
    assert.equal((await names()).length, 2, "a refused change changes nothing");

    const lesson = { title: "One", startsAt: "2027-01-01T09:00:00Z", endsAt: "2027-01-01T10:00:00Z", courseExternalId: "C1" };
    const items = [
      { externalId: "L1", ...lesson, teacherExternalId: "T1" },
      { externalId: "L2", ...lesson, teacherExternalId: "S1" },
      { externalId: "L3", ...lesson, endsAt: lesson.startsAt },
    ];
    const { results } = await ok("POST", "/lessons/batch", { body: { items } });
    assert.deepEqual(
      results.map(({ result, problem }: Result) => [result, problem?.code ?? null]),
      [
        ["created", null],
        ["refused", "bad-request"],
        ["refused", "bad-request"],
      ],
    );
    await ok("DELETE", `/lessons/${results[0].id}`);
    assert.equal((await ok("PUT", "/lessons/external/L1", { body: { ...lesson, teacherExternalId: "T1" } })).result, "changed");
    const { deletedAt, courseId, externalId } = await ok("GET", `/lessons/${results[0].id}`);
    assert.deepEqual([deletedAt, courseId, externalId], [null, id, "L1"]);
  });

  test("webhooks hear of people and courses, without mail addresses", async (t) => {
    const { ok } = await open(t);
    const webhook = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/", events: [] } });
    const user = await ok("POST", "/users", { body: { login: "anna", name: "Anna", email: "anna@school.example" } });
    await ok("PATCH", `/users/${user.id}`, { body: { name: "Anne" } });
    const course = await ok("POST", "/courses", { body: { name: "Maths" } });
    await ok("PUT", `/courses/${course.id}/members/${user.id}`, { body: { role: "student" } });
    await ok("DELETE", `/courses/${course.id}`);
    const { items } = await ok("GET", `/webhooks/${webhook.id}/deliveries`);
    assert.deepEqual(
      items.map(({ event }: { event: string }) => event),
      ["user.created", "user.changed", "course.created", "course.changed", "course.deleted"],
    );
    assert.ok(items.every(({ body }: { body: string }) => !body.includes("@school.example")));
  });
});
