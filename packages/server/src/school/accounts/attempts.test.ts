/** Failed attempts: what locks, for how long, and what is forgotten. Time is a manual clock's. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { RefusalError } from "../../platform/api/server.ts";
import { ManualClock } from "../../platform/clock.ts";
import { openTestDatabase, refusalCode, type TestDatabase } from "../store/test-database.ts";
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
  attempts = new Attempts(database.db, clock.utc);
});

async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await attempts.failed([PERSON]);
}

const isLocked = async () => (await refusalCode(attempts.check([PERSON]))) === "too-many";

test("the last allowed failure locks, the one before does not", async () => {
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
  await fail(1);
  assert.equal(await isLocked(), true);
});

test("a lock ends after its time, and the count starts again", async () => {
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
  await attempts.succeeded([PERSON]);
  await fail(failures - 1);
  assert.equal(await isLocked(), false);
});

test("counts of other people and kinds are separate", async () => {
  await fail(failures);
  await attempts.check([
    { kind: "person", subject: "li 10.0.0.1" },
    { kind: "login", subject: PERSON.subject },
  ]);
  assert.equal(await isLocked(), true);
});

test("the refusal says how many minutes remain", async () => {
  await fail(failures);
  clock.advance((lockSeconds - 61) * SECOND);
  await assert.rejects(attempts.check([PERSON]), (error) => {
    assert.ok(error instanceof RefusalError);
    assert.match(error.refusal.problem("en").detail, /in 2 minutes/);
    return true;
  });
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
