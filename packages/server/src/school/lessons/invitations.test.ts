/** Invitations: polled by every class page, answered from memory, and never older than a change. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KyselyPlugin } from "kysely";
import type { NoticeListener } from "../../platform/store/notices.ts";
import type { Store } from "../../platform/store/store.ts";
import { Changes } from "../foundation/store/change.ts";
import type { School, Tables, User } from "../foundation/store/tables.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  STRANGER,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { Invitations } from "./invitations.ts";

let database: TestDatabase;
let school: School;
let teacher: User;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
  teacher = await insertUser(database.db, school.id, "teacher");
});
after(() => database.close());

/** The store, and how many statements its reader has sent. */
function counted(store: Store<Tables>): { readonly store: Store<Tables>; readonly count: () => number } {
  let count = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { store: { ...store, db: store.db.withPlugin(plugin) }, count: () => count };
}

/** Asks until the answer is kept: the first reader begins to listen. */
async function warm(invitations: Invitations, code: string): Promise<void> {
  await invitations.find(code);
  // LISTEN waits for the connection like any statement.
  await database.store.db.selectFrom("schools").select("id").execute();
  await invitations.find(code);
}

test("2000 pages that poll one lesson cost the database no query, and a change costs one", async (t) => {
  const { store, count } = counted(database.store);
  const invitations = new Invitations(store);
  t.after(() => invitations.close());
  const lesson = await insertLesson(database.db, school.id, { teacher_id: teacher.id });
  await warm(invitations, lesson.code);
  const begin = count();
  for (let i = 0; i < 2000; i++) assert.equal((await invitations.find(lesson.code))?.title, "Fractions");
  assert.equal(count(), begin);
  await database.db.updateTable("lessons").set({ state: "live" }).where("id", "=", lesson.id).execute();
  const answers = await Promise.all(Array.from({ length: 2000 }, () => invitations.find(lesson.code)));
  assert.deepEqual(new Set(answers.map((answer) => answer?.state)), new Set(["live"]));
  assert.equal(count(), begin + 1);
});

test("everything that an invitation shows is new at once, also when somebody else writes it into the database", async (t) => {
  const invitations = new Invitations(database.store);
  t.after(() => invitations.close());
  const lesson = await insertLesson(database.db, school.id, { teacher_id: teacher.id });
  await warm(invitations, lesson.code);
  const { db } = database;
  const [ofLesson, ofSchool] = [
    db.updateTable("lessons").where("id", "=", lesson.id),
    db.updateTable("schools").where("id", "=", school.id),
  ];
  const time = new Date("2030-01-01T08:00:00Z");
  await ofLesson
    .set({ title: "Algebra", starts_at: time, ends_at: time, started_at: time, guests: false, state: "ended" })
    .execute();
  await ofSchool.set({ name: "New school", guest_consent: "I agree", accent: "#1d4ed8" }).execute();
  await db.updateTable("users").set({ name: "Ms Li" }).where("id", "=", teacher.id).execute();
  assert.deepEqual(await invitations.find(lesson.code), {
    lessonId: lesson.id,
    title: "Algebra",
    school: "New school",
    teacher: "Ms Li",
    state: "ended",
    startsAt: time,
    endsAt: time,
    startedAt: time,
    publisherLeftAt: null,
    guests: false,
    guestConsent: "I agree",
    accent: "#1d4ed8",
    logo: null,
    schoolId: school.id,
    teacherId: teacher.id,
  });
  await ofLesson.set({ publisher_left_at: time }).execute();
  assert.deepEqual((await invitations.find(lesson.code))?.publisherLeftAt, time);
  await ofLesson.set({ teacher_id: null }).execute();
  assert.equal((await invitations.find(lesson.code))?.teacher, null);
  await ofLesson.set({ deleted_at: time }).execute();
  assert.equal(await invitations.find(lesson.code), null);
  await ofLesson.set({ deleted_at: null }).execute();
  assert.ok(await invitations.find(lesson.code));
  await ofSchool.set({ archived_at: time }).execute();
  assert.equal(await invitations.find(lesson.code), null);
  await ofSchool.set({ archived_at: null }).execute();
  await ofLesson.set({ code: "newcode2" }).execute();
  assert.equal(await invitations.find(lesson.code), null);
  assert.ok(await invitations.find("newcode2"));
  await db.deleteFrom("lessons").where("id", "=", lesson.id).execute();
  assert.equal(await invitations.find("newcode2"), null);
});

test("what is read while a change is committed is not kept, and a change that is rolled back changes nothing", async (t) => {
  const invitations = new Invitations(database.store);
  t.after(() => invitations.close());
  const lesson = await insertLesson(database.db, school.id);
  await warm(invitations, lesson.code);
  for (let i = 0; i < 50; i++) {
    const title = `Title ${i}`;
    const set = database.db.updateTable("lessons").set({ title }).where("id", "=", lesson.id).execute();
    const reads = Array.from({ length: 3 }, () => invitations.find(lesson.code));
    await set;
    assert.equal((await invitations.find(lesson.code))?.title, title);
    await Promise.all(reads);
    assert.equal((await invitations.find(lesson.code))?.title, title);
  }
  const changes = new Changes(
    database.db,
    () => {},
    (entries) => invitations.committed(entries),
  );
  const failed = changes.transact({ actor: STRANGER }, async ({ trx }) => {
    await trx.updateTable("lessons").set({ title: "Never" }).where("id", "=", lesson.id).execute();
    throw new Error("no");
  });
  await assert.rejects(failed, /no/);
  assert.equal((await invitations.find(lesson.code))?.title, "Title 49");
});

test("while notices may be missed, each answer comes from the database; so does the first one after", async () => {
  const { store, count } = counted(database.store);
  let listener: NoticeListener | null = null as NoticeListener | null;
  const listen: Store<Tables>["listen"] = (_channel, given) => {
    listener = given;
    return { close: async () => {} };
  };
  const invitations = new Invitations({ ...store, listen });
  const { code, id } = await insertLesson(database.db, school.id);
  const rename = (title: string) => database.db.updateTable("lessons").set({ title }).where("id", "=", id).execute();
  await invitations.find(code);
  await invitations.find(code);
  assert.equal(count(), 2);
  listener?.onState(true);
  await invitations.find(code);
  await rename("Not told");
  assert.equal((await invitations.find(code))?.title, "Fractions");
  assert.equal(count(), 3);
  listener?.onState(false);
  assert.equal((await invitations.find(code))?.title, "Not told");
  await rename("Lost");
  assert.equal((await invitations.find(code))?.title, "Lost");
  listener?.onState(true);
  await invitations.find(code);
  const begin = count();
  listener?.onNotice(id);
  await invitations.find(code);
  assert.equal(count(), begin + 1);
});

test("one database connection listens, and a transaction that is rolled back meanwhile does not end it", async (t) => {
  const { store, count } = counted(database.store);
  const invitations = new Invitations(store);
  t.after(() => invitations.close());
  const lesson = await insertLesson(database.db, school.id);
  const failed = database.db.transaction().execute(async (trx) => {
    void invitations.find(lesson.code);
    await trx.updateTable("lessons").set({ title: "Never" }).where("id", "=", lesson.id).execute();
    throw new Error("no");
  });
  await assert.rejects(failed, /no/);
  await warm(invitations, lesson.code);
  const begin = count();
  await invitations.find(lesson.code);
  assert.equal(count(), begin);
  await database.db.updateTable("lessons").set({ title: "Told" }).where("id", "=", lesson.id).execute();
  assert.equal((await invitations.find(lesson.code))?.title, "Told");
});
