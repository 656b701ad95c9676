/**
 * Two nodes with the control role on one PostgreSQL: both serve requests, and when one dies, the other continues with the school, the rooms and their boards.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { Page } from "@lectern/board";
import { draws, givePen, openBoard, pageAt, sameStrokes, strokes } from "./board-drawing.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { enterRoom } from "./enter-room.ts";
import { until } from "./lectern.ts";
import { ask, done, push, watch } from "./lesson-client.ts";
import { startPostgres } from "./postgres.ts";
import { enterToWrite, sameLines, writeLines } from "./room-lines.ts";

/** The events of webhooks, as they are told. */
async function listener(t: TestContext): Promise<{ readonly url: string; readonly told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      told.push(JSON.parse(body).event);
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told };
}

/** The value of a counter without labels, of all processes of a node. */
function metricOf(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, "m").exec(metrics)?.[1]);
}

/** People write and draw in rooms that a's control process owns. @returns what is to be seen after its death, of the lines and of the board */
async function ofRooms(t: TestContext, a: Node, b: Node) {
  const lesson = await done(a, "POST", "/lessons", { title: "Lines" });
  // The first to enter makes a's control process the owner.
  const people = [await enterToWrite(t, a, [a, b], lesson.code, "Anna"), await enterToWrite(t, b, [b], lesson.code, "Ben")];
  const board = await openBoard(a);
  const [anna, ben] = [await enterRoom(t, a, [a, b], board.code, "Anna"), await enterRoom(t, b, [b], board.code, "Ben")];
  await givePen(a, board, anna);
  const first = await pageAt(b, board, ben, "1.1");
  const endLines = writeLines(people);
  const endStroke = draws(anna, "anna.1");
  await until(() => people.every((person) => person.texts("chat").length >= 5), "the first lines at both nodes");
  await until(() => strokes(ben).length >= 10, "the first batches at the other node");
  const halfway = await pageAt(b, board, ben, "1.1", strokes(ben).at(-1)?.seq);
  assert.equal(Page.of(halfway.operations).items().length, 1);
  const before = { lines: people[1]?.texts("chat").length ?? 0, batches: strokes(ben).length };
  const died = performance.now();
  return {
    lines: async () => {
      await until(() => (people[1]?.texts("chat").length ?? 0) >= before.lines + 5, "lines after the owner's death", 30_000);
      t.diagnostic(`lines again after ${Math.round(performance.now() - died)} ms`);
      await sameLines(people, await endLines());
    },
    board: async () => {
      await until(() => strokes(ben).length >= before.batches + 10, "batches after the owner's death", 30_000);
      await sameStrokes([b], board, [ben, anna], first, new Map([["anna.1", await endStroke()]]));
    },
  };
}

test("two control nodes are one school: what one is told, the other knows at once; and when one dies, the other goes on, with the same numbers in rooms and the boards as they were", async (t) => {
  const [nats, postgres] = [await startNats(t), await startPostgres(t)];
  const set = { "database.url": postgres.database(), "webhooks.allowPrivateNetworks": "true" };
  // The first to come makes the tables; the other waits for it.
  const nodes = await Promise.all([startNode(t, nats, "a", "origin,control", set), startNode(t, nats, "b", "origin,control", set)]);
  const [a, b] = nodes as [Node, Node];
  await joined(nodes);
  const schools = await Promise.all(nodes.map((node) => done(node, "GET", "/schools")));
  assert.deepEqual(schools[0], schools[1], "one school, made once");

  await done(a, "POST", "/users", { schoolId: schools[0].items[0].id, login: "mei", name: "Mei", password: "correct horse" });
  const session = (await ask(b, "POST", "/sessions", { login: "mei", password: "correct horse" }, null)).body.token as string;
  assert.equal((await ask(a, "GET", "/me", undefined, session)).status, 200);

  const { url, told } = await listener(t);
  const events = ["stream.started", "lesson.started", "lesson.ended"];
  await done(a, "POST", "/webhooks", { schoolId: schools[0].items[0].id, url, events });
  const lesson = await done(a, "POST", "/lessons", { title: "Maths" });
  const { pathname, search } = new URL(lesson.stream.rtmpUrl);
  push(t, `${b.rtmp}${pathname}${search}`);
  await b.stream(lesson.stream.name, ({ video }) => video !== null);
  for (const node of nodes)
    await until(async () => (await done(node, "GET", `/lessons/${lesson.id}`)).state === "live", `the lesson at ${node.id}`);

  const titleAt = async (at: Node) => (await ask(at, "GET", `/invitations/${lesson.code}`, undefined, null)).body.title;
  for (const [title, changedAt, shownAt] of [
    ["Algebra", a, b],
    ["Geometry", b, a],
  ] as const) {
    // The pages of a class poll, so the answer is in memory.
    for (let i = 0; i < 5; i++) await titleAt(shownAt);
    await done(changedAt, "PATCH", `/lessons/${lesson.id}`, { title });
    assert.equal(await titleAt(changedAt), title, "the node that was told shows it at once");
    await until(async () => (await titleAt(shownAt)) === title, `the new title at ${shownAt.id}`);
  }

  // Pages poll at both nodes; each worker asks its control process at most twice a second.
  const passedAt = async (at: Node) => metricOf(await (await at.api("/metrics")).text(), "lectern_control_requests_total");
  const passedBefore = await Promise.all(nodes.map(passedAt));
  const pollingSince = performance.now();
  for (let i = 0; i < 20; i++) {
    const titles = await Promise.all(nodes.flatMap((at) => Array.from({ length: 50 }, () => titleAt(at))));
    assert.deepEqual([...new Set(titles)], ["Geometry"]);
  }
  const passed = await Promise.all(nodes.map(passedAt));
  const mostPassed = 2 + Math.ceil((performance.now() - pollingSince) / 500);
  for (const [i, count] of passed.entries()) {
    const more = count - (passedBefore[i] ?? 0);
    assert.ok(more <= mostPassed, `${more} of 1000 requests reached the control process of ${nodes[i]?.id}, not ${mostPassed}`);
  }

  const enter = async (at: Node, name: string) => {
    const { viewer, play } = await done(at, "POST", `/lessons/${lesson.code}/join`, { name });
    const link = new URL(play.flv);
    const watching = nodes.map((node) => watch(`${node.http}${link.pathname}${link.search}`));
    await until(() => watching.every(({ bytes }) => bytes() > 10_000), `pictures for ${name} at both nodes`);
    return { viewer, watching };
  };
  const [anna, ben] = [await enter(a, "Anna"), await enter(b, "Ben")];
  const begun = performance.now();
  await done(b, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
  await Promise.all(anna.watching.map(({ ended }) => ended));
  assert.ok(performance.now() - begun < 15_000, "she is cut off at both");

  const { lines, board } = await ofRooms(t, a, b);
  await a.kill();
  const before = ben.watching[1]!.bytes();
  await board();
  await lines();
  await until(() => ben.watching[1]!.bytes() > before + 10_000, "Ben's pictures go on");
  assert.equal((await done(b, "GET", `/lessons/${lesson.id}`)).state, "live");
  assert.equal((await ask(b, "GET", "/me", undefined, session)).status, 200);
  await done(b, "POST", `/lessons/${lesson.id}/end`);
  await ben.watching[1]!.ended;
  await until(() => told.includes("lesson.ended"), "the webhook of the end");
  // Deliveries of one change are sent side by side.
  assert.deepEqual(told.toSorted(), ["lesson.ended", "lesson.started", "stream.started"], "each once");
});
