/** Students who are picked at random: who can be, who is not again, and who may pick. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { RoomPerson } from "@lectern/room";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { pickDomain } from "./pick.ts";
import { joinLesson, joinWithAccount } from "./test-students.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");

/** @param random default: the first one of those who are left */
async function open(t: TestContext, random: (below: number) => number = () => 0) {
  const room = await TestRoom.open(database, [pickDomain(random) as Domain]);
  t.after(() => room.close());
  const join = async (name: string) => await joinLesson(database, room.lesson, name);
  const enter = (...people: readonly RoomPerson[]) => {
    room.people = new Set([...room.people, ...people.map(({ id }) => id)]);
  };
  const draw = async (): Promise<Readonly<Record<string, unknown>>> => {
    const result = await room.do(teacher, "pick", { action: "draw" });
    assert.ok("seq" in result, JSON.stringify(result));
    return result.body ?? {};
  };
  const names = async (count: number): Promise<unknown[]> => {
    const drawn: unknown[] = [];
    for (let i = 0; i < count; i++) drawn.push((await draw())["personName"]);
    return drawn;
  };
  return { room, join, enter, draw, names };
}

test("everybody who is here is picked once before anybody is picked again, and nobody twice in a row", async (t) => {
  // Pseudorandom, and the same in each run.
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const { room, join, enter, names } = await open(t, random);
  const people = [];
  for (const name of ["Anna", "Ben", "Cem", "Dora", "Emil"]) people.push(await join(name));
  enter(...people);
  const drawn = await names(15);
  for (let i = 0; i < 15; i += 5) assert.equal(new Set(drawn.slice(i, i + 5)).size, 5, drawn.join(" "));
  for (const [i, name] of drawn.entries()) assert.notEqual(name, drawn[i + 1], drawn.join(" "));
  const shown = (await room.retained()).get("pick");
  assert.deepEqual([shown?.to, shown?.body["personName"], shown?.from], ["all", drawn.at(-1), teacher]);
});

test("all see who it is, how many there were and how many are left; who comes later is among them", async (t) => {
  const { room, join, enter, draw } = await open(t);
  const anna = await joinWithAccount(database, room.lesson, "Anna");
  enter(anna);
  const first = { person: anna.id, personName: "Anna", personRole: "member", picked: 1, left: 0 };
  assert.deepEqual(await draw(), first);
  assert.deepEqual((await room.retained()).get("pick")?.body, first);
  const ben = await join("Ben");
  enter(ben);
  assert.deepEqual(await draw(), { person: ben.id, personName: "Ben", personRole: "guest", picked: 2, left: 0 });
});

test("staff, parents, people who wait, were removed, belong to another lesson or are not here are never picked", async (t) => {
  const { room, join, enter, draw } = await open(t);
  const { lesson } = room;
  const other = await TestRoom.open(database);
  t.after(() => other.close());
  await join("Not here");
  enter(
    await joinLesson(database, lesson, "Teacher", { role: "teacher" }),
    await joinLesson(database, lesson, "Assistant", { role: "assistant" }),
    await joinLesson(database, lesson, "Parent", { role: "supervisor" }),
    await joinLesson(database, lesson, "Waits", { isWaiting: true }),
    await joinLesson(database, lesson, "Removed", { isRemoved: true }),
    await joinLesson(database, other.lesson, "Of another lesson"),
    person("guest", "Unknown"),
  );
  assert.equal(await room.refusal(teacher, "pick", { action: "draw" }), "not-found");
  enter(await join("Anna"));
  for (let i = 0; i < 3; i++) assert.equal((await draw())["personName"], "Anna");
});

test("a reset hides the name, and all are drawn from again; a second one does nothing", async (t) => {
  const { room, join, enter, draw } = await open(t);
  enter(await join("Anna"), await join("Ben"));
  const first = await draw();
  await room.do(teacher, "pick", { action: "reset" });
  assert.equal((await room.retained()).has("pick"), false);
  const { length } = room.entries;
  await room.do(teacher, "pick", { action: "reset" });
  assert.equal(room.entries.length, length);
  assert.deepEqual(await draw(), first);
});

test("who was picked is known after a restart, and within a group of draws", async (t) => {
  const { room, join, enter, names } = await open(t);
  const people = [];
  for (const name of ["Anna", "Ben", "Cem", "Dora"]) people.push(await join(name));
  enter(...people);
  const first = await names(2);
  await room.restart();
  const rest = await Promise.all([names(1), names(1)]);
  assert.deepEqual(new Set([...first, ...rest.flat()]), new Set(["Anna", "Ben", "Cem", "Dora"]));
});

test("students and guests do not pick, and no action names whom to pick", async (t) => {
  const { room, join, enter } = await open(t);
  const anna = await join("Anna");
  enter(anna);
  for (const who of [anna, person("member"), person("watcher")])
    for (const action of ["draw", "reset"]) assert.equal(await room.refusal(who, "pick", { action }), "refused-by-rule");
  for (const body of [{ action: "draw", person: anna.id }, { action: "draw", count: 2 }, { action: "pick" }, {}])
    assert.equal(await room.refusal(teacher, "pick", body), "bad-request", JSON.stringify(body));
  assert.equal((await room.retained()).has("pick"), false);
});
