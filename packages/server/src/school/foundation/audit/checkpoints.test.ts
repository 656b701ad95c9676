/** Checkpoints of the audit log: what breaks them, and what does not. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eraseTraces } from "../../exchange/privacy/erase.ts";
import { sweepPersonalData } from "../../exchange/privacy/retention.ts";
import { Changes } from "../store/change.ts";
import { actorOf, insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { checkpointKey, keyName, publicKeys } from "./checkpoint-key.ts";
import { makeCheckpoints, signedText } from "./checkpoints.ts";
import { verifyAudit } from "./verification.ts";

let database: TestDatabase;
let changes: Changes;
before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
});
after(() => database.close());

/** The key before the rotation has signed, too. */
const KEYS = publicKeys(["a secret of the server", "the secret before"]);
const checkpoint = (secret = "a secret of the server") =>
  makeCheckpoints({ db: database.db, log: silentLog, secrets: () => [secret] });

/** A school with entries under two checkpoints. */
async function writtenSchool() {
  const { db } = database;
  const school = await insertSchool(db);
  const head = await insertUser(db, school.id, "administrator");
  const write = async (what: string) => {
    await changes.transact({ actor: { ...actorOf(head), ip: "192.0.2.7" } }, async (change) => {
      await change.audit({
        action: "user.change",
        schoolId: school.id,
        targetKind: "user",
        targetId: head.id,
        before: { name: head.name, version: 1 },
        after: { version: 2, name: what },
      });
      return { body: null };
    });
  };
  for (const what of ["one", "two", "three"]) await write(what);
  await checkpoint();
  await write("four");
  await checkpoint();
  const problems = async () =>
    (await verifyAudit(db, KEYS, school.id)).problems.map(({ problem, checkpoint: number }) => `${problem} ${number}`);
  const entry = async () =>
    await db
      .selectFrom("audit")
      .select(["id", "actor_name"])
      .where("school_id", "=", school.id)
      .orderBy("id")
      .executeTakeFirstOrThrow();
  return { db, school, head, write, problems, entry };
}

test("an untouched log is verified to its head, by checkpoints that were signed with one key", async () => {
  const { db, school, problems } = await writtenSchool();
  assert.deepEqual(await problems(), []);
  const { checkpoints, entries, head, keys, next } = await verifyAudit(db, KEYS, school.id);
  const last = await db
    .selectFrom("audit_checkpoints")
    .selectAll()
    .where("school_id", "=", school.id)
    .orderBy("number", "desc")
    .executeTakeFirstOrThrow();
  assert.deepEqual(
    [checkpoints, entries, head, keys, next],
    [2, 4, { number: 2, digest: last.digest }, [keyName(last.public_key)], null],
  );
  assert.equal(await checkpoint(), 0, "every entry is under one");
});

test("a changed entry, a removed one, one that was slipped in, and another order of checkpoints are found", async () => {
  const changed = await writtenSchool();
  await changed.db
    .updateTable("audit")
    .set({ ip: "198.51.100.1" })
    .where("id", "=", (await changed.entry()).id)
    .execute();
  assert.deepEqual(await changed.problems(), ["changed 1"]);

  const moved = await writtenSchool();
  await moved.db
    .updateTable("audit")
    .set({ target_id: "another" })
    .where("id", "=", (await moved.entry()).id)
    .execute();
  assert.deepEqual(await moved.problems(), ["chain 1"]);

  const removed = await writtenSchool();
  await removed.db
    .deleteFrom("audit")
    .where("id", "=", (await removed.entry()).id)
    .execute();
  assert.deepEqual(await removed.problems(), ["missing 1"]);

  const slipped = await writtenSchool();
  await slipped.write("slipped in");
  await slipped.db
    .updateTable("audit")
    .set({ checkpoint: 2 })
    .where("school_id", "=", slipped.school.id)
    .where("checkpoint", "is", null)
    .execute();
  assert.deepEqual(await slipped.problems(), ["changed 2", "chain 2"]);

  const cut = await writtenSchool();
  await cut.db.deleteFrom("audit_checkpoints").where("school_id", "=", cut.school.id).where("number", "=", 1).execute();
  assert.deepEqual(await cut.problems(), ["chain 2"]);
});

test("a checkpoint that somebody made again with the database alone is not signed by the server's key", async () => {
  const { db, school, problems } = await writtenSchool();
  await db
    .updateTable("audit_checkpoints")
    .set({ digest: "0".repeat(64) })
    .where("school_id", "=", school.id)
    .where("number", "=", 2)
    .execute();
  assert.deepEqual(await problems(), ["signature 2", "chain 2"]);
});

test("who has the database alone signs with another key, and cannot say that entries have expired or were redacted", async () => {
  const { db, school, problems, entry } = await writtenSchool();
  const forged = checkpointKey("a secret of somebody else");
  const last = await db
    .selectFrom("audit_checkpoints")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("number", "=", 2)
    .executeTakeFirstOrThrow();
  const rows = db.updateTable("audit_checkpoints").where("school_id", "=", school.id);
  await rows
    .set({ signature: forged.sign(signedText(last)), public_key: forged.publicKey })
    .where("number", "=", 2)
    .execute();
  assert.deepEqual(await problems(), ["key 2"]);
  await rows.set({ expired_at: new Date() }).where("number", "=", 1).execute();
  await db
    .updateTable("audit")
    .set({ ip: "198.51.100.1", redacted_at: new Date() })
    .where("id", "=", (await entry()).id)
    .execute();
  assert.deepEqual(await problems(), ["changed 1", "key 2"]);
});

test("the erasure of a person leaves no digest that tells the name, and the chain holds", async () => {
  const { db, school, head, problems } = await writtenSchool();
  await db.transaction().execute((trx) => eraseTraces(trx, head));
  assert.deepEqual(await problems(), []);
  const { redacted, entries } = await verifyAudit(db, KEYS, school.id);
  assert.deepEqual([redacted, entries], [4, 4]);
  const rows = await db.selectFrom("audit").select(["salt", "ip"]).where("school_id", "=", school.id).execute();
  assert.ok(rows.every(({ salt, ip }) => salt === null && ip === ""));
});

test("entries whose time is over go with their checkpoint, which says so", async () => {
  const { db, school, problems } = await writtenSchool();
  await db.updateTable("schools").set({ keep_audit_days: 1 }).where("id", "=", school.id).execute();
  await sweepPersonalData(db, Date.now() + 3 * 86_400_000);
  assert.deepEqual(await problems(), []);
  const { expired, entries } = await verifyAudit(db, KEYS, school.id);
  assert.deepEqual([expired, entries], [2, 0]);
});
