import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RoomEntry } from "@lectern/room";
import { newId } from "../../platform/id.ts";
import { insertLesson, insertSchool, insertUser, openTestDatabase, type TestDatabase } from "../foundation/store/test-database.ts";
import { storeEntries } from "./entry-store.ts";
import { entriesOfPerson, eraseEntriesOf } from "./personal-entries.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

test("what a person wrote, and what others' entries say about the person, is erased; the entries stay", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const [lesson, user] = [await insertLesson(db, school.id), await insertUser(db, school.id, "student")];
  const [anna, ben] = [newId(), newId()];
  const row = { lesson_id: lesson.id, by_code: false, seen_at: new Date(), joined_at: new Date(), role: "student" as const };
  await db
    .insertInto("participants")
    .values({ ...row, id: anna, user_id: user.id, name: "Anna" })
    .execute();
  await db.insertInto("rooms").values({ lesson_id: lesson.id, epoch: "e", term: 1, owner: "", head: 0 }).execute();
  const entry = (seq: number, from: string, kind: string, body: Record<string, unknown>): RoomEntry => ({
    seq,
    at: 1000,
    mediaTime: null,
    id: String(seq),
    from: { id: from, name: "Name", role: "member" },
    kind,
    to: "all",
    key: null,
    gone: false,
    sampled: false,
    body,
  });
  await db
    .transaction()
    .execute((trx) =>
      storeEntries(trx, lesson.id, "e", [
        entry(1, anna, "chat", { ref: "r1", text: "I am Anna" }),
        entry(2, ben, "chat", { ref: "r2", text: "I am Ben" }),
        entry(3, ben, "hand", { person: anna, name: "Anna" }),
      ]),
    );
  assert.deepEqual(
    (await entriesOfPerson(db, user.id)).map(({ kind, body }) => [kind, body]),
    [["chat", { ref: "r1", text: "I am Anna" }]],
  );
  await db.transaction().execute((trx) => eraseEntriesOf(trx, [anna], "removed person"));
  const rows = await db.selectFrom("room_entries").select(["seq", "from_name", "body"]).orderBy("seq").execute();
  assert.deepEqual(rows, [
    { seq: 1, from_name: "removed person", body: { ref: "r1", deleted: true } },
    { seq: 2, from_name: "Name", body: { ref: "r2", text: "I am Ben" } },
    { seq: 3, from_name: "Name", body: { deleted: true } },
  ]);
});
