/** The order in which students speak: drawn once, gone through, and never set by students. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { MAX_ORDERED } from "@lectern/room";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { orderDomain } from "./order.ts";
import { joinLesson } from "./test-students.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");

/** @param random default: the last one of those who are left */
async function open(t: TestContext, names: readonly string[], random = (below: number) => below - 1) {
  const room = await TestRoom.open(database, [orderDomain(random) as Domain]);
  t.after(() => room.close());
  const people = [];
  for (const name of names) people.push(await joinLesson(database, room.lesson, name));
  room.people = new Set(people.map(({ id }) => id));
  const act = (action: string, who = teacher) => room.refusal(who, "order", { action });
  const order = async () => (await room.retained()).get("order")?.body as { people: { name: string }[]; place: number } | undefined;
  return { room, people, act, order };
}

test("everybody who is here gets a place once, and staff go from one to the next until the end", async (t) => {
  const { act, order } = await open(t, ["Anna", "Ben", "Cem"]);
  await act("draw");
  const drawn = await order();
  assert.deepEqual([drawn?.people.map(({ name }) => name).sort(), drawn?.place], [["Anna", "Ben", "Cem"], 0]);
  assert.notDeepEqual(
    drawn?.people.map(({ name }) => name),
    ["Anna", "Ben", "Cem"],
  );
  await act("next");
  assert.deepEqual([(await order())?.place, (await order())?.people], [1, drawn?.people]);
  await act("next");
  await act("next");
  assert.equal(await order(), undefined);
});

test("who has left is passed over, and the order is the same after a restart", async (t) => {
  const { room, people, act, order } = await open(t, ["Anna", "Ben", "Cem"], () => 0);
  await act("draw");
  room.people = new Set([people[0]?.id ?? "", people[2]?.id ?? ""]);
  await room.restart();
  await act("next");
  const { people: ordered = [], place = 0 } = (await order()) ?? {};
  assert.equal(ordered[place]?.name, "Cem");
});

test("of a large class forty get a place", async (t) => {
  const { act, order } = await open(
    t,
    Array.from({ length: MAX_ORDERED + 5 }, (_, i) => `P${i}`),
  );
  await act("draw");
  assert.equal(new Set((await order())?.people.map(({ name }) => name)).size, MAX_ORDERED);
});

test("students set no order, and there is none to draw from an empty class or to go through before it was drawn", async (t) => {
  const { room, people, act, order } = await open(t, ["Anna"]);
  for (const action of ["draw", "next", "end"]) {
    assert.equal(await act(action, people[0]), "refused-by-rule");
    assert.equal(await act(action, person("watcher")), "refused-by-rule");
  }
  assert.equal(await act("next"), "not-found");
  assert.equal(await act("shuffle"), "bad-request");
  assert.equal(await room.refusal(teacher, "order", { action: "draw", people: [] }), "bad-request");
  room.people = new Set();
  assert.equal(await act("draw"), "not-found");
  assert.equal(await order(), undefined);
});
