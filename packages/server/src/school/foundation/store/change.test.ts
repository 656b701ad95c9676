/** Changes: one transaction with audit, events and idempotency, and the comparison with If-Match. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { redactSecrets } from "./audit-log.ts";
import { Changes, checkVersion } from "./change.ts";
import { subscribesTo } from "./events.ts";
import { type Requester, requesterKey, SYSTEM } from "./requester.ts";
import { insertSchool, openTestDatabase, refusalCode, STRANGER, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
let changes: Changes;
let queued = 0;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => queued++);
});
after(() => database.close());
beforeEach(async () => {
  queued = 0;
  for (const table of ["deliveries", "webhooks", "audit", "idempotency"] as const) await database.db.deleteFrom(table).execute();
});

async function webhook(schoolId: string | null, events: readonly string[] = [], enabled = true): Promise<string> {
  const id = newId();
  const row = { id, school_id: schoolId, url: "http://hook", events: json(events), secret: "s", enabled };
  await database.db.insertInto("webhooks").values(row).execute();
  return id;
}

const count = async (table: "deliveries" | "audit") => (await database.db.selectFrom(table).select("id").execute()).length;

test("an older version than the row's is refused, the same one and none are not", async () => {
  checkVersion({ version: 3 }, 3);
  checkVersion({ version: 3 }, null);
  assert.equal(await refusalCode(async () => checkVersion({ version: 3 }, 2)), "precondition-failed");
});

test("a failed change leaves no audit entry, no delivery and no call after the commit", async () => {
  await webhook(null);
  const called: string[] = [];
  const failing = changes.transact(SYSTEM, async (change) => {
    await change.audit({ action: "lesson.create", schoolId: null, targetKind: "lesson", targetId: "x" });
    await change.emit("lesson.created", null, {});
    change.afterCommit(() => called.push("after"));
    throw new RefusalError("conflict");
  });
  assert.equal(await refusalCode(failing), "conflict");
  assert.deepEqual([await count("audit"), await count("deliveries"), queued, called.length], [0, 0, 0, 0]);
});

test("calls after the commit see what was committed", async () => {
  const seen: Promise<number>[] = [];
  await changes.transact(SYSTEM, async (change) => {
    await change.audit({ action: "lesson.create", schoolId: null, targetKind: "lesson", targetId: "x" });
    change.afterCommit(() => seen.push(count("audit")));
    return { body: null };
  });
  assert.deepEqual(await Promise.all(seen), [1]);
});

test("an event goes to the school's and the platform's webhooks that subscribe to it, once", async () => {
  const [mine, other] = [await insertSchool(database.db), await insertSchool(database.db)];
  const wanted = [await webhook(mine.id), await webhook(null, ["lesson.ended"])];
  await webhook(other.id);
  await webhook(mine.id, ["lesson.started"]);
  await webhook(mine.id, [], false);
  await changes.transact(SYSTEM, async (change) => {
    await change.emit("lesson.ended", mine.id, { lessonId: "x" });
    return { body: null };
  });
  const rows = await database.db.selectFrom("deliveries").selectAll().execute();
  assert.deepEqual(rows.map(({ webhook_id }) => webhook_id).sort(), wanted.sort());
  assert.equal(queued, 1);
  for (const { id, body } of rows) {
    const { at, ...rest } = JSON.parse(body);
    assert.deepEqual(rest, { id, event: "lesson.ended", schoolId: mine.id, data: { lessonId: "x" } });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
  }
});

test("an empty list of events subscribes to all of them", () => {
  assert.equal(subscribesTo([], "alarm.raised"), true);
  assert.equal(subscribesTo(["alarm.cleared"], "alarm.raised"), false);
});

test("a repeated idempotency key returns the first answer without running again", async () => {
  const requester: Requester = { actor: STRANGER, idempotencyKey: "k", fingerprint: "f" };
  let runs = 0;
  const run = () => changes.transact(requester, async () => ({ body: { run: ++runs } }));
  assert.deepEqual([(await run()).body, (await run()).body, runs], [{ run: 1 }, { run: 1 }, 1]);
  const different = changes.transact({ ...requester, fingerprint: "g" }, async () => ({ body: null }));
  assert.equal(await refusalCode(different), "conflict");
});

test("the content of a request is not stored with its idempotency key", async () => {
  const requester: Requester = { actor: STRANGER, idempotencyKey: "k", fingerprint: "anna,Anna,a-password-of-anna" };
  const run = () => changes.transact(requester, async () => ({ body: "first" }));
  await run();
  const stored = await database.db.selectFrom("idempotency").selectAll().execute();
  assert.equal(stored.length, 1);
  assert.doesNotMatch(JSON.stringify(stored), /anna/i);
  assert.equal((await run()).body, "first");
});

test("a failed request does not use up its idempotency key", async () => {
  const requester: Requester = { actor: STRANGER, idempotencyKey: "k", fingerprint: "f" };
  const failing = changes.transact(requester, async () => {
    throw new RefusalError("conflict");
  });
  assert.equal(await refusalCode(failing), "conflict");
  assert.deepEqual((await changes.transact(requester, async () => ({ body: "done" }))).body, "done");
});

test("keys of different actors, and of strangers at different addresses, are separate", () => {
  const keys = [STRANGER, { ...STRANGER, ip: "10.0.0.8" }, { ...STRANGER, kind: "user" as const, id: "u" }].map(requesterKey);
  assert.equal(new Set(keys).size, 3);
});

test("the audit log replaces the values of secret columns, and keeps null", () => {
  const row = { title: "Fractions", publish_key: "k", password_hash: null, calendar_secret: "s", token_hash: "t" };
  assert.deepEqual(redactSecrets(row), {
    title: "Fractions",
    publish_key: "(secret)",
    password_hash: null,
    calendar_secret: "(secret)",
    token_hash: "(secret)",
  });
});
