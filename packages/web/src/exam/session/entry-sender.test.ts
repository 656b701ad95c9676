import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Batch, DoorRefusal, type Stored } from "../attempt/exam-types.ts";
import { memoryStore } from "./device-store.ts";
import { ASK_EACH_MS, EntrySender, SEND_AFTER_MS } from "./entry-sender.ts";
import { Journal } from "./journal.ts";

function setUp(t: TestContext, answer: (batch: Batch) => Stored) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let elapsed = 0;
  const sent: Batch[] = [];
  const heard: string[] = [];
  const seen: (readonly string[])[] = [];
  const journal = new Journal(memoryStore(), { id: "at1", seat: 1 }, [], { answers: [], seq: 0 });
  const sender = new EntrySender(
    journal,
    {
      send: async (batch, confirmed = []) => {
        sent.push(batch);
        seen.push(confirmed);
        return answer(batch);
      },
    },
    {
      onStored: ({ stored }) => heard.push(`stored ${stored}`),
      onAway: (isAway) => heard.push(isAway ? "away" : "back"),
      onRefused: ({ code }) => heard.push(code),
      onPaused: () => heard.push("paused"),
    },
    { elapsed: () => elapsed, random: () => 0 },
  );
  t.after(() => sender.close());
  const pass = async (ms: number) => {
    elapsed += ms;
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { journal, sender, sent, seen, heard, pass };
}

const STORED = ({ answers, facts }: Batch): Stored => ({
  stored: Math.max(0, ...[...answers, ...facts].map(({ seq }) => seq)),
  endsAt: null,
  handedIn: false,
});

test("a chosen answer is sent soon, a typed one when its sentence may be there, both in one request", async (t) => {
  const { journal, sender, sent, pass } = setUp(t, STORED);
  journal.write("q1", "typed", false, 1);
  sender.sendWithin(SEND_AFTER_MS.typed);
  await pass(SEND_AFTER_MS.typed - SEND_AFTER_MS.chosen - 1);
  assert.equal(sent.length, 0);
  journal.write("q2", "a", false, 2);
  sender.sendWithin(SEND_AFTER_MS.chosen);
  await pass(SEND_AFTER_MS.chosen);
  assert.equal(sent.length, 1);
  assert.equal(sent[0]?.answers.length, 2);
  assert.ok(journal.isAllSent());
});

test("without an answer of the server the same entries are sent again, after longer and longer pauses", async (t) => {
  let isAway = true;
  const { journal, sender, sent, heard, pass } = setUp(t, (batch) => {
    if (isAway) throw new TypeError("network");
    return STORED(batch);
  });
  journal.write("q1", "a", false, 1);
  sender.sendWithin(0);
  await pass(0);
  await pass(2000);
  assert.equal(sent.length, 2);
  await pass(3999);
  assert.equal(sent.length, 2, "the second pause is longer");
  isAway = false;
  await pass(1);
  assert.deepEqual(sent[2], sent[0]);
  assert.deepEqual(heard, ["away", "away", "back", "stored 1"]);
});

test("with nothing to send, the server is asked now and then whether the end has moved", async (t) => {
  const { sender, sent, pass } = setUp(t, STORED);
  sender.start();
  await pass(0);
  await pass(ASK_EACH_MS);
  assert.deepEqual(sent, [
    { answers: [], facts: [] },
    { answers: [], facts: [] },
  ]);
});

test("a refusal that repeating does not mend ends the sender; others are tried again", async (t) => {
  let code = "too-many";
  const { journal, sender, sent, heard, pass } = setUp(t, () => {
    throw new DoorRefusal(code, "", null, 4);
  });
  journal.write("q1", "a", false, 1);
  sender.sendWithin(0);
  await pass(0);
  await pass(3999);
  assert.equal(sent.length, 1, "the server named a time");
  code = "exam-seat-taken";
  await pass(1);
  assert.deepEqual(heard, ["away", "exam-seat-taken"]);
  sender.sendWithin(0);
  await pass(60_000);
  assert.equal(sent.length, 2);
});

test("while the clock is stopped answers stay here, and are sent under the same numbers when it runs again", async (t) => {
  let isPaused = true;
  const { journal, sender, sent, heard, pass } = setUp(t, (batch) => {
    if (isPaused && batch.answers.length > 0) throw new DoorRefusal("exam-paused", "");
    return { ...STORED(batch), ...(isPaused ? { paused: true } : {}) };
  });
  journal.write("q1", "a", false, 1);
  sender.sendWithin(0);
  await pass(0);
  assert.deepEqual(heard, ["back", "paused"], "the server is there");
  await pass(ASK_EACH_MS);
  assert.deepEqual(sent[1]?.answers, [], "it asks without the answers");
  isPaused = false;
  await pass(ASK_EACH_MS);
  await pass(SEND_AFTER_MS.chosen);
  assert.deepEqual(sent.at(-1)?.answers, sent[0]?.answers);
  assert.ok(journal.isAllSent());
});

test("a message that was read is confirmed once the server has heard it", async (t) => {
  let isAway = true;
  const { sender, seen, pass } = setUp(t, (batch) => {
    if (isAway) throw new TypeError("network");
    return STORED(batch);
  });
  sender.confirm("m1");
  await pass(0);
  assert.ok(sender.isConfirming("m1"));
  isAway = false;
  await pass(2000);
  assert.deepEqual(seen, [["m1"], ["m1"]]);
  assert.ok(!sender.isConfirming("m1"));
});
