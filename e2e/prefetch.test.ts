/**
 * Prefetch: edges fetch a stream before its first viewer, for large lessons and for streams that are popular at other nodes.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, nodesOf, publishTo, startNats, startNode } from "./cluster.ts";
import { until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { openSchool } from "./school.ts";
import { Viewer } from "./viewers.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-prefetch-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const ENOUGH = 3;
const MINUTE_MS = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS).toISOString();

test("an edge has a lesson that many are expected in, and what many watch at another, before anybody comes to it", async (t) => {
  const nats = await startNats(t);
  const set = { "relay.prefetchFrom": String(ENOUGH), "publish.graceSeconds": "1" };
  const nodes = await Promise.all([
    startNode(t, nats, "a", "origin,control", set),
    startNode(t, nats, "e", "edge", set),
    startNode(t, nats, "f", "edge", set),
  ]);
  const [a, e] = nodes as [Node, Node, Node];
  await joined(nodes);
  const { id: schoolId } = (await done(a, "GET", "/schools")).items[0];
  const { id: courseId } = await done(a, "POST", "/courses", { schoolId, name: "Physics" });
  for (let i = 0; i < ENOUGH; i++) {
    const user = { schoolId, login: `student${i}`, name: `Student ${i}`, role: "student", password: "correct horse" };
    const { id } = await done(a, "POST", "/users", user);
    await done(a, "PUT", `/courses/${courseId}/members/${id}`, { role: "student" });
  }
  const lesson = await done(a, "POST", "/lessons", { courseId, title: "Waves", startsAt: inMinutes(5), endsAt: inMinutes(50) });
  const fetches = async (id: string) => ((await nodesOf(a)).get(id)?.links ?? []).length > 0;
  const pushing = push(t, `${a.rtmp}/${lesson.stream.app}/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  for (const id of ["e", "f"]) await until(() => fetches(id), `the lesson at ${id}`);
  pushing.child.kill("SIGKILL");
  for (const id of ["e", "f"]) await until(async () => !(await fetches(id)), `the lesson to be over at ${id}`);

  publishTo(t, clip("b-frames"), "popular", () => [a]);
  await a.stream("popular", ({ video }) => video !== null);
  const viewers = [0, 1].map((number) => new Viewer("flv", () => [e], "popular", number));
  t.after(() => {
    for (const viewer of viewers) viewer.close();
  });
  await until(() => fetches("e"), "the edge where they watch");
  assert.equal(await fetches("f"), false);
  viewers.push(new Viewer("flv", () => [e], "popular", 2));
  await until(() => fetches("f"), "the edge where nobody watches");
});

test("people are expected in lessons of courses with so many members, that are on or begin soon", async (t) => {
  const { ok, service } = await openSchool(t);
  const { id: schoolId } = await ok("POST", "/schools", { body: { name: "North", slug: "north" } });
  const course = async (members: number, name: string): Promise<string> => {
    const { id } = await ok("POST", "/courses", { body: { schoolId, name } });
    for (let i = 0; i < members; i++) {
      const body = { schoolId, login: `${name}${i}`, name, role: "student", password: "correct horse" };
      const user = await ok("POST", "/users", { body });
      await ok("PUT", `/courses/${id}/members/${user.id}`, { body: { role: "student" } });
    }
    return id;
  };
  const [large, small] = [await course(4, "large"), await course(2, "small")];
  const lesson = async (title: string, courseId: string, minutes: number) => {
    const body = { schoolId, courseId, title, startsAt: inMinutes(minutes), endsAt: inMinutes(minutes + 45) };
    return await ok("POST", "/lessons", { body });
  };
  const soon = await lesson("soon", large, 5);
  await lesson("later", large, 30);
  await lesson("given up", large, -90);
  const few = await lesson("few", small, 5);
  const removed = await lesson("removed", large, 5);
  await ok("DELETE", `/lessons/${removed.id}`);
  const on = await lesson("on", large, 120);
  await ok("POST", `/lessons/${on.id}/start`);
  const names = async (atLeast: number) => (await service.expectedAudiences(atLeast, 10)).map(({ name, people }) => [name, people]);
  assert.deepEqual(new Map((await names(3)) as [string, number][]), new Map([soon, on].map(({ stream }) => [stream.name, 4])));
  assert.deepEqual((await names(1)).at(-1), [few.stream.name, 2]);
  assert.equal((await service.expectedAudiences(1, 1)).length, 1);
  assert.deepEqual(await names(5), []);
});
