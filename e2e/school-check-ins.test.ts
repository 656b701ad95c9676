/** The daily check-in: forms of a school's own, what students answer, and the list and CSV of the answers. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const FIELDS = [
  { key: "temperature", label: "Temperature", type: "number" },
  { key: "feeling", label: "Feeling", type: "choice", options: ["well", "ill"] },
  { key: "left_home", label: "Left home?", type: "yes-no" },
  { key: "note", label: "=Note", type: "text", required: false },
];
const ANSWERS = { temperature: 36.6, feeling: "well", left_home: false };

/** A school with a student, a teacher, and a form. */
async function openForm({ ok, person }: TestSchool, slug: string, timeZone = "UTC") {
  const { id: schoolId } = await ok("POST", "/schools", { body: { slug, name: slug, timeZone } });
  const student = await person(schoolId, "student");
  const teacher = await person(schoolId, "teacher");
  const form = await ok("POST", "/check-in-forms", { body: { schoolId, name: "Health", fields: FIELDS } });
  return { schoolId, student, teacher, form, path: `/check-in-forms/${form.id}` };
}

const dayIn = (timeZone: string) => new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(Date.now());

onPostgresFirst((open) => {
  test("answers are checked by the form, and a student has one check-in a day, which can be changed", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { student, teacher, path } = await openForm(school, "oak");
    const put = (answers: object) => call("PUT", `${path}/mine`, { as: student.token, body: { answers } });
    assert.equal((await ok("GET", `${path}/mine`, { as: student.token })).checkIn, null);
    const { temperature: _, ...without } = ANSWERS;
    for (const [answers, wrong] of [
      [without, "answers.temperature"],
      [{ ...ANSWERS, temperature: "36" }, "answers.temperature"],
      [{ ...ANSWERS, feeling: "great" }, "answers.feeling"],
      [{ ...ANSWERS, left_home: "no" }, "answers.left_home"],
      [{ ...ANSWERS, more: 1 }, "answers.more"],
    ] as const) {
      const { status, body } = await put(answers);
      assert.deepEqual([status, body.code, body.errors?.[0]?.path], [400, "bad-request", wrong]);
    }
    const first = await put(ANSWERS);
    assert.deepEqual([first.status, first.body.answers], [200, ANSWERS]);
    const second = await put({ ...ANSWERS, feeling: "ill" });
    assert.deepEqual([second.body.id, second.body.answers.feeling], [first.body.id, "ill"]);
    const mine = await ok("GET", `${path}/mine`, { as: student.token });
    assert.equal(mine.checkIn.answers.feeling, "ill");
    const { items } = await ok("GET", `${path}/check-ins`, { as: teacher.token });
    assert.deepEqual(
      items.map(({ userId, name, answers }: Record<string, unknown>) => [userId, name, answers]),
      [[student.id, "The student", { ...ANSWERS, feeling: "ill" }]],
    );
    assert.equal((await call("GET", `${path}/check-ins`, { as: student.token })).status, 403);
    assert.equal((await call("PUT", `${path}/mine`, { as: teacher.token, body: { answers: ANSWERS } })).status, 403);
    const archive = await ok("GET", `/users/${student.id}/archive`, { as: student.token });
    assert.deepEqual([archive.checkIns.length, archive.checkIns[0].form], [1, "Health"]);
  });

  test("the day is that of the school's time zone, and students see only forms that are enabled", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    // Their days always differ.
    const [east, west] = ["Pacific/Kiritimati", "Pacific/Niue"] as const;
    for (const [slug, timeZone] of [
      ["east", east],
      ["west", west],
    ] as const) {
      const { student, teacher, path } = await openForm(school, slug, timeZone);
      const { day } = await ok("PUT", `${path}/mine`, { as: student.token, body: { answers: ANSWERS } });
      assert.equal(day, dayIn(timeZone));
      assert.equal((await ok("GET", `${path}/check-ins?day=${dayIn(timeZone)}`, { as: teacher.token })).items.length, 1);
      await ok("PATCH", path, { body: { enabled: false } });
      assert.deepEqual((await ok("GET", "/check-in-forms", { as: student.token })).items, []);
      assert.equal((await call("PUT", `${path}/mine`, { as: student.token, body: { answers: ANSWERS } })).status, 404);
      assert.equal((await ok("GET", "/check-in-forms", { as: teacher.token })).items.length, 1);
    }
    assert.notEqual(dayIn(east), dayIn(west));
  });

  test("the CSV has a column for each field, and no cell is a formula", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { student, teacher, path } = await openForm(school, "oak");
    await ok("PUT", `${path}/mine`, { as: student.token, body: { answers: { ...ANSWERS, note: '=1+1,"x"' } } });
    const today = dayIn("UTC");
    const { body, headers } = await call("GET", `${path}/export?from=${today}&to=${today}`, { as: teacher.token });
    assert.match(String(headers["content-type"]), /^text\/csv/);
    const [head, row] = String(body).replace("\uFEFF", "").split("\r\n");
    assert.equal(head, "day,login,name,at,Temperature,Feeling,Left home?,'=Note");
    assert.match(row ?? "", new RegExp(`^${today},person\\d+,The student,.*,36.6,well,false,"'=1\\+1,""x"""$`));
    const before = await call("GET", `${path}/export?from=2026-01-01&to=2026-01-02`, { as: teacher.token });
    assert.equal(String(before.body).trim().split("\r\n").length, 1);
  });

  test("another school gets 404, and a form with keys that are equal or of choices without options is refused", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { path, form } = await openForm(school, "oak");
    const other = await ok("POST", "/schools", { body: { slug: "elm", name: "Elm" } });
    const [administrator, student] = [await person(other.id, "administrator"), await person(other.id, "student")];
    for (const [method, of, body] of [
      ["PATCH", path, { name: "x" }],
      ["DELETE", path, undefined],
      ["GET", `${path}/mine`, undefined],
      ["GET", `${path}/check-ins`, undefined],
      ["GET", `${path}/export?from=2026-01-01&to=2026-01-02`, undefined],
    ] as const)
      assert.equal((await call(method, of, { as: administrator.token, body })).status, 404, `${method} ${of}`);
    assert.equal((await call("PUT", `${path}/mine`, { as: student.token, body: { answers: ANSWERS } })).status, 404);
    assert.deepEqual((await ok("GET", "/check-in-forms", { as: administrator.token })).items, []);
    const create = (fields: unknown) => call("POST", "/check-in-forms", { as: administrator.token, body: { name: "x", fields } });
    for (const fields of [
      [],
      [FIELDS[0], FIELDS[0]],
      [{ key: "a", label: "A", type: "choice" }],
      [{ key: "A b", label: "A", type: "text" }],
    ])
      assert.equal((await create(fields)).status, 400, JSON.stringify(fields));
    const changed = await ok("PATCH", path, {
      body: { fields: FIELDS.slice(0, 1) },
      headers: { "if-match": `"v${form.version}"` },
    });
    assert.deepEqual([changed.fields.length, changed.version], [1, 2]);
    assert.equal((await call("PATCH", path, { body: { name: "y" }, headers: { "if-match": `"v1"` } })).status, 412);
  });
});
