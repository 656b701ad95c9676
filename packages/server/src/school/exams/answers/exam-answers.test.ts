import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { openTestDatabase, silentLog } from "../../foundation/store/test-database.ts";
import { ExamAnswers } from "./exam-answers.ts";
import { CLOSES, HASH, insertExam, KEY, OPENS } from "./test-exam.ts";

async function open(t: TestContext) {
  const { db, close } = await openTestDatabase();
  t.after(close);
  const made = await insertExam(db, 3);
  const clock = { now: OPENS };
  const storedSecrets = { decrypt: (_table: string, _key: string, stored: string) => stored };
  const files = { take: async () => ({ refused: "storage-away" as const }) };
  let due = 0;
  const service = new ExamAnswers({ db, storedSecrets, files, log: silentLog, now: () => clock.now, onGradingDue: () => due++ });
  return { db, clock, ...made, ...service.answers, due: () => due };
}

test("an examination is listed with its key from half an hour before it opens until an hour after the last end", async (t) => {
  const { clock, openExams, exam, school, db, attempts } = await open(t);
  await db.updateTable("exam_attempts").set({ extra_seconds: 600 }).where("id", "=", attempts[0]!).execute();
  const at = async (now: number) => {
    clock.now = now;
    return await openExams({ version: null });
  };
  assert.deepEqual((await at(OPENS - 1_800_001)).exams, []);
  const { version, exams } = await at(OPENS - 1_800_000 + 2000);
  const lastEndsAt = CLOSES + 600_000;
  const listed = { exam, school, course: null, hash: HASH, key: KEY, opensAt: OPENS, closesAt: CLOSES, seconds: 3600, lastEndsAt };
  assert.deepEqual(exams, [listed]);
  assert.deepEqual(await openExams({ version }), { version }, "an unchanged list is not sent again");
  assert.deepEqual((await at(lastEndsAt + 3_600_000)).exams, [listed]);
  assert.deepEqual((await at(lastEndsAt + 3_602_000)).exams, []);
});

test("workers hear of attempts that were deleted, in whatever way, and of none of a deleted examination", async (t) => {
  const { openExams, exam, db, attempts, clock } = await open(t);
  await db
    .updateTable("exams")
    .set({ closes_at: new Date(Date.now() + 3_600_000) })
    .execute();
  clock.now = OPENS;
  assert.equal((await openExams({ version: null })).exams?.[0]?.deletedAttempts, undefined);
  await db.deleteFrom("exam_attempts").where("id", "=", attempts[0]!).execute();
  clock.now += 2000;
  assert.deepEqual((await openExams({ version: null })).exams?.[0]?.deletedAttempts, [attempts[0]]);
  await db.updateTable("exams").set({ deleted_at: new Date() }).execute();
  await db.deleteFrom("exams").where("id", "=", exam).execute();
  assert.deepEqual(await db.selectFrom("exam_deleted_attempts").select("attempt_id").execute(), [{ attempt_id: attempts[0]! }]);
});

test("a package is found by its examination and hash alone", async (t) => {
  const { examPackage, exam } = await open(t);
  assert.deepEqual(await examPackage({ exam, hash: HASH }), { bytes: Buffer.from("encrypted").toString("base64") });
  assert.equal(await examPackage({ exam, hash: "cd".repeat(32) }), null);
  assert.equal(await examPackage({ exam: "another", hash: HASH }), null);
});

test("one request that the database does not take fails alone", async (t) => {
  const { examAnswers, examStored, exam, attempts, clock } = await open(t);
  clock.now = OPENS + 1000;
  const sent = attempts.map((attempt, i) => ({
    exam,
    attempt,
    seat: 1,
    answers: [{ seq: 1, question: "q", value: i === 1 ? "\0" : "fine", writtenAt: OPENS }],
    facts: [],
  }));
  const results = await examAnswers({ sent });
  assert.deepEqual(
    results.map((result) => ("refused" in result ? result.refused : result.stored)),
    [1, "bad-request", 1],
  );
  const stored = await examStored({ attempts: attempts.map((attempt) => ({ exam, attempt, seat: 1 })) });
  assert.deepEqual(
    stored.map((one) => "answers" in one && one.answers.length),
    [1, 0, 1],
  );
});

test("a hand-in wakes the grading; answers alone do not", async (t) => {
  const { examAnswers, exam, attempts, clock, due } = await open(t);
  clock.now = OPENS + 1000;
  const sent = { exam, attempt: attempts[0]!, seat: 1, answers: [], facts: [] };
  await examAnswers({ sent: [{ ...sent, startedAt: OPENS }] });
  assert.equal(due(), 0);
  await examAnswers({ sent: [{ ...sent, isHandedIn: true }] });
  assert.equal(due(), 1);
});
