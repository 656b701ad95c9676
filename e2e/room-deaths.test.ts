/** Rooms while processes die: what is acknowledged is seen by everybody, once and in order. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { enterRoom } from "./enter-room.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { startPostgres } from "./postgres.ts";
import type { RoomClient } from "./room-client.ts";
import { pidOf } from "./worker-connections.ts";

async function enter(...of: Parameters<typeof enterRoom>): Promise<RoomClient> {
  return (await enterRoom(...of)).client;
}

/** Writes a line until it is taken: after a long silence of the server all that waits comes at once, and some of it is refused as too many. */
async function write(person: RoomClient, text: string): Promise<void> {
  for (;;) {
    const { code, retryAfter } = await person.send("chat", { text });
    if (code !== "too-many") return;
    await sleep((retryAfter ?? 1) * 1000);
  }
}

/** Somebody writes a line every 150 ms. Returns the function that ends it and waits for the acknowledgements. */
function writeLines(people: readonly RoomClient[]): () => Promise<number> {
  let count = 0;
  const sent: Promise<void>[] = [];
  const timer = setInterval(() => {
    const person = people[count % people.length];
    if (person) sent.push(write(person, `line ${++count}`));
  }, 150);
  return async () => {
    clearInterval(timer);
    await Promise.all(sent);
    return count;
  };
}

async function sameForAll(people: readonly RoomClient[], count: number): Promise<void> {
  for (const person of people) await until(() => person.texts("chat").length >= count, `${count} lines`, 20_000);
  const first = people[0]?.texts("chat") ?? [];
  assert.equal(new Set(first).size, count, "each line once");
  for (const person of people) {
    assert.deepEqual(person.texts("chat"), first, "the same order for all");
    assert.deepEqual(person.faults, []);
  }
}

test("a control process and a worker are killed while people write: no line is lost or doubled, and nobody leaves", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const lesson = await done(server, "POST", "/lessons", { title: "Maths" });
  const people = await Promise.all(["Anna", "Ben", "Chen"].map((name) => enter(t, server, [server], lesson.code, name)));
  const end = writeLines(people);
  await until(() => (people[0]?.texts("chat").length ?? 0) >= 5, "the first lines");
  process.kill(pidOf(server, "control"), "SIGKILL");
  const before = people[0]?.texts("chat").length ?? 0;
  await until(() => (people[0]?.texts("chat").length ?? 0) >= before + 5, "lines after the death of control", 30_000);
  process.kill(pidOf(server, "media-1"), "SIGKILL");
  const later = people[0]?.texts("chat").length ?? 0;
  await until(
    () => people.every((person) => person.texts("chat").length >= later + 5),
    "lines after the death of a worker",
    30_000,
  );
  await sameForAll(people, await end());
  await until(() => people[0]?.signals.get("people ")?.count === 3, "three people");
});

test("of two control nodes the owner of the room dies: the other goes on, with the same numbers", async (t) => {
  const [nats, postgres] = [await startNats(t), await startPostgres(t)];
  const set = { "database.url": postgres.database() };
  const nodes = await Promise.all([startNode(t, nats, "a", "origin,control", set), startNode(t, nats, "b", "origin,control", set)]);
  const [a, b] = nodes as [Node, Node];
  await joined(nodes);
  const lesson = await done(a, "POST", "/lessons", { title: "Maths" });
  // The first to enter makes a's control process the owner.
  const people = [await enter(t, a, [a, b], lesson.code, "Anna"), await enter(t, b, [b], lesson.code, "Ben")];
  const end = writeLines(people);
  await until(() => people.every((person) => person.texts("chat").length >= 5), "the first lines at both nodes");
  const before = people[1]?.texts("chat").length ?? 0;
  const died = performance.now();
  await a.kill();
  await until(() => (people[1]?.texts("chat").length ?? 0) >= before + 5, "lines after the owner's death", 30_000);
  t.diagnostic(`lines again after ${Math.round(performance.now() - died)} ms`);
  await sameForAll(people, await end());
});
