/** Questions, and their votes in bulk. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import fc from "fast-check";
import { newId } from "../../../../platform/id.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../../foundation/store/test-database.ts";
import { countVotes, VoteGroup } from "../question-votes.ts";
import { person, TestRoom } from "../test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");
const anna = person("member", "Anna");
const guest = person("guest", "Ben");

async function open(t: TestContext): Promise<TestRoom> {
  const room = await TestRoom.open(database);
  t.after(() => room.close());
  return room;
}

/** Waits for the entry that says so. */
async function votesBecome(room: TestRoom, ref: string, votes: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await room.retained()).get(`question/${ref}`)?.body["votes"] !== votes) {
    assert.ok(Date.now() < deadline, `${(await room.retained()).get(`question/${ref}`)?.body["votes"]} votes`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("everybody asks; staff answer and reopen, and what was voted stays", async (t) => {
  const room = await open(t);
  const ref = await room.ref(guest, "question", { action: "ask", text: "Why?" });
  const body = async () => (await room.retained()).get(`question/${ref}`)?.body;
  const asked = { ref, text: "Why?", votes: 0, state: "open", author: { id: guest.id, name: "Ben" } };
  assert.deepEqual(await body(), asked);
  await room.do(anna, "question", { action: "vote", ref, on: true });
  await votesBecome(room, ref, 1);
  assert.equal(await room.refusal(anna, "question", { action: "answer", ref, text: "Because" }), "refused-by-rule");
  assert.equal(await room.refusal(teacher, "question", { action: "answer", ref, text: "Because" }), null);
  assert.deepEqual(await body(), { ...asked, votes: 1, state: "answered", answer: "Because" });
  assert.equal(await room.refusal(teacher, "question", { action: "vote", ref, on: true }), "conflict");
  assert.equal(await room.refusal(guest, "question", { action: "reopen", ref }), "refused-by-rule");
  assert.equal(await room.refusal(teacher, "question", { action: "reopen", ref }), null);
  assert.deepEqual(await body(), { ...asked, votes: 1 });
});

test("each person votes once and may take it back; the asker's own vote does not count", async (t) => {
  const room = await open(t);
  const ref = await room.ref(anna, "question", { action: "ask", text: "Why?" });
  const vote = (who: typeof anna, on: boolean) => room.refusal(who, "question", { action: "vote", ref, on });
  await Promise.all([vote(anna, true), vote(guest, true), vote(guest, true), vote(teacher, true)]);
  await votesBecome(room, ref, 2);
  await Promise.all([vote(guest, false), vote(guest, true), vote(teacher, false)]);
  await votesBecome(room, ref, 1);
  assert.equal(await room.refusal(guest, "question", { action: "vote", ref: newId(), on: true }), "not-found");
});

test("thousands of votes become few entries, which do not name those who voted", async (t) => {
  const room = await open(t);
  const ref = await room.ref(anna, "question", { action: "ask", text: "Why?" });
  const voters = Array.from({ length: 3000 }, () => person("member"));
  await Promise.all(voters.map((who) => room.do(who, "question", { action: "vote", ref, on: true })));
  await votesBecome(room, ref, 3000);
  const told = room.entries.filter(({ key }) => key === `question/${ref}`);
  assert.ok(told.length < 20, `${told.length} entries`);
  assert.ok(told.slice(1).every(({ from }) => from === null));
});

test("votes that were stored and not counted are counted by the next owner of the room", async (t) => {
  const room = await open(t);
  const ref = await room.ref(anna, "question", { action: "ask", text: "Why?" });
  const votes = new VoteGroup();
  for (let i = 0; i < 7; i++) votes.add(ref, newId(), true);
  await database.db.transaction().execute((trx) => votes.store({ trx, lessonId: room.lesson.id }));
  await room.restart();
  await votesBecome(room, ref, 7);
});

test("nobody but the server has votes counted, and nobody asks where questions are off or words are refused", async (t) => {
  const room = await open(t);
  for (const who of [anna, teacher]) assert.equal(await room.refusal(who, "question", { action: "count" }), "refused-by-rule");
  assert.equal(await room.refusal(anna, "question", { action: "ask", text: "hate" }), "refused-words");
  const held = await room.do(anna, "question", { action: "ask", text: "fight?" });
  assert.deepEqual("body" in held && held.body, { held: true });
  const ref = await room.ref(guest, "question", { action: "ask", text: "Why?" });
  assert.equal(await room.refusal(guest, "question", { action: "ask", text: "And why?" }), "too-many");
  await room.do(teacher, "settings", { questions: false });
  room.now += 10_000;
  assert.equal(await room.refusal(anna, "question", { action: "ask", text: "Why?" }), "switched-off");
  assert.equal(await room.refusal(anna, "question", { action: "vote", ref, on: true }), "switched-off");
  assert.equal(await room.refusal(teacher, "question", { action: "answer", ref }), null);
});

test("votes of any groups count as the last choice of each person", async () => {
  const { db } = database;
  const lesson = await insertLesson(db, (await insertSchool(db)).id);
  const choice = fc.record({
    question: fc.constantFrom("a", "b"),
    participant: fc.constantFrom("1", "2", "3", "4"),
    on: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(choice, { maxLength: 10 }), { maxLength: 4 }), async (groups) => {
      await db.deleteFrom("question_votes").execute();
      const choices = new Map<string, boolean>();
      for (const group of groups) {
        const votes = new VoteGroup();
        for (const { question, participant, on } of group) {
          votes.add(question, participant, on);
          choices.set(question + participant, on);
        }
        await db.transaction().execute((trx) => votes.store({ trx, lessonId: lesson.id }));
      }
      const counted = await db.transaction().execute((trx) => countVotes({ trx, lessonId: lesson.id }, ["a", "b"]));
      for (const question of ["a", "b"]) {
        const expected = [...choices].filter(([key, on]) => on && key.startsWith(question)).length;
        assert.equal(counted.get(question) ?? 0, expected);
      }
    }),
    { numRuns: 30 },
  );
});
