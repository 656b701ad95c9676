/** Names that strangers choose, and by which ways they may come to a lesson. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Actor } from "../../access/actor.ts";
import { newId } from "../../platform/id.ts";
import { hashSecret } from "../../platform/secrets.ts";
import type { Lesson, School } from "../foundation/store/tables.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../foundation/store/test-database.ts";
import { chosenName } from "./chosen-name.ts";

const NOBODY: Actor = { kind: "nobody", id: null, name: "", role: null, schoolId: null, scopes: null, ip: "10.0.0.1" };
const TOKEN = "token of a guest";

let database: TestDatabase;
let school: School;
let other: School;
let lesson: Lesson;

before(async () => {
  database = await openTestDatabase();
  [school, other] = [await insertSchool(database.db), await insertSchool(database.db)];
  lesson = await insertLesson(database.db, school.id, { guests: true });
  const guest = { id: newId(), lesson_id: lesson.id, user_id: null, name: "Mei", role: "guest" as const, by_code: true };
  const times = { seen_at: new Date(), joined_at: new Date() };
  await database.db
    .insertInto("participants")
    .values({ ...guest, ...times, token_hash: hashSecret(TOKEN) })
    .execute();
});
after(() => database.close());

const chosen = (actor: Actor, token: string | null = null, of = lesson) =>
  chosenName(database.db, actor, of, { name: "Mei", token, hasCode: true });
const actorOf = (kind: Actor["kind"], { id }: School): Actor => ({ ...NOBODY, kind, id: newId(), role: "student", schoolId: id });

test("a name is the own choice of a guest without a token, with one of nobody's, and of people and keys of another school", async () => {
  assert.equal(await chosen(NOBODY), "Mei");
  assert.equal(await chosen(NOBODY, "a token that nobody has"), "Mei");
  assert.equal(await chosen(actorOf("user", other)), "Mei");
  assert.equal(await chosen(actorOf("key", other)), "Mei");
  const elsewhere = await insertLesson(database.db, school.id, { guests: true });
  assert.equal(await chosen(NOBODY, TOKEN, elsewhere), "Mei", "a token is of one lesson");
});

test("it is not that of a guest who is back, of the school's own people and keys, nor where guests are not let in", async () => {
  assert.equal(await chosen(NOBODY, TOKEN), null);
  assert.equal(await chosen(actorOf("user", school)), null);
  assert.equal(await chosen(actorOf("key", school)), null);
  assert.equal(await chosen(NOBODY, null, await insertLesson(database.db, school.id, { guests: false })), null);
});
