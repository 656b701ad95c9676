/** Joining at the same moment: one transaction for many, and each has the own answer. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Actor } from "../../access/actor.ts";
import { newId } from "../../platform/id.ts";
import { Changes } from "../foundation/store/change.ts";
import type { Lesson, School } from "../foundation/store/tables.ts";
import {
  actorOf,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  STRANGER,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import type { JoinRequest } from "./join.ts";
import { JoinGroups } from "./join-groups.ts";

let database: TestDatabase;
let school: School;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
});
after(() => database.close());

const GUEST: JoinRequest = { name: "Mei", token: null, hasCode: true };

/** Counts the transactions. */
function opened() {
  let transactions = 0;
  const changes = new Changes(database.db, () => {});
  const transact: Changes["transact"] = (requester, work) => {
    transactions++;
    return changes.transact(requester, work);
  };
  const groups = new JoinGroups({ db: database.db, changes: Object.assign(Object.create(changes), { transact }) });
  const join = (lesson: Lesson, request: Partial<JoinRequest> = {}, actor: Actor = STRANGER) =>
    groups.join(lesson, { actor, request: { ...GUEST, ...request } });
  return { join, transactions: () => transactions };
}

async function peopleIn({ id }: Lesson): Promise<readonly string[]> {
  const rows = await database.db.selectFrom("participants").select("name").where("lesson_id", "=", id).orderBy("name").execute();
  return rows.map(({ name }) => name);
}

test("a class that comes at once has two transactions; each guest is a participant with a token of the own", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const { join, transactions } = opened();
  const names = Array.from({ length: 40 }, (_, i) => `Guest ${String(i).padStart(2, "0")}`);
  const all = await Promise.all(names.map((name) => join(lesson, { name })));
  assert.deepEqual(
    all.map(({ participant }) => participant.name),
    names,
  );
  assert.deepEqual(await peopleIn(lesson), names);
  assert.equal(new Set(all.map(({ token }) => token)).size, names.length);
  assert.equal(transactions(), 2, "the first, and all who came meanwhile");
});

test("who is refused is refused alone, and a person who comes twice at once is one participant", async () => {
  const teacher = await insertUser(database.db, school.id, "teacher");
  const student = await insertUser(database.db, school.id, "student");
  const lesson = await insertLesson(database.db, school.id, { teacher_id: teacher.id, open_to_school: true });
  const { join } = opened();
  const [first, staff, noCode, one, same, last] = await Promise.allSettled([
    join(lesson),
    join(lesson, { name: "A  Teacher" }),
    join(lesson, { hasCode: false }),
    join(lesson, { name: null, hasCode: false }, actorOf(student)),
    join(lesson, { name: null, hasCode: false }, actorOf(student)),
    join(lesson, { name: "Zhao" }),
  ]);
  assert.deepEqual(
    [first, one, same, last].map((outcome) => outcome?.status),
    ["fulfilled", "fulfilled", "fulfilled", "fulfilled"],
  );
  for (const [refused, code] of [
    [staff, "bad-request"],
    [noCode, "guests-not-allowed"],
  ] as const)
    assert.equal(await refusalCode(refused?.status === "rejected" ? Promise.reject(refused.reason) : Promise.resolve()), code);
  assert.deepEqual(await peopleIn(lesson), ["A student", "Mei", "Zhao"]);
});

test("the places of a small lesson are counted within a group", async () => {
  const lesson = await insertLesson(database.db, school.id, { mode: "small", capacity: 3 });
  const { join } = opened();
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => join(lesson, { name: `Guest ${i}` })));
  assert.equal(all.filter(({ status }) => status === "fulfilled").length, 3);
});

test("one that fails does not take the others of its group along", async () => {
  const lesson = await insertLesson(database.db, school.id, { open_to_school: true });
  const student = await insertUser(database.db, school.id, "student");
  const { join, transactions } = opened();
  const gone = { ...actorOf(student), id: newId() };
  const [first, failing, last] = await Promise.allSettled([
    join(lesson),
    join(lesson, { name: null }, gone),
    join(lesson, { name: "Zhao" }),
  ]);
  assert.deepEqual([first?.status, failing?.status, last?.status], ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(await peopleIn(lesson), ["Mei", "Zhao"]);
  assert.equal(transactions(), 4, "the first, both others together, and each of them alone");
});
