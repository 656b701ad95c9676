/**
 * Guardians of students: told by mail of absences and check-ins, once, and again after the mail server has failed; webhooks are told too.
 * Shares a process. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { RETRY_DELAYS_MS } from "../packages/server/src/school/foundation/delivery/retry-schedule.ts";
import { until } from "./lectern.ts";
import { type Received, startMailServer } from "./mail-server.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

/** A webhook of a school, and the events that it has received. */
async function listen(t: TestContext, { ok }: TestSchool, schoolId: string, events: readonly string[]) {
  const heard: { event: string; data: Record<string, unknown> }[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      heard.push(JSON.parse(body));
      response.writeHead(204).end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  t.after(() => receiver.close());
  t.after(() => receiver.closeAllConnections());
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await ok("POST", "/webhooks", { body: { schoolId, url, events } });
  return heard;
}

const subjectsOf = (mails: readonly Received[]) =>
  mails.map(({ to, text }) => `${to} ${/^Subject: (.*)$/m.exec(text)?.[1]}`).toSorted();

async function openChild(school: TestSchool) {
  const { ok, person } = school;
  const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak", timeZone: "UTC" } });
  const child = await person(schoolId, "student", "anna");
  const add = (email: string, more: object = {}) =>
    ok("POST", `/users/${child.id}/guardians`, { body: { name: "Parent", email, ...more } });
  return { schoolId, child, add };
}

onPostgresFirst((open) => {
  test("guardians are told of a check-in once, again after a failure, and not where it is switched off; webhooks of each", async (t) => {
    const { mails, mail, refused } = await startMailServer(t, 1);
    const school = await open(t, { mail });
    const untilTurn = withTurns(school.service);
    const { ok } = school;
    const { schoolId, child, add } = await openChild(school);
    await add("Told@school.example");
    await add("not-told@school.example", { checkIns: false });
    const heard = await listen(t, school, schoolId, ["check-in.made"]);
    const fields = [{ key: "well", label: "Well?", type: "yes-no" }];
    const form = await ok("POST", "/check-in-forms", { body: { schoolId, name: "Health", fields } });
    const put = (well: boolean) => ok("PUT", `/check-in-forms/${form.id}/mine`, { as: child.token, body: { answers: { well } } });
    const { day } = await put(true);
    await put(false);
    const { db } = school.service;
    const notices = () => db.selectFrom("guardian_notices").select(["attempts", "created_at", "next_at"]).execute();
    await untilTurn(() => refused() === 1, "the attempt that fails");
    await until(async () => (await notices())[0]?.attempts === 1, "the failure to be noted");
    const [failed] = await notices();
    assert.ok(failed?.next_at && RETRY_DELAYS_MS[0]);
    assert.ok(failed.next_at.getTime() - failed.created_at.getTime() >= RETRY_DELAYS_MS[0], "the second attempt waits");
    assert.equal(mails.length, 0);
    // As if the delay were over.
    await db.updateTable("guardian_notices").set({ next_at: new Date() }).execute();
    await untilTurn(() => mails.length > 0, "the mail");
    await until(() => heard.length === 2, "the events");
    assert.deepEqual(subjectsOf(mails), [`told@school.example Health: ${day}`]);
    assert.deepEqual(
      heard.map(({ event, data }) => [event, data["userId"], data["formId"], data["day"]]),
      [...Array(2)].map(() => ["check-in.made", child.id, form.id, day]),
    );
    // The mail arrives before its sending is noted.
    await until(async () => {
      const rows = await notices();
      return rows.length === 1 && rows[0]?.attempts === 2 && rows[0].next_at === null;
    }, "the second attempt to be the last");
  });

  test("guardians and webhooks are told who missed a lesson, when it has ended; nobody of those who were there", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const school = await open(t, { mail });
    const untilTurn = withTurns(school.service);
    const { ok, person, service } = school;
    const { schoolId, child, add } = await openChild(school);
    await add("told@school.example");
    await add("not-told@school.example", { absences: false });
    const ben = await person(schoolId, "student", "ben");
    await ok("POST", `/users/${ben.id}/guardians`, { body: { name: "Other", email: "other@school.example" } });
    const heard = await listen(t, school, schoolId, ["attendance.absent"]);
    const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
    for (const { id } of [child, ben]) await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role: "student" } });
    const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Maths", courseId: course.id } });
    await ok("POST", `/lessons/${lesson.id}/start`);
    const { viewer } = await ok("POST", `/lessons/${lesson.id}/join`, { as: ben.token });
    const now = Date.now();
    const visit = { participant: viewer, from: now - 60_000, to: now, agent: "" };
    await service.roomRequest({ kind: "visits", room: lesson.id, worker: "n1/media-1", visits: [visit] });
    await ok("POST", `/lessons/${lesson.id}/end`);
    // As if it had been over for a while: a publisher that comes back continues a lesson.
    const times = { started_at: new Date(now - 3_600_000), ended_at: new Date(now - 300_000) };
    await service.db.updateTable("lessons").set(times).where("id", "=", lesson.id).execute();
    await service.db.updateTable("attendance").set({ from_at: times.started_at, to_at: times.ended_at }).execute();
    await untilTurn(() => mails.length > 0, "the mail");
    await until(() => heard.length > 0, "the event");
    assert.equal(mails.length, 1);
    assert.equal(mails[0]?.to, "told@school.example");
    assert.match(subjectsOf(mails)[0] ?? "", /Maths \(\d{4}-\d\d-\d\d\)$/);
    assert.deepEqual(
      heard.map(({ event, data }) => [event, data["lessonId"], data["userId"]]),
      [["attendance.absent", lesson.id, child.id]],
    );
  });

  test("a guardian is listed, known once by the address, of a student only, and gone with the student", async (t) => {
    const school = await open(t);
    const { ok, call, person, service } = school;
    const { schoolId, child, add } = await openChild(school);
    const guardian = await add("Parent@School.example");
    assert.deepEqual([guardian.email, guardian.absences, guardian.checkIns], ["parent@school.example", true, true]);
    const path = `/users/${child.id}/guardians`;
    const again = await call("POST", path, { body: { name: "x", email: "parent@school.example" } });
    assert.deepEqual([again.status, again.body.code], [409, "conflict"]);
    const teacher = await person(schoolId, "teacher");
    assert.equal((await call("POST", `/users/${teacher.id}/guardians`, { body: { name: "x", email: "a@b.example" } })).status, 409);
    for (let i = 1; i < 8; i++) await add(`p${i}@school.example`);
    assert.equal((await call("POST", path, { body: { name: "x", email: "p9@school.example" } })).status, 409);
    assert.equal((await call("DELETE", `${path}/${guardian.id}`)).status, 204);
    assert.equal((await call("DELETE", `${path}/${guardian.id}`)).status, 404);
    assert.equal((await ok("GET", path)).items.length, 7);
    await ok("POST", `/users/${child.id}/erase`, { body: { login: "anna" } });
    assert.deepEqual(await service.db.selectFrom("guardians").selectAll().execute(), []);
    const audit = JSON.stringify(await ok("GET", `/audit?targetId=${child.id}`));
    assert.doesNotMatch(audit, /@school\.example/i);
  });
});
