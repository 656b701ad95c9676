import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { sql } from "kysely";
import { newId } from "../../../platform/id.ts";
import { SecretBox } from "../../../platform/secret-box.ts";
import { json } from "../../../platform/store/store.ts";
import { StoredSecrets } from "../store/stored-secrets.ts";
import { insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { openDataEncryption } from "./data-encryption.ts";
import { DataKeys } from "./data-keys.ts";
import { reencrypt } from "./reencryption.ts";

const SECRET = "a secret of the server";
const OTHER = "another secret of the server";
const ROWS = 30;
let database: TestDatabase;

beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

/** Guardians with names and addresses, in the open. */
async function fill(): Promise<void> {
  const { id: school_id } = await insertSchool(database.db);
  const { id: child_id } = await insertUser(database.db, school_id, "student");
  for (let i = 0; i < ROWS; i++) {
    const row = {
      id: newId(),
      school_id,
      child_id,
      name: `Guardian ${i}`,
      email: `g${i}@example.com`,
      absences: true,
      check_ins: true,
    };
    await database.db.insertInto("guardians").values(row).execute();
  }
}

const open = ({ atRest = true, secrets = [SECRET] }: { readonly atRest?: boolean; readonly secrets?: readonly string[] } = {}) =>
  openDataEncryption(database.store, { atRest, secrets: () => secrets, log: silentLog });

/** What works on the values, as a process that has just started; in small batches. */
async function keysOf(secrets: readonly string[] = [SECRET]): Promise<DataKeys> {
  const storedSecrets = new StoredSecrets(() => secrets, silentLog);
  const keys = new DataKeys({ db: database.db, storedSecrets, log: silentLog, spreadMs: 0 });
  await keys.load();
  return keys;
}
const work = async (signal?: AbortSignal, encrypts = true) =>
  await reencrypt({ db: database.db, keys: await keysOf(), encrypts: () => encrypts, log: silentLog, rows: 7 }, Date.now(), signal);

async function stored(): Promise<readonly string[]> {
  const rows = await database.db.selectFrom("guardians").select(["name", "email"]).orderBy("id").execute();
  return rows.flatMap(({ name, email }) => [name, email]);
}

test("what was there before is encrypted, is read as it was, and is readable again when encryption is turned off", async () => {
  await fill();
  const plain = await stored();
  const on = await open();
  await work();
  assert.ok((await stored()).every((value) => value.startsWith("enc2:")));
  const read = await on.store.db.selectFrom("guardians").select(["name", "email"]).orderBy("id").execute();
  assert.deepEqual(
    read.flatMap(({ name, email }) => [name, email]),
    plain,
  );
  const { progress } = await on.status();
  assert.ok(progress?.finishedAt);
  assert.equal(progress.values, 2 * ROWS);
  on.close();
  const off = await open({ atRest: false });
  assert.deepEqual((await off.store.db.selectFrom("guardians").select("name").orderBy("id").execute())[0], { name: plain[0] });
  await work(undefined, false);
  assert.deepEqual(await stored(), plain);
  assert.deepEqual(await database.db.selectFrom("data_keys").selectAll().execute(), []);
  off.close();
});

test("after a rotation every value is encrypted by the new key, and the old one is gone", async () => {
  await fill();
  const encryption = await open();
  await work();
  await encryption.rotate();
  // A row that is written meanwhile.
  const { id } = await database.db.selectFrom("guardians").select("id").limit(1).executeTakeFirstOrThrow();
  await encryption.store.db.updateTable("guardians").set({ name: "New" }).where("id", "=", id).execute();
  await work();
  const { keys } = await encryption.status();
  assert.equal(keys.length, 1);
  assert.ok((await stored()).every((value) => value.startsWith(`enc2:${keys[0]?.id}:`)));
  assert.equal(
    (await encryption.store.db.selectFrom("guardians").select("name").execute()).filter(({ name }) => name === "New").length,
    1,
  );
  encryption.close();
});

test("ended after any batch, a rotation goes on where it was, and no value is lost", async () => {
  await fill();
  const plain = await stored();
  const encryption = await open();
  await work();
  await encryption.rotate();
  let attempts = 0;
  for (; (await database.db.selectFrom("data_keys").select("id").execute()).length > 1; attempts++) {
    assert.ok(attempts < 200);
    // A process that is killed has stored its batch, or has not: here one batch for each.
    const ending = new AbortController();
    const working = work(ending.signal);
    ending.abort();
    await working;
    const places = await database.db
      .selectFrom("data_keys")
      .select("progress")
      .orderBy("created_at", "desc")
      .executeTakeFirstOrThrow();
    if (attempts === 3) assert.ok(places.progress !== null);
    await oneBatch();
  }
  assert.ok(attempts > 10, `${attempts} processes`);
  const read = await encryption.store.db.selectFrom("guardians").select(["name", "email"]).orderBy("id").execute();
  assert.deepEqual(
    read.flatMap(({ name, email }) => [name, email]),
    plain,
  );
  encryption.close();
});

/** A process that stores one batch, and ends. */
async function oneBatch(): Promise<void> {
  const ending = new AbortController();
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => {
      if (node.kind === "UpdateQueryNode") ending.abort();
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await reencrypt({ db, keys: await keysOf(), encrypts: () => true, log: silentLog, rows: 7 }, Date.now(), ending.signal);
}

test("without the server's secret nothing is opened, in one line that names the secret; a new first secret wraps the keys again", async () => {
  await fill();
  (await open()).close();
  await assert.rejects(open({ secrets: [OTHER] }), (error: Error) => {
    assert.equal(error.name, "StoreError");
    assert.ok(error.message.includes(SecretBox.nameOf(SECRET)) && !error.message.includes("\n"), error.message);
    return true;
  });
  await new StoredSecrets(() => [OTHER, SECRET], silentLog).reencrypt(database.db);
  const encryption = await open({ secrets: [OTHER] });
  assert.deepEqual(
    (await encryption.status()).keys.map(({ wrappedBy }) => wrappedBy),
    [SecretBox.nameOf(OTHER)],
  );
  encryption.close();
});

test("no value of a JSON column is changed on the way", async () => {
  const { id: school_id } = await insertSchool(database.db);
  const values = [
    null,
    "text",
    "",
    7,
    true,
    ["a", { b: 1 }],
    { text: "said", ref: "r", deep: { encrypted: "x", ids: [1] } },
    {},
    { encrypted: 1 },
  ];
  for (const after of values)
    await sql`insert into audit (id, school_id, actor_kind, actor_name, ip, action, target_kind, target_id, after)
      values (${newId()}, ${school_id}, 'user', 'A', '', 'x', 'y', 'z', ${json(after)}::jsonb)`.execute(database.db);
  const encryption = await open();
  await work();
  const rows = await encryption.store.db.selectFrom("audit").select("after").orderBy("id").execute();
  assert.deepEqual(
    rows.map(({ after }) => after),
    values,
  );
  const kept = await database.db.selectFrom("audit").select(sql<string>`after::text`.as("text")).orderBy("id").execute();
  assert.deepEqual(
    kept.map(({ text }) => /said|"a"|"b"/.test(text)),
    values.map(() => false),
  );
  encryption.close();
});
