/** Link keys as media workers get them, and whether a policy names one. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { LinkScheme } from "../../../access/links/link-scheme.ts";
import type { PolicyRule } from "../../../access/policies/access-policy.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { encryptStoredSecrets, StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { deleteLinkKeys, isInPolicy, readLinkKey, readLinkKeys } from "./link-keys.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function insertKey(secrets: StoredSecrets, schoolId: string | null, scheme: LinkScheme, secret: string): Promise<string> {
  const id = newId();
  const stored = secrets.encrypt("link_keys", id, secret);
  const row = { id, school_id: schoolId, name: id, scheme, secret: stored, valid_seconds: 60 };
  await database.db.insertInto("link_keys").values(row).execute();
  return id;
}

test("keys are read with their secrets, of every school and of the installation, also after the server's secret was rotated", async () => {
  const { db } = database;
  let accepted = ["the first secret"];
  const secrets = new StoredSecrets(() => accepted, silentLog);
  const { id: schoolId } = await insertSchool(db);
  const own = await insertKey(secrets, schoolId, "tencent", "secret of the school");
  const installation = await insertKey(secrets, null, "nginx", "secret of the installation");
  const { secret: stored } = await db.selectFrom("link_keys").select("secret").where("id", "=", own).executeTakeFirstOrThrow();
  assert.ok(!stored.includes("secret of the school"), "encrypted");
  const expected = [
    { id: own, scheme: "tencent", secret: "secret of the school", validSeconds: 60 },
    { id: installation, scheme: "nginx", secret: "secret of the installation", validSeconds: 60 },
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  assert.deepEqual(await readLinkKeys(db, secrets), expected);
  accepted = ["the second secret", "the first secret"];
  assert.deepEqual(await encryptStoredSecrets(db, accepted, silentLog), { encrypted: 2, unreadable: 0 });
  accepted = ["the second secret"];
  assert.deepEqual(await readLinkKeys(db, secrets), expected);
  assert.deepEqual(
    await readLinkKey(db, secrets, own),
    expected.find(({ id }) => id === own),
  );
  accepted = ["a wrong secret"];
  assert.deepEqual([await readLinkKeys(db, secrets), await readLinkKey(db, secrets, own)], [[], null]);
  const told: unknown[] = [];
  await deleteLinkKeys(db, { policyChanged: (notice) => told.push(notice) }, schoolId);
  assert.deepEqual(told, [{ part: "link-key", id: own }]);
  accepted = ["the second secret"];
  assert.deepEqual(
    (await readLinkKeys(db, secrets)).map(({ id }) => id),
    [installation],
    "a school's keys are deleted with it",
  );
  assert.equal(await readLinkKey(db, secrets, own), null);
});

test("more keys than are read at once are all read, in their order, without holding up other work", async () => {
  const { db } = database;
  await db.deleteFrom("link_keys").execute();
  const secrets = new StoredSecrets(() => ["a secret"], silentLog);
  const ids: string[] = [];
  for (let i = 0; i < 150; i++) ids.push(await insertKey(secrets, null, "upyun", `secret ${i}`));
  const turns = countTurns();
  const keys = await readLinkKeys(db, secrets);
  assert.ok(turns() >= 3, "between the reads, other work goes on");
  assert.deepEqual(
    keys.map(({ id, secret }) => [id, secret]),
    ids.map((id, i) => [id, `secret ${i}`]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
});

/** How many turns of the event loop there were since. */
function countTurns(): () => number {
  let turns = 0;
  let timer = setImmediate(function again() {
    turns++;
    timer = setImmediate(again);
  });
  return () => {
    clearImmediate(timer);
    return turns;
  };
}

test("a key is in use while a rule about links names it, in any policy and at any place", async () => {
  const { db } = database;
  const { id: schoolId } = await insertSchool(db);
  const [named, other] = [newId(), newId()];
  const common = { for: "play", combine: "add", mode: "enforce", locked: false } as const;
  const rules: readonly PolicyRule[] = [
    { ...common, kind: "user-agents", allow: [other], deny: [], empty: "allow" },
    { ...common, kind: "links", boundAddress: false, keys: [newId(), named] },
  ];
  assert.equal(await isInPolicy(db, named), false);
  await db
    .insertInto("policies")
    .values({ id: newId(), school_id: schoolId, level: "school", target_id: schoolId, rules: json(rules), bytes: 1 })
    .execute();
  assert.deepEqual([await isInPolicy(db, named), await isInPolicy(db, other)], [true, false]);
});
