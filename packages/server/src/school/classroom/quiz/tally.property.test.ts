/** Whatever order answers, repeats, changes, faults and ends come in: the counts that are told are those of the rows. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { GroupAction } from "../commit-group.ts";
import { countAnswers, findQuizzes } from "./quiz-rows.ts";
import { actionOf, openTestRoom, student, TEACHER, type TestRoom } from "./test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const QUIZZES = [
  { type: "single", text: "a", options: ["1", "2"], correct: [1] },
  { type: "multiple", text: "b", options: ["1", "2", "3"], anonymous: true },
  { type: "text", text: "c", correct: "x" },
];
const CHOICES = [
  [[0], [1], [2]],
  [[0], [1, 0], [2, 1, 0]],
  ["x", "Ｘ ", "y"],
];
const PEOPLE = Array.from({ length: 5 }, () => student());

/** An answer of a person, or the end of a quiz. */
const action = fc.record({
  person: fc.nat(PEOPLE.length - 1),
  quiz: fc.nat(QUIZZES.length - 1),
  choice: fc.nat(2),
  id: fc.nat(30),
  closes: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
});
const group = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 6 }),
  fate: fc.constantFrom("known" as const, "known" as const, "known" as const, "undone" as const, "unknown" as const),
  reopens: fc.integer({ min: 0, max: 10 }).map((n) => n === 0),
});

test("the counts that are told are those of the rows, whatever happens", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  await fc.assert(
    fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 12 }), async (groups) => {
      const lesson = await insertLesson(db, school.id);
      let room = await openTestRoom(db, lesson);
      const refs: string[] = [];
      for (const quiz of QUIZZES) refs.push(await room.open(quiz));
      for (const { actions, fate, reopens } of groups) {
        if (reopens) {
          room.close();
          room = await openTestRoom(db, lesson, room.clock);
        }
        const asked = actions.map((one): GroupAction => {
          const ref = refs[one.quiz] ?? "";
          if (one.closes) return { person: TEACHER, action: actionOf("quiz", { action: "close", ref }) };
          const choice = CHOICES[one.quiz]?.[one.choice];
          return { person: PEOPLE[one.person] ?? student(), action: actionOf("answer", { quiz: ref, choice }, `action-${one.id}`) };
        });
        const fault = { person: null, action: actionOf("fault", {}) };
        await room.send(fate === "undone" ? [...asked, fault] : asked, fate === "known").catch(() => {});
        room.clock.advance(300);
      }
      await check(room, lesson.id, refs);
    }),
    { numRuns: 40 },
  );
});

/** After one more answer to each: what an owner was not told of, it finds in the rows. */
async function check(room: TestRoom, lessonId: string, refs: readonly string[]): Promise<void> {
  const { db } = database;
  const last = student();
  const give = (quiz: string, i: number) => ({ person: last, action: actionOf("answer", { quiz, choice: CHOICES[i]?.[0] }) });
  await room.send(refs.map(give));
  room.clock.advance(1000);
  const quizzes = await findQuizzes(db, lessonId, refs);
  const counted = await countAnswers(db, [...quizzes.values()]);
  for (const ref of refs) {
    const rows = counted.get(ref)?.result();
    const told = room.tally(ref);
    const isOpen = quizzes.get(ref)?.state === "open";
    // A quiz whose end the owner did not hear of has told its counts to nobody.
    if (isOpen) assert.deepEqual(folded(told), folded(rows));
    const people = await db.selectFrom("quiz_answers").select("participant_id").where("quiz_id", "=", ref).execute();
    assert.equal(rows?.answered, people.length);
    assert.ok(people.length <= PEOPLE.length + 1, "one answer of a person");
  }
}

/** The spelling of a text that is shown is the first, which the rows do not know. */
function folded(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result).normalize("NFKC").toLowerCase().replaceAll(' "', '"'));
}
