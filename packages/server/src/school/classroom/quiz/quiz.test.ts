/** Quizzes in a room: what staff do with them, what answers count, who learns what, and when they close. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ActionResult } from "../../../contracts/rooms/room-requests.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { actionOf, openTestRoom, student, TEACHER, type TestRoom } from "./test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function openRoom(clock?: ManualClock) {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  return { db, school, lesson, room: await openTestRoom(db, lesson, clock) };
}

const SINGLE = { type: "single", text: "1 + 1 = ?", options: ["1", "2", "3"], correct: [1] };

function codeOf(result: ActionResult): string | null {
  return "refused" in result ? result.refused : null;
}

function countsIn(tally: Readonly<Record<string, unknown>> | null): number[] {
  const counts = tally?.["counts"] ?? [];
  return (counts as { count: number }[]).map(({ count }) => count);
}

const answered = (room: TestRoom, quiz: string, choice: unknown, person = student()) =>
  room.one(person, "answer", { quiz, choice });

test("a question that staff ask aloud has no text, so that each page words it in its own language", async () => {
  const { room } = await openRoom();
  const ref = await room.open({ type: "boolean", correct: true });
  const entry = room.entries.at(-1)?.body;
  assert.deepEqual([entry?.["ref"], entry?.["text"]], [ref, ""]);
  assert.equal(codeOf(await room.one(TEACHER, "quiz", { action: "open", text: "Which type?" })), "bad-request");
});

test("staff open, close, reveal and remove a quiz; everybody sees each state, and the right answer only when it is revealed", async () => {
  const { db, room, lesson } = await openRoom();
  const ref = await room.open({ ...SINGLE, explanation: "Count your fingers." });
  const open = {
    ref,
    type: "single",
    text: "1 + 1 = ?",
    options: ["1", "2", "3"],
    state: "open",
    closesAt: null,
    anonymous: false,
  };
  assert.deepEqual(room.entries.at(-1)?.body, open);
  assert.equal(room.entries.at(-1)?.key, `quiz/${ref}`);
  assert.equal(room.entries.at(-1)?.to, "all");
  for (const choice of [[1], [1], [0]]) assert.equal(codeOf(await answered(room, ref, choice)), null);
  await room.one(TEACHER, "quiz", { action: "close", ref });
  assert.deepEqual(room.entries.at(-1)?.body, { ...open, state: "closed" });
  await room.one(TEACHER, "quiz", { action: "reveal", ref });
  const counts = [
    { choice: 0, count: 1 },
    { choice: 1, count: 2 },
    { choice: 2, count: 0 },
  ];
  const results = { answered: 3, correct: 2, counts, others: 0 };
  const shown = { ...open, state: "revealed", correct: [1], explanation: "Count your fingers.", results };
  assert.deepEqual(room.entries.at(-1)?.body, shown);
  assert.deepEqual(room.signals.at(-1), { kind: "tally", key: ref, to: "all", body: results });
  const before = room.entries.length;
  assert.equal(codeOf(await room.one(TEACHER, "quiz", { action: "close", ref })), null);
  assert.equal(codeOf(await room.one(TEACHER, "quiz", { action: "reveal", ref })), null);
  assert.equal(room.entries.length, before, "repeating it does nothing");
  await room.one(TEACHER, "quiz", { action: "remove", ref });
  assert.deepEqual([room.entries.at(-1)?.gone, room.entries.at(-1)?.key], [true, `quiz/${ref}`]);
  assert.deepEqual(await db.selectFrom("quizzes").selectAll().where("lesson_id", "=", lesson.id).execute(), []);
  assert.equal(codeOf(await room.one(TEACHER, "quiz", { action: "close", ref })), "not-found");
});

test("an answer can be changed until the quiz closes, and the counts move; a repeated answer does nothing; a closed quiz takes none", async () => {
  const { db, room } = await openRoom();
  const ref = await room.open(SINGLE);
  const pupil = student();
  const countsOf = () => countsIn(room.tally(ref));
  const result = await answered(room, ref, [0], pupil);
  assert.deepEqual("body" in result && result.body, { quiz: ref, choice: [0] }, "the stored choice is acknowledged");
  assert.deepEqual(countsOf(), [1, 0, 0]);
  const stored = () => db.selectFrom("quiz_answers").selectAll().where("quiz_id", "=", ref).execute();
  const [first] = await stored();
  room.clock.advance(1000);
  await answered(room, ref, [0], pupil);
  assert.deepEqual(await stored(), [first], "the time of the first is kept");
  await answered(room, ref, [1], pupil);
  room.clock.advance(1000);
  assert.deepEqual(countsOf(), [0, 1, 0]);
  // Two in one group: the last one counts.
  await room.send([0, 2].map((choice) => ({ person: pupil, action: actionOf("answer", { quiz: ref, choice: [choice] }) })));
  room.clock.advance(1000);
  assert.deepEqual([countsOf(), room.tally(ref)?.["answered"]], [[0, 0, 1], 1]);
  await room.one(TEACHER, "quiz", { action: "close", ref });
  assert.equal(codeOf(await answered(room, ref, [1], pupil)), "closed");
  const lastly = await answered(room, ref, [2], pupil);
  assert.deepEqual("body" in lastly && lastly.body, { quiz: ref, choice: [2] }, "what was stored in time, sent again");
  assert.deepEqual(
    (await stored()).map(({ choice }) => choice),
    [[2]],
  );
});

test("answers and the end of a quiz in one group are taken in their order", async () => {
  const { room } = await openRoom();
  const ref = await room.open(SINGLE);
  const give = () => ({ person: student(), action: actionOf("answer", { quiz: ref, choice: [1] }) });
  const results = await room.send([give(), { person: TEACHER, action: actionOf("quiz", { action: "close", ref }) }, give()]);
  assert.deepEqual(results.map(codeOf), [null, null, "closed"]);
  assert.deepEqual([room.tally(ref)?.["answered"], room.tally(ref)?.["correct"]], [1, 1]);
});

test("what was stored without this process hearing of it is counted, and closes in its time", async () => {
  const { room } = await openRoom();
  const opening = actionOf("quiz", { action: "open", ...SINGLE, seconds: 10 });
  const [opened] = await room.send([{ person: TEACHER, action: opening }], false);
  const ref = opened && "body" in opened ? String(opened.body?.["ref"]) : "";
  const group = Array.from({ length: 3 }, () => ({ person: student(), action: actionOf("answer", { quiz: ref, choice: [1] }) }));
  await room.send(group, false);
  await room.send(group);
  assert.equal(room.tally(ref)?.["answered"], 3, "once each");
  room.clock.advance(10_000);
  await Promise.all(room.acts);
  assert.deepEqual([room.entries.at(-1)?.body["ref"], room.entries.at(-1)?.body["state"]], [ref, "closed"]);
});

test("only members answer, only staff do the rest, and what does not fit is refused", async () => {
  const { room, lesson, school } = await openRoom();
  const { room: other } = await openRoom();
  const ref = await room.open(SINGLE);
  assert.equal(codeOf(await room.one(student(), "quiz", { action: "open", ...SINGLE })), "refused-by-rule");
  assert.equal(codeOf(await room.one(student(), "quiz", { action: "reveal", ref })), "refused-by-rule");
  assert.equal(codeOf(await answered(room, ref, [1], TEACHER)), "refused-by-rule");
  assert.equal(codeOf(await answered(other, ref, [1])), "not-found", "a quiz of another lesson");
  for (const choice of [[], [3], [0, 1], [0.5], [-1], "1", 1, true, null, ["0"]])
    assert.equal(codeOf(await answered(room, ref, choice)), "bad-request", JSON.stringify(choice));
  for (const wrong of [
    { type: "single", text: "x", options: ["1"] },
    { type: "single", text: "x", options: ["1", "1"] },
    { ...SINGLE, correct: [3] },
    { ...SINGLE, correct: [0, 1] },
    { ...SINGLE, text: "\u202e" },
    { ...SINGLE, text: "x".repeat(1001) },
    { type: "boolean", text: "x", options: ["a", "b"] },
    { type: "boolean", text: "x", correct: "yes" },
    { type: "number", text: "x", correct: true },
    { type: "text", text: "x", correct: 1 },
    { type: "essay", text: "x" },
    { ...SINGLE, seconds: 0 },
    { bank: newId() },
    {},
  ])
    assert.ok(
      ["bad-request", "not-found"].includes(codeOf(await room.one(TEACHER, "quiz", { action: "open", ...wrong })) ?? ""),
      JSON.stringify(wrong),
    );
  assert.ok(lesson.id && school.id);
});

test("numbers are right within their tolerance; texts in any case and width; multiple choice when all are right", async () => {
  const { room } = await openRoom();
  const right = async (quiz: Record<string, unknown>, ...choices: unknown[]) => {
    const ref = await room.open(quiz);
    for (const choice of choices) assert.equal(codeOf(await answered(room, ref, choice)), null, JSON.stringify(choice));
    await room.one(TEACHER, "quiz", { action: "close", ref });
    return room.tally(ref);
  };
  const number = { type: "number", text: "π", correct: { value: 0.3, tolerance: 0.01 } };
  assert.equal((await right(number, 0.3, 0.1 + 0.2, 0.31, 0.29, 0.32, -0.3))?.["correct"], 4);
  const text = await right(
    { type: "text", text: "Capital?", correct: ["Beijing", "北京"] },
    "beijing",
    " ＢＥＩＪＩＮＧ ",
    "北京",
    "Bei jing",
  );
  assert.equal(text?.["correct"], 3);
  assert.deepEqual(countsIn(text), [2, 1, 1], "the same answers are counted together");
  const multiple = { type: "multiple", text: "Even?", options: ["1", "2", "4"], correct: [2, 1] };
  assert.equal((await right(multiple, [1, 2], [2, 1, 1], [1], [0, 1, 2]))?.["correct"], 2);
  const poll = await right({ type: "boolean", text: "Ready?" }, true, false, true);
  assert.deepEqual(poll, {
    answered: 3,
    correct: null,
    others: 0,
    counts: [
      { choice: true, count: 2 },
      { choice: false, count: 1 },
    ],
  });
});

test("of many different texts the twenty most frequent are shown; a reveal shows no text that the word lists refuse", async () => {
  const { db } = database;
  const lesson = await insertLesson(db, (await insertSchool(db)).id);
  const check = (_: string, text: string) =>
    text === "bad"
      ? { action: "refuse" as const, text, reason: null }
      : { action: text === "rude" ? ("mask" as const) : ("pass" as const), text: text === "rude" ? "****" : text, reason: null };
  const room = await openTestRoom(db, lesson, new ManualClock(), check);
  const ref = await room.open({ type: "text", text: "A word?" });
  const texts = [...Array.from({ length: 30 }, (_, i) => `word ${i}`), "rude", "rude", "bad", "bad", "bad"];
  await room.send(texts.map((choice) => ({ person: student(), action: actionOf("answer", { quiz: ref, choice }) })));
  const staff = room.tally(ref) as { answered: number; others: number; counts: { choice: string; count: number }[] };
  assert.deepEqual([staff.answered, staff.counts.length, staff.others, staff.counts[0]], [35, 20, 12, { choice: "bad", count: 3 }]);
  await room.one(TEACHER, "quiz", { action: "reveal", ref });
  const all = room.tally(ref) as typeof staff;
  assert.deepEqual([all.answered, all.counts[0], all.others], [35, { choice: "****", count: 2 }, 15]);
  assert.ok(!JSON.stringify(room.entries.at(-1)?.body).includes("bad"));
});

test("counts are told at most twice a second, and the last ones within a second", async () => {
  const { room } = await openRoom();
  const ref = await room.open(SINGLE);
  for (let i = 0; i < 20; i++) {
    await answered(room, ref, [1]);
    room.clock.advance(50);
  }
  assert.ok(room.signals.length <= 3, `${room.signals.length} in a second`);
  room.clock.advance(500);
  assert.equal(room.tally(ref)?.["answered"], 20);
  const told = room.signals.length;
  room.clock.advance(10_000);
  assert.equal(room.signals.length, told, "nothing more to tell");
});

test("a quiz closes by itself when its time is over, also when the database was unavailable at that time", async () => {
  const { room } = await openRoom();
  const ref = await room.open({ ...SINGLE, seconds: 10 });
  assert.equal(room.entries.at(-1)?.body["closesAt"], room.clock.utc() + 10_000);
  room.clock.advance(9999);
  assert.equal(codeOf(await answered(room, ref, [1])), null);
  room.failing.acts = true;
  room.clock.advance(1);
  assert.equal(codeOf(await answered(room, ref, [1])), "closed", "before its owner could close it");
  await new Promise(setImmediate);
  room.failing.acts = false;
  room.clock.advance(2000);
  await Promise.all(room.acts);
  assert.deepEqual([room.entries.at(-1)?.body["state"], room.entries.at(-1)?.from], ["closed", null]);
  room.clock.advance(60_000);
  assert.equal(room.acts.length, 1, "once");
});

test("another owner tells the counts, closes what is over, and goes on with what is open", async () => {
  const { db, lesson, room } = await openRoom();
  const over = await room.open({ ...SINGLE, seconds: 10 });
  const going = await room.open({ ...SINGLE, seconds: 100 });
  for (const ref of [over, going]) await answered(room, ref, [1]);
  room.close();
  room.clock.advance(50_000);
  assert.equal(room.acts.length, 0, "no timer outlives its owner");
  const next = await openTestRoom(db, lesson, room.clock);
  assert.deepEqual([next.tally(over)?.["answered"], next.tally(going)?.["answered"]], [1, 1]);
  next.clock.advance(0);
  await Promise.all(next.acts);
  assert.deepEqual(
    next.entries.map(({ body }) => [body["ref"], body["state"]]),
    [[over, "closed"]],
  );
  await answered(next, going, [0]);
  assert.equal(next.tally(going)?.["answered"], 2);
  next.clock.advance(50_000);
  await Promise.all(next.acts);
  assert.deepEqual(next.entries.at(-1)?.body["ref"], going);
});

test("a lesson has at most 200 quizzes", async () => {
  const { room } = await openRoom();
  const open = () => ({ person: TEACHER, action: actionOf("quiz", { action: "open", type: "boolean", text: "?" }) });
  const results = await room.send(Array.from({ length: 201 }, open));
  assert.deepEqual(
    results.map(codeOf).filter((code) => code !== null),
    ["conflict"],
  );
  assert.equal(codeOf(results[200] as ActionResult), "conflict");
});

test("a person gets the own answers back; whether they were right only when it is revealed", async () => {
  const { room } = await openRoom();
  const [pupil, other] = [student(), student()];
  const refs = [await room.open(SINGLE), await room.open({ type: "text", text: "Why?", anonymous: true })];
  await answered(room, refs[0] ?? "", [1], pupil);
  await answered(room, refs[1] ?? "", "because", pupil);
  await answered(room, refs[0] ?? "", [0], other);
  const mine = async (person = pupil) => {
    const result = await room.one(person, "answer", { mine: true });
    return "body" in result ? result.body?.["answers"] : result;
  };
  const expected = [
    { quiz: refs[0], choice: [1] },
    { quiz: refs[1], choice: "because" },
  ];
  assert.deepEqual(await mine(), expected);
  assert.deepEqual(await mine(other), [{ quiz: refs[0], choice: [0] }]);
  assert.deepEqual(await mine(student()), []);
  await room.one(TEACHER, "quiz", { action: "reveal", ref: refs[0] });
  await room.one(TEACHER, "quiz", { action: "reveal", ref: refs[1] });
  assert.deepEqual(await mine(), [{ quiz: refs[0], choice: [1], isCorrect: true }], "of an anonymous quiz nobody knows any more");
});

test("an anonymous quiz has one answer per person while it is open, and nothing tells whose it was", async () => {
  const { db, room } = await openRoom();
  const ref = await room.open({ ...SINGLE, anonymous: true });
  const pupils = [student(), student()];
  for (const choice of [[0], [1]]) for (const pupil of pupils) await answered(room, ref, choice, pupil);
  const rows = () => db.selectFrom("quiz_answers").selectAll().where("quiz_id", "=", ref).execute();
  const open = await rows();
  assert.deepEqual(
    open.map(({ choice }) => choice),
    [[1], [1]],
  );
  assert.ok(!pupils.some(({ id }) => JSON.stringify(open).includes(id)));
  assert.equal(new Set(open.map(({ answered_at }) => answered_at.getTime())).size, 1, "not even by the time");
  await room.one(TEACHER, "quiz", { action: "close", ref });
  const { person_salt } = await db.selectFrom("quizzes").select("person_salt").where("id", "=", ref).executeTakeFirstOrThrow();
  assert.equal(person_salt, null);
  assert.equal((await rows()).length, 2);
});
