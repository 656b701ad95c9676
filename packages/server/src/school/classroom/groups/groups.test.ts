/** Groups of a lesson: how people are divided, who may do what, who gets what, and that a process that opens the room knows them. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { MAX_GROUP_SIZE, type RoomEntry, type RoomPerson } from "@lectern/room";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { readEntries } from "../room-reading.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { joinLesson, joinWithAccount } from "../tools/test-students.ts";
import { groupDomain } from "./group-domain.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");
type Body = { readonly division: string; readonly group: number; readonly people: { person: string; name: string }[] };
type Placed = { readonly person: string };

/** @param count of students who are here, P0, P1 and so on. Each draw takes the first one who is left. */
async function open(t: TestContext, count = 0, fields: Parameters<typeof TestRoom.open>[2] = {}) {
  const clock = new ManualClock();
  const room = await TestRoom.open(database, [groupDomain(() => 0, clock) as Domain], fields);
  t.after(() => room.close());
  const people: RoomPerson[] = [];
  for (let i = 0; i < count; i++) people.push(await joinLesson(database, room.lesson, `P${i}`));
  room.people = new Set(people.map(({ id }) => id));
  const act = (who: RoomPerson, action: string, more: object = {}) => room.refusal(who, "group", { action, ...more });
  const divide = (how: string, number?: number) => act(teacher, "divide", { how, ...(number === undefined ? {} : { number }) });
  const bodies = async (): Promise<Body[]> => {
    const retained = await room.retained();
    const division = retained.get("groups")?.body["division"];
    const entries = [...retained.values()].filter(({ key, body }) => key?.startsWith("group/") && body["division"] === division);
    return entries.map(({ body }) => body as unknown as Body).sort((a, b) => a.group - b.group);
  };
  const names = async () => (await bodies()).map((one) => one.people.map(({ name }) => name));
  const groupOf = async ({ id }: Pick<RoomPerson, "id">) =>
    (await bodies()).find((one) => one.people.some(({ person: other }) => other === id))?.group ?? null;
  const shared = async () => (await room.retained()).get("groups")?.body;
  return { room, clock, people, act, divide, names, groupOf, shared };
}

/** As the follower delivers it. */
function sees(entry: RoomEntry, { id, role }: RoomPerson): boolean {
  if (role === "staff" || entry.to === "all" || entry.from?.id === id) return true;
  if (entry.to === "staff") return false;
  return "members" in entry.to ? entry.to.members.includes(id) : entry.to.participant === id;
}

test("those who are here are divided by number and by size, as evenly as it goes", async (t) => {
  const { divide, names, shared } = await open(t, 7);
  assert.equal(await divide("number", 3), null);
  assert.deepEqual(await names(), [
    ["P0", "P3", "P6"],
    ["P1", "P4"],
    ["P2", "P5"],
  ]);
  assert.equal(await divide("size", 2), null);
  assert.deepEqual(
    (await names()).map((one) => one.length),
    [2, 2, 2, 1],
  );
  assert.deepEqual((await shared())?.["sizes"], [2, 2, 2, 1]);
});

test("no group is larger than sixteen, and there are no more than a hundred", async (t) => {
  const { divide, shared } = await open(t, MAX_GROUP_SIZE + 1);
  assert.equal(await divide("number", 1), "full");
  assert.equal(await divide("size", MAX_GROUP_SIZE + 1), "full");
  for (const [how, number] of [
    ["number", undefined],
    ["number", 101],
    ["size", 0],
    ["thirds", 2],
  ] as const)
    assert.equal(await divide(how, number), "bad-request");
  assert.equal(await shared(), undefined);
});

test("a hundred groups of sixteen fit into the room, and are the same after a restart", async (t) => {
  const { room, divide, names } = await open(t);
  const rows = Array.from({ length: 1600 }, (_, i) => ({
    id: newId(),
    lesson_id: room.lesson.id,
    user_id: null,
    name: `Q${i}`,
    role: "guest" as const,
    by_code: true,
    seen_at: new Date(),
    joined_at: new Date(),
  }));
  await database.db.insertInto("participants").values(rows).execute();
  room.people = new Set(rows.map(({ id }) => id));
  assert.equal(await divide("size", 16), null);
  const before = await names();
  assert.deepEqual([before.length, ...new Set(before.map((one) => one.length))], [100, 16]);
  await room.restart();
  assert.deepEqual(await names(), before);
});

test("who comes late lands in the smallest group, who returns in the own one, and nobody but students in any", async (t) => {
  const { room, people, act, divide, groupOf } = await open(t, 5);
  await divide("number", 2);
  const late = await joinLesson(database, room.lesson, "Late");
  assert.equal(await act(late, "join"), null);
  assert.equal(await groupOf(late), 2);
  const before = await groupOf(people[0]!);
  await room.restart();
  assert.equal(await act(people[0]!, "join"), null);
  assert.equal(await groupOf(people[0]!), before);
  const removed = await joinLesson(database, room.lesson, "Removed", { isRemoved: true });
  for (const who of [teacher, person("watcher"), person("guest"), removed]) assert.equal(await act(who, "join"), "refused-by-rule");
});

test("students choose where they may, until a group is full; elsewhere they may not", async (t) => {
  const { people, act, divide, groupOf, shared } = await open(t, MAX_GROUP_SIZE + 1);
  await divide("choice", 2);
  for (const one of people.slice(0, MAX_GROUP_SIZE)) assert.equal(await act(one, "choose", { group: 2 }), null);
  const last = people[MAX_GROUP_SIZE]!;
  assert.equal(await act(last, "choose", { group: 2 }), "full");
  assert.equal(await act(last, "choose", { group: 3 }), "not-found");
  assert.equal(await act(last, "join"), "conflict");
  assert.equal(await act(people[0]!, "choose", { group: 1 }), null);
  assert.equal(await act(last, "choose", { group: 2 }), null);
  assert.deepEqual([await groupOf(people[0]!), await groupOf(last), (await shared())?.["sizes"]], [1, 2, [1, 16]]);
  await divide("empty", 2);
  for (const action of ["join", "choose"]) assert.notEqual(await act(last, action, action === "join" ? {} : { group: 1 }), null);
  assert.equal(await groupOf(last), null);
});

test("staff move people, all of those that are named or none, and the people of both groups hear of it", async (t) => {
  const { room, people, act, divide, groupOf } = await open(t, 4);
  await divide("number", 2);
  const [anna, ben] = [people[0]!, people[1]!];
  room.entries.length = 0;
  assert.equal(await act(teacher, "move", { people: [anna.id], group: 2 }), null);
  assert.equal(await groupOf(anna), 2);
  const told = room.entries.filter(({ key }) => key?.startsWith("group/"));
  assert.deepEqual(told.map((entry) => [entry.key, sees(entry, anna), sees(entry, ben)]).sort(), [
    ["group/1", true, false],
    ["group/2", true, true],
  ]);
  assert.equal(await act(teacher, "move", { people: [anna.id, newId()], group: 1 }), "not-found");
  assert.equal(await act(teacher, "move", { people: [anna.id], group: 3 }), "not-found");
  assert.equal(await groupOf(anna), 2);
});

test("what staff do, others may not, and nobody acts in groups that are not there", async (t) => {
  const { people, act, divide, shared, groupOf } = await open(t, 2);
  const [anna, ben] = [people[0]!, people[1]!];
  const acts = [
    ["move", { people: [ben.id], group: 1 }],
    ["visit", { group: 1 }],
    ["lower", { group: 1 }],
    ["notice", {}],
    ["call", {}],
    ["join", {}],
  ] as const;
  for (const [action, more] of acts) assert.equal(await act(teacher, action, more), "not-found", action);
  await divide("number", 2);
  const before = await shared();
  const forged = [...acts.slice(0, 4), ["divide", { how: "number", number: 1 }], ["end", {}]] as const;
  for (const who of [anna, person("watcher"), person("guest")])
    for (const [action, more] of forged) assert.equal(await act(who, action, more), "refused-by-rule", action);
  assert.equal(await act(anna, "choose", { group: 2 }), "refused-by-rule");
  assert.equal(await act(person("guest"), "call"), "not-found");
  assert.deepEqual([await shared(), await groupOf(ben)], [before, 2]);
});

test("a group calls once, keeps its place, and a visit answers it", async (t) => {
  const { room, people, act, divide } = await open(t, 2);
  await divide("number", 1);
  const [anna, ben] = [people[0]!, people[1]!];
  assert.equal(await act(anna, "call"), null);
  const since = room.now;
  room.now += 5000;
  assert.equal(await act(ben, "call"), null);
  const group = async () =>
    (await room.retained()).get("group/1")?.body as unknown as {
      call: { person: string; since: number } | null;
      visitors: Placed[];
    };
  assert.deepEqual((await group()).call, { person: anna.id, name: "P0", since });
  await room.restart();
  assert.equal(await act(teacher, "visit", { group: 1 }), null);
  assert.deepEqual([(await group()).call, (await group()).visitors.map((one) => one.person)], [null, [teacher.id]]);
  assert.equal(await act(teacher, "visit"), null);
  assert.deepEqual((await group()).visitors, []);
  assert.equal(await act(ben, "call"), null);
  assert.equal(await act(anna, "lower"), null);
  assert.equal((await group()).call, null);
});

test("a notice brings everybody back at its time, also by a process that has opened the room since, and never ends other groups", async (t) => {
  const { room, clock, act, divide, shared } = await open(t, 2);
  room.now = clock.utc();
  await divide("number", 1);
  const first = await shared();
  assert.equal(await act(teacher, "notice"), null);
  assert.equal((await shared())?.["endsAt"], room.now + 60_000);
  await room.restart();
  await divide("number", 2);
  await clock.advance(61_000);
  await room.retained();
  assert.notEqual((await shared())?.["division"], first?.["division"]);
  room.now = clock.utc();
  assert.equal(await act(teacher, "notice", { seconds: 10 }), null);
  await room.restart();
  await clock.advance(9000);
  assert.notEqual(await shared(), undefined);
  await clock.advance(2000);
  const ended = await untilGone(shared);
  assert.ok(ended);
  assert.equal(await act(teacher, "end"), null);
});

test("groups are kept from last time: in the same lesson by participant, in the next one of the course by account", async (t) => {
  const { room, people, act, divide, names, groupOf } = await open(t, 3);
  await divide("number", 3);
  await act(teacher, "move", { people: [people[2]!.id], group: 1 });
  await act(teacher, "end");
  room.people = new Set([people[0]!.id]);
  assert.equal(await divide("kept"), null);
  assert.deepEqual(await names(), [["P0", "P2"], ["P1"], []]);
  assert.equal(await groupOf(people[1]!), 2);
});

test("in the next lesson of a course people are where they were, and who comes late is, too", async (t) => {
  const course = newId();
  const first = await open(t);
  const { school_id: school } = first.room.lesson;
  await database.db
    .insertInto("courses")
    .values({ id: course, school_id: school, name: "Course", description: "", external_id: null })
    .execute();
  await database.db
    .updateTable("lessons")
    .set({ course_id: course, started_at: new Date(1000) })
    .where("id", "=", first.room.lesson.id)
    .execute();
  const anna = await joinWithAccount(database, first.room.lesson, "Anna");
  const ben = await joinWithAccount(database, first.room.lesson, "Ben");
  first.room.people = new Set([anna.id, ben.id]);
  await first.divide("number", 2);
  assert.deepEqual(await first.names(), [["Anna"], ["Ben"]]);
  // The same course, another lesson and other participants.
  const next = await open(t, 0, { course_id: course });
  await database.db.updateTable("lessons").set({ school_id: school }).where("id", "=", next.room.lesson.id).execute();
  const account = async ({ id }: RoomPerson) =>
    (await database.db.selectFrom("participants").select("user_id").where("id", "=", id).executeTakeFirstOrThrow()).user_id;
  const again = await joinLesson(database, next.room.lesson, "Ben", { role: "student", accountId: await account(ben) });
  next.room.people = new Set([again.id]);
  assert.equal(await next.divide("kept"), null);
  assert.deepEqual(await next.names(), [[], ["Ben"]]);
  const late = await joinLesson(database, next.room.lesson, "Anna", { role: "student", accountId: await account(anna) });
  assert.equal(await next.act(late, "join"), null);
  assert.deepEqual(await next.names(), [["Anna"], ["Ben"]]);
  const other = await open(t);
  assert.equal(await other.divide("kept"), "not-found");
});

test("what a group says, its people and staff get, and nobody else by any way out", async (t) => {
  const { room, people, act, divide } = await open(t, 4);
  const [anna, ben, cem] = [people[0]!, people[1]!, people[2]!];
  assert.equal(await room.refusal(anna, "chat", { text: "too soon", to: "group" }), "not-found");
  await divide("number", 2);
  const ref = await room.ref(anna, "chat", { text: "Just us", to: "group" });
  const line = (await room.retained()).get(`group-chat/${ref}`);
  assert.ok(line);
  assert.deepEqual(
    [anna, cem, teacher, ben, person("watcher")].map((who) => sees(line, who)),
    [true, true, true, false, false],
  );
  // Older lines and the export are read from the database.
  const read = async (who: RoomPerson | null) => {
    const reader = { lesson: room.lesson, isStaff: who === null, participant: who };
    return (await readEntries(database.db, reader as never, { kind: "group-chat", limit: 100 })).rows.length;
  };
  assert.deepEqual([await read(anna), await read(cem), await read(ben), await read(null)], [1, 1, 0, 1]);
  // Who is moved into the group afterwards does not read what was said before, and who is moved out nothing later.
  await act(teacher, "move", { people: [ben.id], group: 1 });
  await act(teacher, "move", { people: [cem.id], group: 2 });
  await room.ref(anna, "chat", { text: "Hello Ben", to: "group" });
  assert.deepEqual([await read(ben), await read(cem), await read(anna)], [1, 1, 2]);
  await room.restart();
  const restored = (await room.retained()).get(`group-chat/${ref}`);
  assert.deepEqual(restored?.to, line.to);
});

test("nobody writes into a foreign group or answers its lines; staff write into one or all", async (t) => {
  const { room, people, divide } = await open(t, 2);
  const [anna, ben] = [people[0]!, people[1]!];
  await divide("number", 2);
  const ref = await room.ref(anna, "chat", { text: "Secret", to: "group" });
  for (const group of [1, 2]) assert.equal(await room.refusal(ben, "chat", { text: "x", to: "group", group }), "refused-by-rule");
  assert.equal(await room.refusal(ben, "chat", { text: "x", to: "group", replyTo: ref }), "not-found");
  assert.equal(await room.refusal(ben, "chat", { text: "x", replyTo: ref }), "not-found");
  assert.equal(await room.refusal(ben, "chat", { text: "x", group: 1 }), "bad-request");
  assert.equal(await room.refusal(person("guest"), "chat", { text: "x", to: "group" }), "not-found");
  const lines = async (text: string) =>
    room.entries.filter(({ body }) => body["text"] === text).map((entry) => [anna, ben].map((who) => sees(entry, who)));
  await room.ref(teacher, "chat", { text: "To two", to: "group", group: 2 });
  await room.ref(teacher, "chat", { text: "To all groups", to: "group" });
  assert.deepEqual([await lines("To two"), await lines("To all groups")], [[[false, true]], [[true, true]]]);
  assert.equal(await room.refusal(teacher, "chat", { text: "x", to: "group", group: 3 }), "not-found");
});

test("words are checked in groups, and a chat that is off is off there", async (t) => {
  const { room, people, divide } = await open(t, 2);
  const anna = people[0]!;
  await divide("number", 1);
  assert.equal(await room.refusal(anna, "chat", { text: "hate", to: "group" }), "refused-words");
  const ref = await room.ref(anna, "chat", { text: "damn", to: "group" });
  assert.equal((await room.retained()).get(`group-chat/${ref}`)?.body["text"], "****");
  await room.do(teacher, "settings", { chat: "staff" });
  assert.equal(await room.refusal(anna, "chat", { text: "still here", to: "group" }), null);
  await room.do(teacher, "settings", { chat: "off" });
  assert.equal(await room.refusal(anna, "chat", { text: "x", to: "group" }), "switched-off");
});

/** The end is an action of the server's own: it is done a moment after its time. */
async function untilGone(read: () => Promise<unknown>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if ((await read()) === undefined) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
