/** Limits in an hour, on a real database. Time is a manual clock's. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { HOURLY, type HourlyCount, HourlyLimits, hourlyCounts } from "./hourly-limits.ts";

const HOUR_MS = 3600 * 1000;
const RECIPIENT: HourlyCount = { kind: "mail-recipient", subject: "wang" };
const MOST = HOURLY["mail-recipient"];

let database: TestDatabase;
let clock: ManualClock;
let limits: HourlyLimits;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("attempts").execute();
  clock = new ManualClock();
  limits = new HourlyLimits(database.db, silentLog, clock.utc);
});

async function passed(times: number, counts: readonly HourlyCount[] = [RECIPIENT]): Promise<number> {
  const results = await Promise.all(Array.from({ length: times }, () => limits.take(counts)));
  return results.filter((reached) => reached === null).length;
}

test("of 200 at the same time exactly as many pass as the limit says, and the next hour begins when the first is an hour ago", async () => {
  assert.equal(await passed(200), MOST);
  clock.advance(HOUR_MS - 1000);
  assert.deepEqual(await limits.take([RECIPIENT]), { kind: "mail-recipient", seconds: 1 });
  clock.advance(1000);
  assert.equal(await passed(200), MOST);
});

test("what comes one by one, each less than an hour after the one before, is not added up for days", async () => {
  for (let i = 0; i < 4 * MOST; i++) {
    assert.equal(await passed(1), 1);
    clock.advance(HOUR_MS / 2);
  }
});

test("where one limit is reached, the others are not counted", async () => {
  const person: HourlyCount = { kind: "mail-person", subject: "li" };
  await passed(MOST);
  assert.equal(await passed(5, [person, RECIPIENT]), 0);
  const row = await database.db
    .selectFrom("attempts")
    .select("failures")
    .where("key", "=", "hour mail-person li")
    .executeTakeFirst();
  assert.equal(row?.failures, 0);
  assert.equal(await passed(1, [person, { ...RECIPIENT, subject: "zhao" }]), 1);
});

test("in a crowd each is counted for the own subject, and exactly as many pass as the limit says", async () => {
  const other: HourlyCount = { ...RECIPIENT, subject: "zhao" };
  await passed(MOST - 5);
  const crowd = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? other : RECIPIENT));
  const results = await Promise.allSettled(crowd.map((count) => limits.admitInCrowd(count)));
  const admitted = (count: HourlyCount) => results.filter(({ status }, i) => status === "fulfilled" && crowd[i] === count).length;
  assert.deepEqual([admitted(RECIPIENT), admitted(other)], [5, 10]);
  const reasons = results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  assert.ok(reasons.every((reason) => reason instanceof RefusalError && reason.refusal.code === "too-many"));
  assert.deepEqual([MOST, await passed(1, [other])], [10, 0]);
});

test("the refusal says which limit it is, in words, and when to come again", async () => {
  await passed(MOST);
  clock.advance(HOUR_MS - 90_000);
  const error: unknown = await limits.admit([RECIPIENT]).catch((failure: unknown) => failure);
  assert.ok(error instanceof RefusalError);
  assert.deepEqual([error.refusal.code, error.refusal.status, error.refusal.retryAfter], ["too-many", 429, 90]);
  assert.match(error.refusal.detail, /This person was sent too much .* in 2 minutes/);
  assert.match(error.refusal.problem("zh").detail, /2 分钟/);
});

test("a person is counted with the address and the recipient; keys and the operator's token act for a school", () => {
  const kinds = (...args: Parameters<typeof hourlyCounts>) => hourlyCounts(...args).map(({ kind }) => kind);
  const person = { kind: "user", id: "1", ip: "2001:db8::1" } as const;
  assert.deepEqual(kinds("mail", person, "2"), ["mail-person", "mail-address", "mail-recipient"]);
  assert.equal(hourlyCounts("mail", person, "2")[1]?.subject, "2001:db8:0:0::/64");
  assert.deepEqual(kinds("code", person), ["code-person", "code-address"]);
  for (const kind of ["key", "token"] as const) {
    assert.deepEqual(kinds("invitation", { ...person, kind }, "2"), []);
    assert.deepEqual(kinds("mail", { ...person, kind }, "2"), ["mail-recipient"]);
  }
});
