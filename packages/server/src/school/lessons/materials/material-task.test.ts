/** Materials that wait for their conversion, and what a lesson shows of one whose pages are being made. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import type { MaterialStore } from "./material-store.ts";
import { beginWaiting } from "./material-task.ts";
import { findSlides, openedMaterial, openMaterial } from "./slides.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function insertMaterial(schoolId: string, ownerId: string | null, fields: object) {
  return await database.db
    .insertInto("materials")
    .values({
      id: newId(),
      school_id: schoolId,
      owner_id: ownerId,
      title: "Fractions",
      filename: "f.pdf",
      size: 9,
      uploaded: 9,
      kind: null,
      state: "waiting",
      problem: null,
      notices: json([]),
      total: null,
      width: null,
      height: null,
      node: "n",
      worker: null,
      lease_until: null,
      waiting_since: new Date(),
      deleted_at: null,
      ...fields,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A node with so many places, and what it was asked. */
function nodeWith(places: number) {
  const asked: string[] = [];
  let free = places;
  const materials: MaterialStore = {
    self: "n",
    maxBytes: () => 1e6,
    freeBytes: async () => null,
    isNodeUp: () => true,
    write: async () => {},
    uploaded: async () => 9,
    read: async () => null,
    readOriginal: async () => null,
    settle: async (node) => node,
    remove: async () => {},
    reserve: async (_node, { id }) => {
      asked.push(`reserve ${id}`);
      return free-- > 0;
    },
    convert: async (_node, { id }) => {
      asked.push(`convert ${id}`);
      return "begun";
    },
  };
  return { asked, options: { db: database.db, log: silentLog, isLeader: () => true, materials } };
}

test("a material that waits for a place stays as it is, however often the node is asked; the others of the node are not asked for", async () => {
  const school = await insertSchool(database.db);
  const waiting = [await insertMaterial(school.id, null, {}), await insertMaterial(school.id, null, {})];
  const [first, second] = waiting;
  assert.ok(first && second);
  const rows = () => database.db.selectFrom("materials").selectAll().where("school_id", "=", school.id).orderBy("id").execute();
  const before = await rows();
  const { asked, options } = nodeWith(0);
  for (let turn = 0; turn < 3; turn++) await beginWaiting(options, Date.now());
  assert.deepEqual(await rows(), before);
  assert.deepEqual(new Set(asked), new Set([`reserve ${first.id}`]));

  const one = nodeWith(1);
  await beginWaiting(one.options, Date.now());
  assert.deepEqual(one.asked, [`reserve ${first.id}`, `convert ${first.id}`, `reserve ${second.id}`]);
  assert.deepEqual(
    (await rows()).map(({ state }) => state),
    ["converting", "waiting"],
  );
  await database.db.deleteFrom("materials").where("school_id", "=", school.id).execute();
});

test("slides are shown from their first page on, with all the pages that there will be", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const teacher = await insertUser(db, school.id, "teacher");
  const lesson = await insertLesson(db, school.id, { teacher_id: teacher.id });
  const person = { lesson_id: lesson.id, by_code: false, seen_at: new Date(), joined_at: new Date(), name: "x" };
  const personId = newId();
  await db
    .insertInto("participants")
    .values({ ...person, id: personId, user_id: teacher.id, role: "teacher" })
    .execute();
  const material = await insertMaterial(school.id, teacher.id, { state: "converting", total: 60 });
  const find = () =>
    db.transaction().execute((trx) => findSlides(trx, { lessonId: lesson.id, schoolId: school.id, personId }, material.id));
  assert.equal(await find(), null);
  await db.updateTable("materials").set({ pages: 1, width: 1600, height: 900 }).where("id", "=", material.id).execute();
  assert.deepEqual(await find(), { title: "Fractions", count: 60, width: 1600, height: 900 });
  await db.transaction().execute((trx) => openMaterial(trx, lesson.id, material.id));
  assert.deepEqual(await openedMaterial(db, lesson.id, material.id), { pages: 1, node: "n" });
});
