/** Stars of students: given, taken back, counted, and by whom. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { starDomain } from "./star.ts";
import { joinLesson, joinWithAccount } from "./test-students.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");

async function open(t: TestContext) {
  const room = await TestRoom.open(database, [starDomain() as Domain]);
  t.after(() => room.close());
  const act = (body: Readonly<Record<string, unknown>>, who = teacher) => room.refusal(who, "star", body);
  const stars = async (id: string) => (await room.retained()).get(`star/${id}`)?.body;
  return { room, act, stars };
}

test("stars add up, several at once too, and one is taken back; below none there is nothing", async (t) => {
  const { room, act, stars } = await open(t);
  const anna = await joinWithAccount(database, room.lesson, "Anna");
  const about = { person: anna.id, personName: "Anna", personRole: "member" };
  await act({ action: "give", person: anna.id });
  assert.deepEqual(await stars(anna.id), { ...about, count: 1, given: 1 });
  await Promise.all([act({ action: "give", person: anna.id, count: 3 }), act({ action: "give", person: anna.id })]);
  assert.deepEqual(await stars(anna.id), { ...about, count: 5, given: 1 });
  await act({ action: "take", person: anna.id });
  assert.deepEqual(await stars(anna.id), { ...about, count: 4, given: -1 });
  const ben = await joinLesson(database, room.lesson, "Ben");
  assert.equal(await act({ action: "take", person: ben.id }), null);
  assert.equal(await stars(ben.id), undefined);
});

test("all are told, and the count is known after a restart", async (t) => {
  const { room, act, stars } = await open(t);
  const ben = await joinLesson(database, room.lesson, "Ben");
  await act({ action: "give", person: ben.id, count: 2 });
  await room.restart();
  await act({ action: "give", person: ben.id });
  assert.deepEqual(await stars(ben.id), { person: ben.id, personName: "Ben", personRole: "guest", count: 3, given: 1 });
  assert.deepEqual(
    room.entries.map(({ to, from }) => [to, from]),
    [
      ["all", teacher],
      ["all", teacher],
    ],
  );
});

test("a student has at most 999 of them", async (t) => {
  const { room, act, stars } = await open(t);
  const ben = await joinLesson(database, room.lesson, "Ben");
  const give = (count: number) => act({ action: "give", person: ben.id, count });
  await Promise.all(Array.from({ length: 199 }, () => give(5)));
  assert.equal(await give(4), null);
  assert.equal(await give(1), "conflict");
  assert.equal((await stars(ben.id))?.["count"], 999);
});

test("students give none, staff and strangers get none, and bad values give none", async (t) => {
  const { room, act, stars } = await open(t);
  const anna = await joinLesson(database, room.lesson, "Anna");
  for (const who of [anna, person("member"), person("watcher")])
    for (const action of ["give", "take"]) assert.equal(await act({ action, person: anna.id }, who), "refused-by-rule");
  const assistant = await joinLesson(database, room.lesson, "Assistant", { role: "assistant" });
  const removed = await joinLesson(database, room.lesson, "Removed", { isRemoved: true });
  for (const { id } of [assistant, removed, teacher, person("guest")])
    assert.equal(await act({ action: "give", person: id }), "not-found");
  for (const count of [0, -1, 6, 1.5, "1", null, Number.POSITIVE_INFINITY])
    assert.equal(await act({ action: "give", person: anna.id, count }), "bad-request", String(count));
  for (const body of [{ action: "give" }, { action: "give", person: "" }, { action: "take", person: anna.id, count: 1 }, {}])
    assert.equal(await act(body), "bad-request", JSON.stringify(body));
  assert.equal(await stars(anna.id), undefined);
});
