import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Answer, AnswerValue } from "@lectern/exam";
import type { SentAnswers } from "../../../contracts/exams/exam-messages.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { openTestDatabase } from "../../foundation/store/test-database.ts";
import { storeGroup } from "./store-group.ts";
import { storedAnswers } from "./stored-answers.ts";
import { CLOSES, insertExam, OPENS } from "./test-exam.ts";

const MINUTE = 60_000;
const answer = (seq: number, question: string, value: AnswerValue, writtenAt = OPENS + MINUTE): Answer => ({
  seq,
  question,
  value,
  writtenAt,
});

async function openExam(t: TestContext, count = 2) {
  const { db, close } = await openTestDatabase();
  t.after(close);
  const { exam, attempts } = await insertExam(db, count);
  const [first = "", second = ""] = attempts;
  const sent = (answers: readonly Answer[] = [], over: Partial<SentAnswers> = {}): SentAnswers => ({
    exam,
    attempt: first,
    seat: 1,
    answers,
    facts: [],
    ...over,
  });
  const store = async (one: SentAnswers, now: number) => (await storeGroup(db, [one], now)).results[0]!;
  const stored = async (attempt = first) => {
    const [content] = await storedAnswers(db, [{ exam, attempt, seat: 1 }]);
    assert.ok(content && "answers" in content);
    return Object.fromEntries(content.answers.map(({ question, value }) => [question, value]));
  };
  const row = async (attempt = first) =>
    await db.selectFrom("exam_attempts").selectAll().where("id", "=", attempt).executeTakeFirstOrThrow();
  const all = async () => await db.selectFrom("exam_answers").selectAll().orderBy("seq").execute();
  return { db, exam, first, second, sent, store, stored, row, all };
}

test("answers of several candidates and their starts are one transaction, and each is told its own", async (t) => {
  const { db, first, second, sent, stored, row } = await openExam(t);
  const values: AnswerValue[] = ["a", ["b", "c"], true, null, { g1: "½" }, { typed: "an essay 作文" }, { uploads: ["u1"] }];
  const { results, isGradingDue } = await storeGroup(
    db,
    [
      sent([], { startedAt: OPENS + 1000 }),
      sent([], { attempt: second, startedAt: OPENS + 2000 }),
      sent(values.map((value, i) => answer(i + 1, `q${i}`, value))),
      sent([answer(1, "q0", "b")], { attempt: second }),
    ],
    OPENS + 2 * MINUTE,
  );
  const times = (startedAt: number) => ({ startedAt, endsAt: startedAt + 60 * MINUTE, handedInAt: null, late: [] });
  assert.deepEqual(results, [
    { ...times(OPENS + 1000), stored: 0 },
    { ...times(OPENS + 2000), stored: 0 },
    { ...times(OPENS + 1000), stored: 7 },
    { ...times(OPENS + 2000), stored: 1 },
  ]);
  assert.equal(isGradingDue, false);
  assert.deepEqual(await stored(), Object.fromEntries(values.map((value, i) => [`q${i}`, value])));
  assert.deepEqual(await stored(second), { q0: "b" });
  assert.deepEqual((await row(first)).ends_at, new Date(OPENS + 1000 + 60 * MINUTE));
});

test("a request that comes again, also within its group, is stored once and acknowledged each time", async (t) => {
  const { db, sent, store, all } = await openExam(t);
  const one = sent([answer(1, "q", "a"), answer(2, "q", "b")]);
  const { results } = await storeGroup(db, [one, one], OPENS + MINUTE);
  assert.deepEqual(
    results.map((result) => "stored" in result && result.stored),
    [2, 2],
  );
  const again = await store(sent([...one.answers, answer(3, "r", "c")]), OPENS + 2 * MINUTE);
  assert.equal("stored" in again && again.stored, 3);
  assert.deepEqual(
    (await all()).map(({ seq, value, received_at }) => [seq, value, received_at.getTime() - OPENS]),
    [
      [1, "a", MINUTE],
      [2, "b", MINUTE],
      [3, "c", 2 * MINUTE],
    ],
  );
});

test("another answer under a number that is used is refused with its whole request, in a group too", async (t) => {
  const { db, sent, store, stored } = await openExam(t);
  await store(sent([answer(1, "q", "a")]), OPENS + MINUTE);
  const other = await store(sent([answer(1, "q", "of the other tab"), answer(2, "r", "x")]), OPENS + MINUTE);
  assert.deepEqual(other, { refused: "exam-open-twice" });
  const { results } = await storeGroup(db, [sent([answer(3, "s", "1")]), sent([answer(3, "s", "2")])], OPENS + MINUTE);
  assert.deepEqual(
    results.map((result) => ("refused" in result ? result.refused : result.stored)),
    [3, "exam-open-twice"],
  );
  assert.deepEqual(await stored(), { q: "a", s: "1" });
});

test("what was written before the end and comes later is late; what was written after it is refused, alone or among others", async (t) => {
  const { sent, store, stored, all } = await openExam(t);
  await store(sent([], { startedAt: OPENS }), OPENS);
  const end = OPENS + 60 * MINUTE;
  const mixed = await store(sent([answer(1, "q", "in time", end), answer(2, "r", "after", end + 1)]), end + 10 * MINUTE);
  assert.deepEqual(mixed, { stored: 2, late: [2], startedAt: OPENS, endsAt: end, handedInAt: null });
  assert.deepEqual(await store(sent([answer(3, "r", "after", end + 1)]), end + 1), { refused: "exam-ended" });
  assert.deepEqual(await store(sent([answer(4, "r", "too late", end)]), end + 21 * MINUTE), { refused: "exam-ended" });
  assert.deepEqual(await stored(), { q: "in time" });
  assert.deepEqual(
    (await all()).map(({ is_late }) => is_late),
    [true],
  );
  const again = await store(sent([answer(1, "q", "in time", end)]), end + 60 * MINUTE);
  assert.deepEqual("stored" in again && [again.stored, again.late], [1, []], "what is stored is acknowledged at any time");
});

test("the window ends an attempt that began late, and time that was given comes on top", async (t) => {
  const { db, first, sent, store } = await openExam(t);
  await db.updateTable("exam_attempts").set({ extra_seconds: 300 }).where("id", "=", first).execute();
  const result = await store(sent([], { startedAt: CLOSES - MINUTE }), CLOSES - MINUTE);
  assert.equal("endsAt" in result && result.endsAt, CLOSES + 5 * MINUTE);
});

test("a hand-in stores what comes with it, and ends the attempt: nothing counts after it, and grading is due", async (t) => {
  const { db, sent, store, stored, row } = await openExam(t);
  const at = OPENS + 10 * MINUTE;
  const { results, isGradingDue } = await storeGroup(db, [sent([answer(1, "q", "a")], { isHandedIn: true })], at);
  assert.equal("handedInAt" in results[0]! && results[0].handedInAt, at);
  assert.equal(isGradingDue, true);
  assert.deepEqual(await store(sent([answer(2, "q", "b", at - 1)]), at + 1), { refused: "exam-ended" });
  const again = await store(sent([answer(1, "q", "a")], { isHandedIn: true }), at + MINUTE);
  assert.equal("handedInAt" in again && again.handedInAt, at);
  assert.deepEqual(await stored(), { q: "a" });
  const { handed_in_by, handed_in_at, grade_due_at } = await row();
  assert.deepEqual([handed_in_by, handed_in_at, grade_due_at], ["candidate", new Date(at), new Date(at)]);
});

test("a device that comes back after the end hands in what it wrote before; it is graded again", async (t) => {
  const { db, first, sent, store, stored, row } = await openExam(t);
  await store(sent([], { startedAt: OPENS }), OPENS);
  const end = OPENS + 60 * MINUTE;
  const handedIn = { handed_in_at: new Date(end), handed_in_by: "time", grade_due_at: null, graded_at: new Date(end) } as const;
  await db.updateTable("exam_attempts").set(handedIn).where("id", "=", first).execute();
  const result = await store(sent([answer(1, "q", "offline", end - MINUTE)], { isHandedIn: true }), end + 5 * MINUTE);
  assert.deepEqual(result, { stored: 1, late: [], startedAt: OPENS, endsAt: end, handedInAt: end });
  assert.deepEqual(await stored(), { q: "offline" });
  assert.deepEqual((await row()).grade_due_at, new Date(end + 5 * MINUTE));
});

test("an earlier seat is refused, and an attempt of another examination, or none, is unknown", async (t) => {
  const { db, first, sent, store } = await openExam(t);
  await db.updateTable("exam_attempts").set({ seat: 2 }).where("id", "=", first).execute();
  const now = OPENS + MINUTE;
  assert.deepEqual(await store(sent([answer(1, "q", "a")]), now), { refused: "exam-seat-taken" });
  assert.deepEqual(await store(sent([], { seat: 3 }), now), { refused: "exam-attempt-unknown" });
  assert.deepEqual(await store(sent([], { seat: 2, exam: "another" }), now), { refused: "exam-attempt-unknown" });
  assert.deepEqual(await store(sent([], { attempt: "none" }), now), { refused: "exam-attempt-unknown" });
  assert.deepEqual(await store(sent([], { seat: 2 }), OPENS - 1), { refused: "exam-not-started" });
  assert.ok("stored" in (await store(sent([answer(1, "q", "a")], { seat: 2 }), now)));
});

test("facts that the school has switched off are acknowledged, and not noted", async (t) => {
  const { db, sent, store } = await openExam(t);
  const facts = [
    { seq: 1, fact: "page-left", detail: "of 3 s", writtenAt: OPENS },
    { seq: 2, fact: "large-paste", writtenAt: OPENS },
  ] as const;
  const result = await store(sent([], { facts, startedAt: OPENS }), OPENS + 1);
  assert.equal("stored" in result && result.stored, 2);
  const rows = await db.selectFrom("exam_facts").select(["seq", "fact", "detail"]).execute();
  assert.deepEqual(rows, [{ seq: 1, fact: "page-left", detail: "of 3 s" }]);
});

test("how often sound was played is kept whatever is noted, and told to the device that comes back", async (t) => {
  const { db, sent, store, exam, first } = await openExam(t);
  await db
    .updateTable("exams")
    .set({ facts: json([]) })
    .execute();
  const played = (seq: number) => ({ seq, fact: "sound-played", detail: "f1", writtenAt: OPENS + MINUTE }) as const;
  await store(sent([], { startedAt: OPENS, facts: [played(1), played(2)] }), OPENS + MINUTE);
  await store(sent([], { facts: [played(2)] }), OPENS + MINUTE);
  const [content] = await storedAnswers(db, [{ exam, attempt: first, seat: 1 }]);
  assert.ok(content && "answers" in content);
  assert.deepEqual([content.plays, content.seq], [{ f1: 2 }, 2]);
  assert.deepEqual(await db.selectFrom("exam_facts").selectAll().execute(), []);
});

test("a device that comes back gets the newest answer of each question, of any seat, and its own last number", async (t) => {
  const { db, exam, first, sent, store } = await openExam(t);
  const now = OPENS + MINUTE;
  await store(sent([answer(1, "q", "old"), answer(9, "q", "newer"), answer(2, "r", "r")]), now);
  await db.updateTable("exam_attempts").set({ seat: 2 }).where("id", "=", first).execute();
  await store(sent([answer(1, "q", "newest")], { seat: 2, facts: [{ seq: 5, fact: "page-left", writtenAt: now }] }), now);
  const [content] = await storedAnswers(db, [{ exam, attempt: first, seat: 2 }]);
  assert.ok(content && "answers" in content);
  assert.deepEqual([content.seat, content.seq], [2, 5]);
  assert.deepEqual(
    content.answers.map(({ question, value }) => [question, value]),
    [
      ["q", "newest"],
      ["r", "r"],
    ],
  );
  assert.deepEqual(await storedAnswers(db, [{ exam, attempt: first, seat: 1 }]), [{ refused: "exam-seat-taken" }]);
});

test("a key that an older device got starts the attempt, so that nobody reads the paper before the time runs", async (t) => {
  const { db, first, sent, store, row } = await openExam(t);
  await db.updateTable("exam_attempts").set({ seat: 2 }).where("id", "=", first).execute();
  const refused = await store(sent([answer(1, "q", "a")], { startedAt: OPENS + 1000 }), OPENS + 2000);
  assert.deepEqual(refused, { refused: "exam-seat-taken" });
  await store(sent([], { seat: 2, startedAt: OPENS + 50 * MINUTE }), OPENS + 50 * MINUTE);
  assert.equal((await row()).started_at?.getTime(), OPENS + 1000);
  assert.equal((await row()).ends_at?.getTime(), OPENS + 1000 + 60 * MINUTE);
});

test("who has entered and waits begins at the latest entry at the latest", async (t) => {
  const { db, exam, sent, store, row } = await openExam(t);
  const latest_entry_at = new Date(OPENS + 10 * MINUTE);
  await db.updateTable("exams").set({ latest_entry_at }).where("id", "=", exam).execute();
  await store(sent([], { startedAt: OPENS + 55 * MINUTE }), OPENS + 55 * MINUTE);
  assert.equal((await row()).started_at?.getTime(), OPENS + 10 * MINUTE);
});

test("who waits for the start of a supervised examination hears messages and confirms them; nothing else is taken before it", async (t) => {
  const { db, exam, first, sent, store, row } = await openExam(t);
  const now = OPENS - MINUTE;
  assert.deepEqual(await store(sent(), now), { refused: "exam-not-started" }, "nobody supervises it");
  await db.updateTable("exams").set({ stream_name: "exam-abcdefghijklmnop" }).where("id", "=", exam).execute();
  const message = { id: newId(), attempt_id: first, text: "Please show your card", sender_id: null, sent_at: new Date(now) };
  await db.insertInto("exam_messages").values(message).execute();
  const times = { stored: 0, late: [], startedAt: null, endsAt: null, handedInAt: null };
  const messages = [{ id: message.id, text: message.text, at: now }];
  assert.deepEqual(await store(sent(), now), { ...times, messages });
  assert.deepEqual((await row()).heard_at, new Date(now));
  assert.deepEqual(await store(sent([], { seen: [message.id] }), now), times);
  for (const more of [{ answers: [answer(1, "q", "a", now)] }, { isHandedIn: true }, { startedAt: now }])
    assert.deepEqual(await store(sent([], more), now), { refused: "exam-not-started" });
  const facts = [{ seq: 1, fact: "page-left", writtenAt: now }] as const;
  assert.deepEqual(await store(sent([], { facts }), now), { refused: "exam-not-started" });
  assert.equal((await row()).started_at, null);
});

test("a page that comes back while the clock stands learns since when, so that it shows the time that is left", async (t) => {
  const { db, exam, first, sent, store } = await openExam(t);
  await store(sent([answer(1, "q", "a")], { startedAt: OPENS }), OPENS + MINUTE);
  await db
    .updateTable("exam_attempts")
    .set({ paused_at: new Date(OPENS + 2 * MINUTE) })
    .where("id", "=", first)
    .execute();
  const paused = { paused: true, pausedAt: OPENS + 2 * MINUTE };
  const asked = await store(sent(), OPENS + 9 * MINUTE);
  const [content] = await storedAnswers(db, [{ exam, attempt: first, seat: 1 }]);
  for (const told of [asked, content!]) assert.deepEqual(told, { ...told, ...paused, endsAt: OPENS + 60 * MINUTE });
});
