import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { StoredSecrets } from "../store/stored-secrets.ts";
import type { Database } from "../store/tables.ts";
import { insertLesson, insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { type DataEncryption, openDataEncryption } from "./data-encryption.ts";
import { DataKeys } from "./data-keys.ts";
import { keyIn } from "./encrypted-value.ts";

const SECRET = "a secret of the server";
let database: TestDatabase;
let encryption: DataEncryption;
/** As the school has it, and as it is stored. */
let [db, stored]: [Database, Database] = [undefined as never, undefined as never];

before(async () => {
  database = await openTestDatabase();
  encryption = await openDataEncryption(database.store, { atRest: true, secrets: () => [SECRET], log: silentLog });
  ({ db } = encryption.store);
  stored = database.db;
});
after(async () => {
  encryption.close();
  await database.close();
});

async function insertGuardian(name: string): Promise<string> {
  const { id: school_id } = await insertSchool(stored);
  const { id: child_id } = await insertUser(stored, school_id, "student");
  const row = { id: newId(), school_id, child_id, name, email: `${newId()}@example.com`, absences: true, check_ins: false };
  return (await db.insertInto("guardians").values(row).returning("id").executeTakeFirstOrThrow()).id;
}

const storedName = async (id: string) =>
  (await stored.selectFrom("guardians").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name;

test("a text is stored encrypted, and read as it was, whatever a statement makes of it", async () => {
  const id = await insertGuardian("Wang 王");
  assert.match(await storedName(id), /^enc2:[\w-]{8}:[\w-]+$/);
  const guardians = db.selectFrom("guardians").where("guardians.id", "=", id);
  assert.equal((await guardians.select("name as called").executeTakeFirstOrThrow()).called, "Wang 王");
  const { rows } = await sql<{ most: string; all: unknown }>`
    select max(name) as most, json_agg(json_build_object('of', name)) as all from guardians where id = ${id}`.execute(db);
  assert.deepEqual(rows, [{ most: "Wang 王", all: [{ of: "Wang 王" }] }]);
  await db.updateTable("guardians").set({ name: "Li" }).where("id", "=", id).execute();
  assert.match(await storedName(id), /^enc2:/);
  assert.equal((await guardians.select("name").executeTakeFirstOrThrow()).name, "Li");
});

test("two equal texts differ where they are stored", async () => {
  const [one, other] = [await insertGuardian("Wang"), await insertGuardian("Wang")];
  assert.notEqual(await storedName(one), await storedName(other));
});

test("of a JSON object the declared fields and the ids stay readable, and of every other value the kind at most", async () => {
  const person = newId();
  const entry = async (body: unknown, answer: unknown) => {
    const id = newId();
    const base = {
      lesson_id: lesson,
      epoch: "e",
      seq: ++seq,
      at: new Date(),
      media_time: null,
      from_id: id,
      from_name: "Anna",
      audience: "all",
    };
    const row = { ...base, id, from_role: "member" as const, kind: "chat", key: null, gone: false, sampled: false };
    await db
      .insertInto("room_entries")
      .values({ ...row, body: json(body as never), answer: answer === undefined ? null : json(answer as never) })
      .execute();
    const of = (from: Database) =>
      from.selectFrom("room_entries").select(["body", "answer", "from_name"]).where("id", "=", id).executeTakeFirstOrThrow();
    return { read: await of(db), kept: await of(stored) };
  };
  const { id: lesson } = await insertLesson(stored, (await insertSchool(stored)).id);
  let seq = 0;
  const body = {
    ref: "r1",
    deleted: true,
    set: 3,
    text: "What is said",
    author: { id: person, name: "Anna" },
    state: { text: "within" },
  };
  const { read, kept } = await entry(body, ["a", 1]);
  assert.deepEqual(read, { body, answer: ["a", 1], from_name: "Anna" });
  const { encrypted, ...shown } = kept.body as Record<string, unknown>;
  assert.deepEqual(shown, { ref: "r1", deleted: true, set: 3, ids: [person] });
  assert.match(String(encrypted), /^enc2:/);
  assert.deepEqual(Object.keys(kept.answer as object), ["encrypted"]);
  assert.match(kept.from_name, /^enc2:/);
  assert.deepEqual((await entry({ ref: "r2" }, undefined)).read.body, { ref: "r2" }, "nothing to hide");
});

test("a text that looks encrypted is read as it was sent, and opens nothing", async () => {
  const stolen = await storedName(await insertGuardian("Secret name"));
  const id = await insertGuardian("x");
  // A column that is not protected.
  const { child_id } = await db.selectFrom("guardians").select("child_id").where("id", "=", id).executeTakeFirstOrThrow();
  await db.updateTable("users").set({ name: stolen }).where("id", "=", child_id).execute();
  const { name } = await db.selectFrom("users").select("name").where("id", "=", child_id).executeTakeFirstOrThrow();
  assert.ok(!name.includes("Secret name"));
  assert.equal(name, stolen.replace("enc2:", "enc2 "));
  await sql`update users set name = ${stolen} where id = ${child_id}`.execute(db);
  assert.equal((await db.selectFrom("users").select("name").where("id", "=", child_id).executeTakeFirstOrThrow()).name, name);
  // In a column that is, it is a text as any other.
  await db.updateTable("guardians").set({ name: stolen }).where("id", "=", id).execute();
  const read = await db.selectFrom("guardians").select("name").where("id", "=", id).executeTakeFirstOrThrow();
  assert.ok(!read.name.includes("Secret name"));
});

test("a value that a writer of the database copies into another column is not read there", async () => {
  const stolen = await storedName(await insertGuardian("Secret name"));
  const id = await insertGuardian("x");
  const { child_id } = await stored.selectFrom("guardians").select("child_id").where("id", "=", id).executeTakeFirstOrThrow();
  await stored.updateTable("users").set({ name: stolen, email: stolen }).where("id", "=", child_id).execute();
  for (const column of ["name", "email"] as const)
    await assert.rejects(db.selectFrom("users").select(column).where("id", "=", child_id).execute(), /belongs to another column/);
  await assert.rejects(sql`select max(name) from users where id = ${child_id}`.execute(db), /belongs to another column/);
  await stored.updateTable("users").set({ name: "x", email: null }).where("id", "=", child_id).execute();
});

test("a value of before, which is bound to no column, is read", async () => {
  const id = await insertGuardian("x");
  const keys = new DataKeys({
    db: stored,
    storedSecrets: new StoredSecrets(() => [SECRET], silentLog),
    log: silentLog,
    spreadMs: 0,
  });
  await keys.load();
  const name = keys.box.encrypt("Wang", "value of a protected column");
  await stored.updateTable("guardians").set({ name }).where("id", "=", id).execute();
  assert.equal((await db.selectFrom("guardians").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name, "Wang");
});

test("a value that was changed is not read", async () => {
  const id = await insertGuardian("Wang");
  const name = await storedName(id);
  const at = name.length - 5;
  const changed = `${name.slice(0, at)}${name[at] === "A" ? "B" : "A"}${name.slice(at + 1)}`;
  await stored.updateTable("guardians").set({ name: changed }).where("id", "=", id).execute();
  await assert.rejects(db.selectFrom("guardians").select("name").where("id", "=", id).execute(), /data key [\w-]{8}/);
  await stored.deleteFrom("guardians").where("id", "=", id).execute();
});

test("the key in a value is one of the server's", async () => {
  const { keys } = await encryption.status();
  assert.deepEqual(
    [keyIn(await storedName(await insertGuardian("Wang")))],
    keys.map(({ id }) => id),
  );
});
