import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StoredSecrets } from "../store/stored-secrets.ts";
import type { Database } from "../store/tables.ts";
import { insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { hasMail } from "./blind-index.ts";
import { type DataEncryption, openDataEncryption } from "./data-encryption.ts";
import { DataKeys } from "./data-keys.ts";
import { reencrypt } from "./reencryption.ts";

const SECRET = "a secret of the server";

let database: TestDatabase;
let encryption: DataEncryption;
let db: Database;
let school: string;

before(async () => {
  database = await openTestDatabase();
  encryption = await openDataEncryption(database.store, { atRest: true, secrets: () => [SECRET], log: silentLog });
  ({ db } = encryption.store);
  school = (await insertSchool(database.db)).id;
});
after(async () => {
  encryption.close();
  await database.close();
});

/** @param through null: as it was before encryption was turned on */
async function personWith(email: string, through: Database = db): Promise<string> {
  const { id } = await insertUser(database.db, school, "student");
  await through.updateTable("users").set({ email }).where("id", "=", id).execute();
  return id;
}

const storedMail = async (id: string) =>
  (await database.db.selectFrom("users").select("email").where("id", "=", id).executeTakeFirstOrThrow()).email ?? "";

async function found(...addresses: readonly string[]): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("users")
    .select("id")
    .where((where) => hasMail(db, where.ref("users.email"), addresses))
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

test("a mail address is stored encrypted, read as it was written, and found however it is written", async () => {
  const id = await personWith("Wang.Fang@school.example");
  assert.match(await storedMail(id), /^enc2:[\w-]{8}:[\w-]+ [\w-]{16}$/);
  const { email } = await db.selectFrom("users").select("email").where("id", "=", id).executeTakeFirstOrThrow();
  assert.equal(email, "Wang.Fang@school.example");
  assert.deepEqual(await found("wang.fang@SCHOOL.example"), [id]);
  assert.deepEqual(await found("wang.fang@school", "fang"), [], "parts are not found");
  const plain = await personWith("readable@school.example", database.db);
  assert.deepEqual(await found("Readable@school.example"), [plain], "one that waits for its encryption is found too");
});

test("an address is found by the old key and by the new one, while one follows the other", async () => {
  const old = await personWith("old@school.example");
  const before_ = await storedMail(old);
  await encryption.rotate();
  const fresh = await personWith("new@school.example");
  assert.notEqual((await storedMail(fresh)).slice(0, 14), before_.slice(0, 14));
  assert.deepEqual(await found("old@school.example", "new@school.example"), [old, fresh].sort());
  const keys = new DataKeys({
    db: database.db,
    storedSecrets: new StoredSecrets(() => [SECRET], silentLog),
    log: silentLog,
    spreadMs: 0,
  });
  await reencrypt({ db: database.db, keys, encrypts: () => true, log: silentLog }, Date.now());
  await encryption.status();
  assert.notEqual(await storedMail(old), before_);
  assert.deepEqual(await found("old@school.example", "new@school.example"), [old, fresh].sort());
});
