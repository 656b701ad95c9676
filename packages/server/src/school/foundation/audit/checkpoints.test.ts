/** Checkpoints of the audit log: what breaks them, and what does not. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LEAST_AUDIT_DAYS } from "../../../platform/config/audit-schema.ts";
import { eraseTraces } from "../../exchange/privacy/erase.ts";
import { writeAudit } from "../store/audit-log.ts";
import { Changes } from "../store/change.ts";
import { SYSTEM } from "../store/requester.ts";
import { actorOf, insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { checkpointKey, keyName, publicKeys } from "./checkpoint-key.ts";
import { makeCheckpoints, signedText } from "./checkpoints.ts";
import { sweepAudit } from "./retention.ts";
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

const sweep = (days: number, platformDays = 0) =>
  sweepAudit(
    { db: database.db, secrets: () => ["a secret of the server"], platformDays: () => platformDays },
    Date.now() + days * 86_400_000,
  );

test("entries whose time is over go with their checkpoint, and the server signs that; no school's time is shorter than the law's", async () => {
  const { db, school, problems } = await writtenSchool();
  await db.updateTable("schools").set({ keep_audit_days: 1 }).where("id", "=", school.id).execute();
  await sweep(LEAST_AUDIT_DAYS - 1);
  const before = await verifyAudit(db, KEYS, school.id);
  assert.deepEqual([before.expired, before.entries, before.heldSince === null], [0, 4, false]);
  await sweep(LEAST_AUDIT_DAYS + 1);
  assert.deepEqual(await problems(), []);
  const { expired, entries, heldSince } = await verifyAudit(db, KEYS, school.id);
  assert.deepEqual([expired, entries, heldSince], [2, 0, null]);
});

test("the log is held from the oldest checkpoint on whose time is not over", async () => {
  const { db, school, write, problems } = await writtenSchool();
  await db.updateTable("schools").set({ keep_audit_days: 200 }).where("id", "=", school.id).execute();
  const first = db.updateTable("audit_checkpoints").set({ newest_at: new Date(Date.now() - 201 * 86_400_000) });
  await first.where("school_id", "=", school.id).where("number", "=", 1).execute();
  await write("not under a checkpoint yet");
  await sweep(0);
  const { expired, entries, heldSince } = await verifyAudit(db, KEYS, school.id);
  assert.deepEqual([expired, entries], [1, 1]);
  const oldest = db.selectFrom("audit").select("at").where("school_id", "=", school.id).orderBy("id").limit(1);
  assert.equal(heldSince, (await oldest.executeTakeFirstOrThrow()).at.toISOString());
  assert.deepEqual(await problems(), ["signature 1"], "the test has changed what was signed");
});

test("who has the database alone cannot delete entries and say that their time was over", async () => {
  const { db, school, problems } = await writtenSchool();
  await db.deleteFrom("audit").where("school_id", "=", school.id).where("checkpoint", "=", 1).execute();
  const first = db.updateTable("audit_checkpoints").where("school_id", "=", school.id).where("number", "=", 1);
  await first.set({ expired_at: new Date() }).execute();
  assert.deepEqual(await problems(), ["expiry 1"]);
  const forged = checkpointKey("a secret of somebody else");
  await first.set({ expiry_signature: forged.sign("anything"), expiry_key: forged.publicKey }).execute();
  assert.deepEqual(await problems(), ["expiry 1"]);
});

test("entries that concern no school are kept as the configuration says, and stay without a signed checkpoint", async () => {
  const { db } = database;
  const { actor } = SYSTEM;
  const note = () =>
    db.transaction().execute((trx) => {
      return writeAudit(trx, actor, { action: "node.drain", schoolId: null, targetKind: "node", targetId: "n1" });
    });
  await note();
  await checkpoint();
  await note();
  const held = async () => (await db.selectFrom("audit").select("id").where("school_id", "is", null).execute()).length;
  const before = await held();
  await sweep(400);
  assert.equal(await held(), before, "0 keeps them always");
  await sweep(400, 365);
  assert.equal(await held(), 1);
  assert.deepEqual((await verifyAudit(db, KEYS, null)).problems, []);
});
