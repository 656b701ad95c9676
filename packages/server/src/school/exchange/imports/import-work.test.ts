/** Imports on a real database: they leave others their turn, continue after an interruption, and add nothing twice. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { Changes } from "../../foundation/store/change.ts";
import { type Requester, SYSTEM } from "../../foundation/store/requester.ts";
import type { School } from "../../foundation/store/tables.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { BackgroundWork } from "../../foundation/work/background-work.ts";
import type { ImportKind } from "./import-plan.ts";
import { decryptSource, encryptSource } from "./import-source.ts";
import { addImport, IMPORTS, importWork } from "./import-work.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

/** Imports of one process. */
function openService(secret = "secret", changes = new Changes(database.db, () => {})) {
  const options = { db: database.db, changes, secret: () => secret };
  const work = new BackgroundWork({ log: silentLog, isLeader: () => true });
  work.add(importWork(options));
  work.start();
  const add = async (requester: Requester, school: School, kind: ImportKind, text: string) => {
    const id = await addImport(options, requester, school, kind, text);
    work.wake(IMPORTS);
    return id;
  };
  return { add, close: () => work.close() };
}

function timetable(lessons: number, title = "Lesson"): string {
  const rows = Array.from({ length: lessons }, (_, i) => {
    const day = new Date(Date.UTC(2027, 0, 1) + Math.floor(i / 10) * 86_400_000).toISOString().slice(0, 10);
    return `${day},${8 + (i % 10)}:00,${8 + (i % 10)}:45,${title} ${i}`;
  });
  return `date,start,end,title\n${rows.join("\n")}\n`;
}

function readImport(id: string) {
  return database.db.selectFrom("imports").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

async function ended(id: string) {
  for (;;) {
    const row = await readImport(id);
    if (row.state !== "running") return row;
  }
}

async function importFile(service: ReturnType<typeof openService>, school: School, text: string, kind: ImportKind = "timetable") {
  return await ended(await service.add(SYSTEM, school, kind, text));
}

async function countLessons(school: School): Promise<number> {
  const { count } = await database.db
    .selectFrom("lessons")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("school_id", "=", school.id)
    .executeTakeFirstOrThrow();
  return Number(count);
}

test("other queries are answered all the time while 200 lessons are imported", async (t) => {
  const service = openService();
  t.after(() => service.close());
  const school = await insertSchool(database.db);
  const id = await service.add(SYSTEM, school, "timetable", timetable(200));
  const seen = new Set<number>();
  let answered = 0;
  for (let state = "running"; state === "running"; answered++) {
    await sql`select 1`.execute(database.db);
    const row = await readImport(id);
    state = row.state;
    seen.add(row.rows_done);
  }
  assert.equal(await countLessons(school), 200);
  assert.ok(answered >= 40, `${answered} answers`);
  assert.ok(seen.size >= 20, `progress was seen at ${seen.size} places`);
});

test("the same timetable twice makes no second lessons, not even when both are imported at the same time", async (t) => {
  const [one, other] = [openService(), openService()];
  t.after(() => Promise.all([one.close(), other.close()]));
  const school = await insertSchool(database.db);
  const first = await importFile(one, school, timetable(60));
  assert.deepEqual([first.state, first.rows_done, first.rows_added, first.source], ["done", 60, 60, null]);
  const [again, more] = await Promise.all([importFile(one, school, timetable(60)), importFile(other, school, timetable(80))]);
  assert.deepEqual([again.rows_added, more.rows_added], [0, 20]);
  const inOneFile = await importFile(one, school, timetable(1, "Twice") + timetable(1, "Twice").split("\n")[1]);
  assert.deepEqual([inOneFile.rows_done, inOneFile.rows_added], [2, 1]);
  assert.equal(await countLessons(school), 81);
});

test("an import that ends in the middle continues after its last saved row, in another process", async () => {
  const school = await insertSchool(database.db);
  const changes = new Changes(database.db, () => {});
  const first = openService("secret", changes);
  let transactions = 0;
  const transact = changes.transact.bind(changes);
  changes.transact = async (...args) => {
    // The process dies while it writes the fourth set of rows.
    if (++transactions === 5) {
      void first.close();
      throw new Error("killed");
    }
    return await transact(...args);
  };
  const id = await first.add(SYSTEM, school, "timetable", timetable(40));
  while (transactions < 5) await readImport(id);
  await first.close();
  const interrupted = await readImport(id);
  assert.deepEqual([interrupted.state, interrupted.rows_done, interrupted.rows_added], ["running", 15, 15]);
  assert.equal(await countLessons(school), 15);
  const second = openService();
  const done = await ended(id);
  await second.close();
  assert.deepEqual([done.state, done.rows_done, done.rows_added], ["done", 40, 40]);
  assert.equal(await countLessons(school), 40);
});

test("an import whose file cannot be opened any more says so, and what to do", async () => {
  const school = await insertSchool(database.db);
  const closed = openService();
  await closed.close();
  const id = await closed.add(SYSTEM, school, "timetable", timetable(5));
  const service = openService("another secret");
  const row = await ended(id);
  await service.close();
  assert.equal(row.state, "failed");
  assert.match(row.errors[0]?.message ?? "", /Send the file again/);
});

test("a school's large import does not hold up another school's small one", async (t) => {
  const service = openService();
  t.after(() => service.close());
  const [large, small] = [await insertSchool(database.db), await insertSchool(database.db)];
  const largeId = await service.add(SYSTEM, large, "timetable", timetable(1000));
  while ((await readImport(largeId)).rows_done === 0);
  assert.equal((await importFile(service, small, timetable(10))).state, "done");
  assert.equal((await readImport(largeId)).state, "running");
});

test("someone who was created in the meantime is reported with the line; earlier rows stay", async (t) => {
  const { db } = database;
  const changes = new Changes(db, () => {});
  const service = openService("secret", changes);
  t.after(() => service.close());
  const school = await insertSchool(db);
  const lines = Array.from({ length: 60 }, (_, i) => `p${i},Person ${i}`);
  const transact = changes.transact.bind(changes);
  changes.transact = async (...args) => {
    const answer = await transact(...args);
    const row = {
      id: `x${school.id.slice(1)}`,
      school_id: school.id,
      login: "p40",
      name: "Another",
      email: null,
      role: "student" as const,
    };
    await db
      .insertInto("users")
      .values({ ...row, password_hash: null, calendar_secret: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return answer;
  };
  const id = await service.add(SYSTEM, school, "people", `login,name\n${lines.join("\n")}\n`);
  const row = await ended(id);
  assert.deepEqual([row.state, row.errors.map(({ line, column }) => `${line} ${column}`)], ["failed", ["42 login"]]);
});

test("a stored file opens with the same secret and id only", async () => {
  const encrypted = await encryptSource("id", "login,name\na,密码\n", "secret");
  assert.equal(await decryptSource("id", encrypted, "secret"), "login,name\na,密码\n");
  assert.equal(await decryptSource("id", encrypted, "other"), null);
  assert.equal(await decryptSource("id2", encrypted, "secret"), null);
  assert.equal(await decryptSource("id", `${encrypted.slice(0, -6)}AAAA==`, "secret"), null);
  assert.equal(await decryptSource("id", "", "secret"), null);
});
