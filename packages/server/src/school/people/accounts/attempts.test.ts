/** Failed attempts: what locks, for how long, and what is forgotten. Time is a manual clock's. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { pino } from "pino";
import { RefusalError } from "../../../platform/api/server.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { openTestDatabase, refusalCode, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { type Attempt, Attempts, LIMITS } from "./attempts.ts";

const SECOND = 1000;
const PERSON: Attempt = { kind: "person", subject: "wang 10.0.0.1" };
const { failures, withinSeconds, lockSeconds } = LIMITS.person;

let database: TestDatabase;
let clock: ManualClock;
let attempts: Attempts;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("attempts").execute();
  clock = new ManualClock();
  attempts = new Attempts(database.db, silentLog, clock.utc);
});

async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i++) assert.equal(await attempts.count([PERSON]), 0, `attempt ${i + 1}`);
}

/** Whether one more attempt is refused. It is not counted. */
async function isLocked(attempt = PERSON): Promise<boolean> {
  const code = await refusalCode(attempts.admit([attempt]));
  if (code === null) await attempts.giveBack([attempt]);
  return code === "too-many";
}

test("the last allowed failure locks, the one before does not", async () => {
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
  await fail(1);
  assert.equal(await isLocked(), true);
});

test("of forty attempts at the same time, as many are made as the limit allows", async () => {
  const waits = await Promise.all(Array.from({ length: 40 }, () => attempts.count([PERSON])));
  assert.equal(waits.filter((seconds) => seconds === 0).length, failures);
  for (const seconds of waits) assert.ok(seconds === 0 || seconds === lockSeconds, `${seconds}`);
});

test("a lock ends after its time, which refused attempts do not prolong, and the count starts again", async () => {
  await fail(failures);
  clock.advance(lockSeconds * SECOND - 1);
  assert.equal(await isLocked(), true);
  clock.advance(1);
  assert.equal(await isLocked(), false);
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
});

test("a failure long after the one before starts a new count", async () => {
  await fail(failures - 1);
  clock.advance(withinSeconds * SECOND);
  await fail(1);
  assert.equal(await isLocked(), false);
});

test("a success clears the count", async () => {
  await fail(failures - 1);
  await attempts.clear([PERSON]);
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
});

test("an attempt that is given back is not counted, and opens the lock that it caused, also while others were refused", async () => {
  await fail(failures);
  assert.ok((await attempts.count([PERSON])) > 0);
  await attempts.giveBack([PERSON]);
  await fail(1);
  assert.equal(await isLocked(), true);
});

test("where one of several is locked, the others are not counted", async () => {
  const account: Attempt = { kind: "account", subject: "wang" };
  await fail(failures);
  for (let i = 0; i < 3; i++) assert.ok((await attempts.count([account, PERSON])) > 0);
  const row = await database.db.selectFrom("attempts").selectAll().where("key", "=", "account wang").executeTakeFirst();
  assert.equal(row?.failures, 0);
});

test("counts of other people and kinds are separate", async () => {
  await fail(failures);
  await attempts.admit([
    { kind: "person", subject: "li 10.0.0.1" },
    { kind: "account", subject: PERSON.subject },
  ]);
  assert.equal(await isLocked(), true);
});

test("the refusal says how many minutes remain, and Retry-After the seconds", async () => {
  await fail(failures);
  clock.advance((lockSeconds - 61) * SECOND);
  await assert.rejects(attempts.admit([PERSON]), (error) => {
    assert.ok(error instanceof RefusalError);
    assert.match(error.refusal.problem("en").detail, /in 2 minutes/);
    assert.equal(error.refusal.retryAfter, 61);
    return true;
  });
});

test("a lock that an earlier release left in the database goes on until its time", async () => {
  const lockedUntil = new Date(clock.utc() + 10 * SECOND);
  const row = { key: "person wang 10.0.0.1", failures: 0, failed_at: new Date(clock.utc()), locked_until: lockedUntil };
  await database.db.insertInto("attempts").values(row).execute();
  assert.equal(await attempts.count([PERSON]), 10);
  clock.advance(10 * SECOND);
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
});

test("a lock is logged once, when it begins", async () => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const logged = new Attempts(database.db, log, clock.utc);
  for (let i = 0; i < failures + 20; i++) await logged.count([PERSON]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /"subject":"wang 10\.0\.0\.1".*failed attempts locked/);
});

test("a flood of refused attempts asks the database once a second, and a lock that ended elsewhere is noticed then", async () => {
  await fail(failures);
  assert.equal(await isLocked(), true);
  await database.db.deleteFrom("attempts").execute();
  assert.equal(await isLocked(), true);
  assert.equal((await database.db.selectFrom("attempts").selectAll().execute()).length, 0);
  clock.advance(SECOND);
  assert.equal(await isLocked(), false);
});

test("a sweep deletes counts of more than a day ago only", async () => {
  await fail(1);
  clock.advance(24 * 3600 * SECOND);
  await attempts.sweep();
  assert.equal((await database.db.selectFrom("attempts").selectAll().execute()).length, 1);
  clock.advance(1);
  await attempts.sweep();
  assert.equal((await database.db.selectFrom("attempts").selectAll().execute()).length, 0);
});
