/** Word lists and content checks through the API: who changes them, what they may hold, and that rooms go by them. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const administrator = await person(schoolId, "administrator");
  const teacher = await person(schoolId, "teacher");
  const student = await person(schoolId, "student");
  const stranger = await person(other.id, "administrator");
  const fields = { schoolId, title: "Fractions", teacherId: teacher.id, openToSchool: true };
  const { id: lessonId } = await ok("POST", "/lessons", { body: fields });
  const tokens = { as: administrator.token, teacher: teacher.token, student: student.token, stranger: stranger.token };
  return { schoolId, lessonId, ...tokens };
}

onPostgresFirst((open) => {
  test("a word list is created, read, changed and deleted; the audit log has it without its words", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, as, teacher, student, stranger } = await fill(school);
    const words = "# comment\n笨蛋\n\n坏蛋";
    const created = await ok("POST", "/word-lists", { as, body: { name: "Insults", words } });
    assert.deepEqual(created, {
      id: created.id,
      schoolId,
      name: "Insults",
      action: "mask",
      skipsSigns: true,
      enabled: true,
      wordCount: 2,
      words,
      createdAt: created.createdAt,
      version: 1,
    });
    assert.equal((await call("POST", "/word-lists", { as, body: { name: "Insults" } })).status, 409);
    const path = `/word-lists/${created.id}`;
    assert.deepEqual(await ok("GET", path, { as: teacher }), created);
    for (const [token, status] of [
      [student, 403],
      [stranger, 404],
    ] as const)
      assert.equal((await call("GET", path, { as: token })).status, status);
    const { words: _, ...listed } = created;
    assert.deepEqual((await ok("GET", "/word-lists", { as: teacher })).items, [listed]);
    const body = { action: "refuse", words: "坏蛋" };
    const changed = await ok("PATCH", path, { as, body, headers: { "if-match": '"v1"' } });
    assert.deepEqual(changed, { ...created, ...body, wordCount: 1, version: 2 });
    for (const method of ["PATCH", "DELETE"]) {
      const headers = { "if-match": '"v1"' };
      assert.equal((await call(method, path, { as, headers, ...(method === "PATCH" ? { body } : {}) })).status, 412);
      assert.equal((await call(method, path, { as: teacher, ...(method === "PATCH" ? { body } : {}) })).status, 403);
    }
    await ok("DELETE", path, { as });
    assert.equal((await call("GET", path, { as })).status, 404);
    const { items } = await ok("GET", `/audit?targetId=${created.id}`, { as });
    const actions = items.map(({ action }: { action: string }) => action).toSorted();
    assert.deepEqual(actions, ["word-list.change", "word-list.create", "word-list.delete"]);
    assert.ok(!JSON.stringify(items).includes("坏蛋"));
  });

  test("the lists of a school have at most 20 000 words together, each of at most 100 characters", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { as } = await fill(school);
    const words = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`).join("\n");
    const first = await ok("POST", "/word-lists", { as, body: { name: "First", words: words(15_000, "a") } });
    const create = async (count: number) =>
      (await call("POST", "/word-lists", { as, body: { name: "Second", words: words(count, "b") } })).status;
    assert.equal(await create(5001), 413);
    assert.equal(await create(5000), 201);
    const path = `/word-lists/${first.id}`;
    assert.equal((await call("PATCH", path, { as, body: { words: words(15_001, "a") } })).status, 413);
    assert.equal((await call("PATCH", path, { as, body: { words: words(15_000, "c") } })).status, 200);
    assert.equal((await call("PATCH", path, { as, body: { words: "x".repeat(101) } })).status, 400);
    assert.equal((await call("PATCH", path, { as, body: { words: `# ${"x".repeat(200)}` } })).status, 200);
  });

  test("rooms go by the lists: words become asterisks, are refused, or wait for staff, who decide", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { lessonId, as, teacher, student } = await fill(school);
    for (const [action, words] of [
      ["mask", "笨蛋"],
      ["refuse", "赌博"],
      ["hold", "打架"],
    ])
      await ok("POST", "/word-lists", { as, body: { name: action, action, words } });
    await ok("POST", `/lessons/${lessonId}/join`, { as: student, body: {} });
    let count = 0;
    const action = (token: string, body: object) =>
      call("POST", `/lessons/${lessonId}/room/entries`, { as: token, body: { id: `action ${++count}`, ...body } });
    const say = (text: string) => action(student, { kind: "chat", text });
    const held = async (token: string) => call("GET", `/lessons/${lessonId}/room/held`, { as: token });
    const masked = (await say("你这笨蛋")).body;
    const refused = await say("去 賭 博");
    assert.deepEqual([refused.status, refused.body.code], [403, "refused-words"]);
    assert.equal((await say("打架吧")).body.answer.held, true);
    assert.equal((await held(student)).status, 403);
    const [text] = (await held(teacher)).body.items;
    assert.deepEqual([text.kind, text.text, text.reason], ["chat", "打架吧", "hold"]);
    assert.equal((await action(student, { kind: "moderation", action: "approve", ref: text.id })).status, 403);
    assert.equal((await action(teacher, { kind: "moderation", action: "approve", ref: text.id })).status, 200);
    assert.deepEqual((await held(teacher)).body.items, []);
    const { items } = await ok("GET", `/lessons/${lessonId}/room/entries?kind=chat`, { as: student });
    const lines = items.map(({ text: line }: { text: string }) => line);
    assert.deepEqual(lines, ["你这**", "打架吧"]);
    assert.ok(masked.answer.ref);
  });

  test("a content check is created, changed and deleted; its secret is for those who may see it", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, as, teacher, stranger } = await fill(school);
    const body = { url: "https://check.example/text", fallback: "refuse" };
    const created = await ok("POST", "/content-checks", { as, body });
    assert.deepEqual([created.schoolId, created.kind, created.fallback, created.deadlineMs], [schoolId, "text", "refuse", 2000]);
    assert.ok(created.secret.length > 20);
    assert.equal((await call("POST", "/content-checks", { as, body })).status, 409);
    assert.equal((await call("POST", "/content-checks", { as, body: { url: "ftp://x/" } })).status, 400);
    const path = `/content-checks/${created.id}`;
    assert.equal((await call("GET", path, { as: teacher })).status, 403);
    assert.equal((await call("GET", path, { as: stranger })).status, 404);
    const { key } = await ok("POST", "/api-keys", { as, body: { name: "Reader", scopes: ["webhooks:read"] } });
    assert.equal((await ok("GET", path, { as: key })).secret, null);
    const changed = await ok("PATCH", path, { as, body: { enabled: false }, headers: { "if-match": '"v1"' } });
    assert.deepEqual(changed, { ...created, enabled: false, version: 2 });
    await ok("DELETE", path, { as });
    const { items } = await ok("GET", `/audit?targetId=${created.id}`, { as });
    assert.equal(items.length, 3);
    assert.ok(!JSON.stringify(items).includes(created.secret));
  });
});
