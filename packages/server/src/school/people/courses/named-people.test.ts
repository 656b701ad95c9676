/** People as pasted lists name them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { textIn } from "../../../platform/messages/message.ts";
import { openDataEncryption } from "../../foundation/encryption/data-encryption.ts";
import { insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { namedPeople } from "./named-people.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function openNames() {
  const { db } = database;
  const school = await insertSchool(db);
  const person = async (login: string, name: string, email: string | null = null) => {
    const { id } = await insertUser(db, school.id, "student");
    await db.updateTable("users").set({ login, name, email }).where("id", "=", id).execute();
    return id;
  };
  const ids = {
    wang: await person("wang.fang", "王芳", "Wang@School.cn"),
    li: await person("li", "Li Na"),
    twin: await person("li2", "Li Na"),
    // The name of one is the username of another.
    odd: await person("odd", "li"),
  };
  const other = await insertSchool(db);
  await db
    .updateTable("users")
    .set({ login: "stranger" })
    .where("id", "=", (await insertUser(db, other.id, "student")).id)
    .execute();
  const found = async (...entries: string[]) =>
    (await namedPeople(db, school.id, entries)).map((one) => ("person" in one ? one.person.id : textIn("en", one.why)));
  return { ids, found };
}

test("a person is found by username, mail address or name, in capitals or not, and as mail programs and spreadsheets copy them", async () => {
  const { ids, found } = await openNames();
  const { wang } = ids;
  assert.deepEqual(
    await found("WANG.Fang", "wang@school.CN", "王芳", "Wang <wang@school.cn>", '"王芳" <gone@school.cn>', "7b\twang.fang\t女"),
    [wang, wang, wang, wang, wang, wang],
  );
});

test("a username goes before a name, and a name of several people is refused", async () => {
  const { ids, found } = await openNames();
  assert.deepEqual(await found("li", "Li Na", "li na\tli2"), [
    ids.li,
    "Several people have this name or mail address. Write the username instead.",
    ids.twin,
  ]);
});

test("nobody of another school is found, nor by a part of a name", async () => {
  const { found } = await openNames();
  const nobody = "Nobody in this school has this username, mail address or name.";
  assert.deepEqual(await found("stranger", "王", "%"), [nobody, nobody, nobody]);
});

test("a list of more names than one query takes has an answer for each, in its order", async () => {
  const { ids, found } = await openNames();
  const names = Array.from({ length: 450 }, (_, i) => (i === 449 ? "wang.fang" : `nobody${i}`));
  const answers = await found(...names);
  assert.deepEqual([answers.length, answers.indexOf(ids.wang)], [450, 449]);
});

test("with data encrypted at rest, a mail address is found as well", async (t) => {
  const school = await insertSchool(database.db);
  const encryption = await openDataEncryption(database.store, { atRest: true, secrets: () => ["a secret"], log: silentLog });
  t.after(() => encryption.close());
  const { db } = encryption.store;
  const { id } = await insertUser(database.db, school.id, "student");
  await db.updateTable("users").set({ email: "Zhao@School.cn" }).where("id", "=", id).execute();
  const [entry] = await namedPeople(db, school.id, ["Zhao Min <zhao@school.cn>"]);
  assert.ok(entry && "person" in entry);
  assert.deepEqual([entry.person.id, entry.person.email], [id, "Zhao@School.cn"]);
});
