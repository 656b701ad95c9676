/** Parents and inspectors who watch a lesson by a link of their own, for a time. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onPostgresFirst } from "./school-databases.ts";

const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const secretOf = (link: string) => link.slice(link.indexOf("#") + 1);

onPostgresFirst((open) => {
  test("a parent opens the lesson by a link, in its time, as one participant however often", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const [teacher, child] = [await person(schoolId, "teacher"), await person(schoolId, "student")];
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Open day", guests: false } });
    const path = `/lessons/${lesson.id}/watchers`;
    const made = await ok("POST", path, { as: teacher.token, body: { name: "Anna's father", childId: child.id } });
    assert.match(made.link, /^http:\/\/school\.example\/watch#/);
    assert.deepEqual([made.childId, made.openedAt, made.chat], [child.id, null, false]);
    const watch = () => call("POST", "/watch", { as: null, body: { secret: secretOf(made.link) } });
    const [first, second] = [await watch(), await watch()];
    assert.deepEqual([first.status, second.status], [200, 200]);
    assert.equal(first.body.viewer, second.body.viewer);
    assert.match(first.body.play.hls, new RegExp(`/${lesson.stream.name}\\.m3u8\\?.*viewer=${first.body.viewer}`));
    assert.equal(first.body.until, made.to);
    const { items } = await ok("GET", path, { as: teacher.token });
    assert.deepEqual([items.length, items[0].participantId, items[0].openedAt === null], [1, first.body.viewer, false]);
    assert.equal(items[0].link, undefined);
  });

  test("without a time of its own, the link holds from ten minutes before the lesson to its planned end", async (t) => {
    const { ok, person } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const teacher = await person(schoolId, "teacher");
    const start = Math.ceil(Date.now() / MINUTE) * MINUTE;
    const invited = async (startsAt: number, endsAt: number) => {
      const body = { title: "Open day", startsAt: iso(startsAt), endsAt: iso(endsAt) };
      const lesson = await ok("POST", "/lessons", { as: teacher.token, body });
      return await ok("POST", `/lessons/${lesson.id}/watchers`, { as: teacher.token, body: { name: "Parent" } });
    };
    const { from, to } = await invited(start + 20 * MINUTE, start + 65 * MINUTE);
    assert.deepEqual([Date.parse(from), Date.parse(to)], [start + 10 * MINUTE, start + 65 * MINUTE]);
    const late = await invited(start - 65 * MINUTE, start - 20 * MINUTE);
    assert.ok(Date.parse(late.to) >= start + 119 * MINUTE, "a lesson that goes on longer than planned");
  });

  test("before and after its time, and once it was taken back, the link opens nothing", async (t) => {
    const { ok, call, person, service } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Open day", guests: false } });
    const path = `/lessons/${lesson.id}/watchers`;
    const now = Date.now();
    const invite = (from: number, to: number) =>
      call("POST", path, { as: teacher.token, body: { name: "Parent", from: iso(from), to: iso(to) } });
    const watch = async (link: string) => await call("POST", "/watch", { as: null, body: { secret: secretOf(link) } });
    const later = (await invite(now + 10 * MINUTE, now + 60 * MINUTE)).body;
    const early = await watch(later.link);
    assert.deepEqual([early.status, early.body.code], [403, "watching-not-yet"]);
    assert.ok(Number(early.headers["retry-after"]) > 500);
    for (const [from, to] of [
      [now - 10 * MINUTE, now - MINUTE],
      [now + 10 * MINUTE, now + 5 * MINUTE],
      [now, now + 8 * 24 * 60 * MINUTE],
    ] as const)
      assert.equal((await invite(from, to)).status, 409);
    const allowed = (await invite(now - MINUTE, now + 60 * MINUTE)).body;
    const { viewer } = (await watch(allowed.link)).body;
    const policy = () => service.streamPolicy("live", lesson.stream.name);
    assert.deepEqual((await policy())?.removed, [], "a watcher of a lesson without guests is no stranger");
    assert.equal((await call("DELETE", `${path}/${allowed.id}`, { as: teacher.token })).status, 204);
    assert.deepEqual((await policy())?.removed, [viewer]);
    assert.equal((await watch(allowed.link)).body.code, "watching-over");
    assert.equal((await watch("http://x/watch#nothing")).status, 404);
  });

  test("parents take no place: in a lesson of two people there is one for the student still", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Piano", mode: "one-to-one" } });
    for (const chat of [false, true]) {
      const made = await ok("POST", `/lessons/${lesson.id}/watchers`, { as: teacher.token, body: { name: "Parent", chat } });
      assert.equal((await call("POST", "/watch", { as: null, body: { secret: secretOf(made.link) } })).status, 200);
    }
    const join = async (name: string) => {
      const { status, body } = await call("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name } });
      return [status, body.code];
    };
    assert.deepEqual(await join("Anna"), [200, undefined]);
    assert.deepEqual(await join("Ben"), [503, "lesson-full"]);
  });

  test("when the time is over, media workers hear that the watcher is out", async (t) => {
    const { ok, call, person, service, asked } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Open day", guests: false } });
    const to = iso(Date.now() + 1500);
    const made = await ok("POST", `/lessons/${lesson.id}/watchers`, {
      as: teacher.token,
      body: { name: "Parent", from: iso(Date.now() - MINUTE), to },
    });
    const { body } = await call("POST", "/watch", { as: null, body: { secret: secretOf(made.link) } });
    const before = asked.length;
    while (!asked.slice(before).some((what) => what.includes(lesson.stream.name)))
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual((await service.streamPolicy("live", lesson.stream.name))?.removed, [body.viewer]);
  });

  test("a watcher reads in the room and does not write, unless the teacher allows it", async (t) => {
    const { ok, call, person, service } = await open(t);
    const { id: schoolId } = await ok("POST", "/schools", { body: { slug: "oak", name: "Oak" } });
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Open day" } });
    const actions = {
      written: { kind: "chat", body: { text: "hello" } },
      hand: { kind: "hand", body: { action: "raise" } },
      answer: { kind: "answer", body: { quiz: "q", choice: [0] } },
      stroke: { kind: "stroke", body: { page: "1.1", ops: [] } },
      key: { kind: "stage", body: { action: "key" } },
      link: { kind: "stage", body: { action: "key", publish: false } },
    } as const;
    const roleOf = async (chat: boolean) => {
      const made = await ok("POST", `/lessons/${lesson.id}/watchers`, { as: teacher.token, body: { name: "Parent", chat } });
      const { body } = await call("POST", "/watch", { as: null, body: { secret: secretOf(made.link) } });
      const answer = await service.roomRequest({ kind: "enter", room: lesson.id, participants: [body.viewer] });
      const done: string[] = [];
      for (const [id, action] of Object.entries(actions)) {
        const one = { participant: body.viewer, id, mediaTime: null, ...action };
        const sent = await service.roomRequest({ kind: "send", room: lesson.id, actions: [one] });
        const [result] = sent.kind === "send" ? sent.results : [];
        if (result && !("refused" in result)) done.push(id);
        else assert.equal(result?.refused, "refused-by-rule", id);
      }
      return [answer.kind === "enter" && answer.people[0]?.role, done];
    };
    assert.deepEqual(await roleOf(false), ["watcher", ["link"]]);
    assert.deepEqual(await roleOf(true), ["guest", ["written", "link"]]);
  });
});
