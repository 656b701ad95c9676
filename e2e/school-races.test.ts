/**
 * Simultaneous requests of the API: of changes with If-Match exactly one is made, without it all are made one after the other; of creations as many
 * as fit. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

const AT_ONCE = 8;

/** One thing of each kind that has a version: where it is, and what changes it. */
async function versionedThings({ ok, service }: TestSchool) {
  const school = (await ok("GET", "/schools")).items[0];
  const unique = newId();
  const course = await ok("POST", "/courses", { body: { name: unique } });
  const user = await ok("POST", "/users", { body: { login: unique, name: unique } });
  const lesson = await ok("POST", "/lessons", { body: { title: unique } });
  const webhook = await ok("POST", "/webhooks", { body: { schoolId: school.id, url: "http://127.0.0.1:9/" } });
  const source = await ok("POST", "/sources", { body: { title: unique, name: unique, addresses: ["rtsp://camera.example"] } });
  const url = "rtmp://live.example/app/key";
  const other = await ok("POST", "/lessons", { body: { title: unique } });
  const forward = await ok("POST", `/lessons/${other.id}/forwards`, { body: { title: unique, url } });
  const ladder = await ok("POST", "/ladders", { body: { name: unique, rungs: [{ name: "sd", height: 480 }] } });
  const list = await ok("POST", "/address-lists", { body: { name: unique } });
  const policy = await ok("POST", "/policies", { body: { target: { level: "lesson", id: other.id }, rules: [] } });
  const linkKey = await ok("POST", "/link-keys", { body: { name: unique, scheme: "nginx" } });
  const recordingId = newId();
  await service.answers.recordingSeen({
    id: recordingId,
    app: lesson.stream.app,
    name: lesson.stream.name,
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
  return [
    { path: `/schools/${school.id}`, body: (i: number) => ({ name: `School ${i}` }), deletable: false },
    { path: `/courses/${course.id}`, body: (i: number) => ({ description: `${i}` }), deletable: true },
    { path: `/users/${user.id}`, body: (i: number) => ({ name: `Name ${i}` }), deletable: false },
    { path: `/lessons/${lesson.id}`, body: (i: number) => ({ title: `Title ${i}` }), deletable: true },
    { path: `/webhooks/${webhook.id}`, body: (i: number) => ({ url: `http://127.0.0.1:9/${i}` }), deletable: true },
    { path: `/sources/${source.id}`, body: (i: number) => ({ addresses: [`rtsp://camera-${i}.example`] }), deletable: true },
    { path: `/forwards/${forward.id}`, body: (i: number) => ({ title: `Title ${i}` }), deletable: true },
    { path: `/ladders/${ladder.id}`, body: (i: number) => ({ name: `Name ${i}` }), deletable: true },
    { path: `/address-lists/${list.id}`, body: (i: number) => ({ name: `Name ${i}` }), deletable: true },
    { path: `/policies/${policy.id}`, body: (i: number) => ({ rules: [policyRule(i)] }), deletable: true },
    { path: `/link-keys/${linkKey.id}`, body: (i: number) => ({ name: `Name ${i}` }), deletable: true },
    { path: `/recordings/${recordingId}`, body: (i: number) => ({ title: `Title ${i}` }), deletable: true },
  ];
}

/** As it is answered. */
function policyRule(i: number) {
  const rule = { kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false };
  return { ...rule, allow: [], deny: [`192.0.2.${i}`] };
}

/** What a school, a student or the platform may have few of: where they are created, how many fit, and one of them. */
async function limitedThings({ ok, person }: TestSchool) {
  const { id: schoolId } = await ok("POST", "/schools", { body: { slug: newId(), name: "Full" } });
  const student = await person(schoolId, "student");
  const form = { schoolId, fields: [{ key: "note", label: "Note", type: "text" }] };
  const url = "http://127.0.0.1:9/";
  return [
    { path: "/check-in-forms", max: 20, body: (name: string) => ({ ...form, name }) },
    { path: `/users/${student.id}/guardians`, max: 8, body: (name: string) => ({ name, email: `${name}@home.example` }) },
    { path: "/link-keys", max: 10, body: (name: string) => ({ name, scheme: "nginx", schoolId }) },
    { path: "/link-keys", max: 10, body: (name: string) => ({ name, scheme: "nginx" }) },
    { path: "/webhooks", max: 20, body: () => ({ url }) },
    {
      path: "/alarm-channels",
      max: 20,
      body: (name: string) => ({ name, kind: "webhook", target: url, secret: "0123456789abcdef" }),
    },
  ];
}

const many = <T>(call: (i: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: AT_ONCE }, (_, i) => call(i)));
const sorted = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status).sort((a, b) => a - b);

onEachDatabase((open) => {
  test("of simultaneous changes with one ETag, one is made and the others are refused, for everything that has a version", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    for (const { path, body } of await versionedThings(school)) {
      const { version } = await ok("GET", path);
      const answers = await many((i) => call("PATCH", path, { body: body(i), headers: { "if-match": `"v${version}"` } }));
      assert.deepEqual(sorted(answers), [200, ...Array.from({ length: AT_ONCE - 1 }, () => 412)], path);
      const after = await ok("GET", path);
      const winner = answers.findIndex(({ status }) => status === 200);
      assert.equal(after.version, version + 1, path);
      for (const [field, value] of Object.entries(body(winner))) assert.deepEqual(after[field], value, path);
    }
  });

  test("simultaneous changes without If-Match are all made, each with a version of its own", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    for (const { path, body } of await versionedThings(school)) {
      const { version } = await ok("GET", path);
      const answers = await many((i) => call("PATCH", path, { body: body(i) }));
      const versions = answers.map((answer) => answer.body.version as number).sort((a, b) => a - b);
      assert.deepEqual(
        versions,
        Array.from({ length: AT_ONCE }, (_, i) => version + 1 + i),
        `${path}: ${JSON.stringify(answers[0]?.body)}`,
      );
    }
  });

  test("of simultaneous deletions with one ETag, and of a change beside them, one is made", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    for (const { path, body, deletable } of await versionedThings(school)) {
      if (!deletable) continue;
      const headers = { "if-match": `"v${(await ok("GET", path)).version}"` };
      const answers = await many((i) =>
        i % 2 ? call("DELETE", path, { headers }) : call("PATCH", path, { headers, body: body(i) }),
      );
      const made = answers.filter(({ status }) => status < 300);
      assert.equal(made.length, 1, `${path}: ${sorted(answers)}`);
      for (const { status } of answers) assert.ok([200, 204, 404, 412].includes(status), `${path}: ${status}`);
    }
  });

  test("of simultaneous creations, no more are made than fit, of things of a school, a student and the platform", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    for (const { path, max, body } of await limitedThings(school)) {
      for (let i = 1; i < max; i++) await ok("POST", path, { body: body(`before${i}`) });
      const answers = await many((i) => call("POST", path, { body: body(`late${i}`) }));
      assert.deepEqual(sorted(answers), [201, ...Array.from({ length: AT_ONCE - 1 }, () => 409)], path);
    }
  });

  test("a lesson is started, ended and changed at the same time: each is made once and none is lost", async (t) => {
    const { call, ok } = await open(t);
    const { id } = await ok("POST", "/lessons", { body: { title: "Before" } });
    const answers = await Promise.all([
      call("POST", `/lessons/${id}/start`),
      call("PATCH", `/lessons/${id}`, { body: { title: "After" } }),
      call("POST", `/lessons/${id}/rotate-key`),
      call("PATCH", `/lessons/${id}`, { body: { capacity: 7 } }),
    ]);
    assert.deepEqual(sorted(answers), [200, 200, 200, 200]);
    const { title, capacity, state, version } = await ok("GET", `/lessons/${id}`);
    assert.deepEqual({ title, capacity, state, version }, { title: "After", capacity: 7, state: "live", version: 5 });
    const audit = await ok("GET", `/audit?targetId=${id}`);
    assert.equal(audit.items.length, 5);
  });
});
