import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "@lectern/exam";
import { memoryStore } from "./device-store.ts";
import { Journal, type KeptEntry, MAX_BATCH, MAX_BATCH_BYTES } from "./journal.ts";

const SEAT = { id: "at1", seat: 1 };
const NOTHING = { answers: [], seq: 0 };

const fresh = (store = memoryStore()) => new Journal(store, SEAT, [], NOTHING);
const answersIn = (journal: Journal) =>
  journal.nextBatch()?.answers.map(({ seq, question, value }) => [seq, question, value]) ?? null;

test("numbers begin with 1 and have no holes over answers and facts", () => {
  const journal = fresh();
  journal.write("q1", "a", false, 10);
  journal.note("page-left", 11);
  journal.write("q2", true, false, 12);
  const batch = journal.nextBatch();
  assert.deepEqual(
    batch?.answers.map(({ seq }) => seq),
    [1, 3],
  );
  assert.deepEqual(batch?.facts, [{ seq: 2, fact: "page-left", writtenAt: 11 }]);
});

test("an answer that was not sent is replaced by a newer one; one that may have been sent keeps number and value", () => {
  const journal = fresh();
  journal.write("q1", "a", false, 10);
  journal.write("q1", "b", false, 11);
  assert.deepEqual(answersIn(journal), [[1, "q1", "b"]]);
  journal.write("q1", "c", false, 12);
  assert.deepEqual(answersIn(journal), [
    [1, "q1", "b"],
    [2, "q1", "c"],
  ]);
});

test("an answer is saved only when the server has acknowledged the newest one of its question", () => {
  const journal = fresh();
  journal.write("q1", "a", false, 10);
  journal.nextBatch();
  journal.write("q1", "b", true, 11);
  journal.acknowledge(1);
  assert.deepEqual(journal.answerOf("q1"), { value: "b", isMarked: true, isSaved: false });
  assert.equal(journal.unsaved(), 1);
  journal.acknowledge(2);
  assert.deepEqual([journal.answerOf("q1").isSaved, journal.isAllSent(), journal.nextBatch()], [true, true, null]);
});

test("after a reload, what was not acknowledged is sent again with its numbers, and new ones follow", async () => {
  const store = memoryStore();
  const before = fresh(store);
  before.write("q1", "a", false, 10);
  before.write("q2", "b", false, 11);
  const stored: Answer = { seq: 1, question: "q1", value: "a", writtenAt: 10 };
  const after = new Journal(store, SEAT, await store.load("at1"), { answers: [stored], seq: 1 });
  assert.deepEqual([after.answerOf("q1").isSaved, after.answerOf("q2").isSaved], [true, false]);
  after.write("q2", "c", false, 12);
  assert.deepEqual(answersIn(after), [
    [2, "q2", "b"],
    [3, "q2", "c"],
  ]);
  after.acknowledge(3);
  assert.deepEqual(await store.load("at1"), [], "what the server has is no longer kept");
});

test("what an earlier seat of this device could not send goes on under the new seat, unless the question was answered later elsewhere", () => {
  const kept: KeptEntry[] = [
    { attempt: "at1", seat: 1, seq: 4, entry: { seq: 4, question: "q1", value: "old", writtenAt: 100 } },
    { attempt: "at1", seat: 1, seq: 5, entry: { seq: 5, question: "q2", value: "mine", writtenAt: 110 } },
    { attempt: "at1", seat: 1, seq: 6, entry: { seq: 6, fact: "page-left", writtenAt: 111 } },
  ];
  const elsewhere: Answer = { seq: 1, question: "q1", value: "newer", writtenAt: 200 };
  const journal = new Journal(memoryStore(), { id: "at1", seat: 3 }, kept, { answers: [elsewhere], seq: 0 });
  assert.equal(journal.answerOf("q1").value, "newer");
  assert.deepEqual(journal.nextBatch(), {
    answers: [{ seq: 1, question: "q2", value: "mine", writtenAt: 110 }],
    facts: [{ seq: 2, fact: "page-left", writtenAt: 111 }],
  });
});

test("a batch has as many entries and bytes as the door takes", () => {
  const many = fresh();
  for (let at = 0; at < MAX_BATCH + 5; at++) many.write(`q${at}`, "a", false, at);
  assert.equal(many.nextBatch()?.answers.length, MAX_BATCH);
  const large = fresh();
  for (let at = 0; at < 20; at++) large.write(`q${at}`, { typed: "字".repeat(20_000) }, false, at);
  const sizes = new TextEncoder().encode(JSON.stringify(large.nextBatch())).length;
  assert.ok(sizes > MAX_BATCH_BYTES / 2 && sizes < 262_144, `${sizes}`);
});

test("how often sound was played is what the server has and what it has not heard of yet", async () => {
  const store = memoryStore();
  const server = { answers: [], seq: 0, plays: { f1: 1 } };
  const before = new Journal(store, SEAT, [], server);
  before.note("sound-played", 10, "f1");
  assert.deepEqual([before.playsOf("f1"), before.playsOf("f2")], [2, 0]);
  const after = new Journal(store, SEAT, await store.load("at1"), server);
  assert.equal(after.playsOf("f1"), 2, "a reload changes nothing");
  const stored = new Journal(memoryStore(), SEAT, await store.load("at1"), { answers: [], seq: 1, plays: { f1: 2 } });
  assert.equal(stored.playsOf("f1"), 2, "what the server has is counted once");
});
