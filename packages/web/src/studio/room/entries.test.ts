import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry } from "../../room/wire.ts";
import { answerBars } from "./answer-bars.ts";
import { chatLinesOf } from "./chat-lines.ts";
import { handsOf, heldTextsOf, mutedPeopleOf, questionsOf, quizzesOf } from "./entries.ts";

let seq = 0;
/** As it comes over the wire. */
function entries(key: string, ...bodies: readonly object[]) {
  return bodies.flatMap((body, index) => {
    const ref = `${index}`;
    return parseEntry({
      ref,
      ...body,
      epoch: "e",
      seq: ++seq,
      at: seq,
      kind: "x",
      name: "Mei",
      from: "m",
      role: "guest",
      key: `${key}/${ref}`,
    });
  });
}

test("hands: those who were called on first, then by when they were raised", () => {
  const hands = handsOf(
    entries("hand", { person: "a", since: 3 }, { person: "b", since: 1 }, { person: "c", since: 2, state: "called" }, { since: 0 }),
  );
  assert.deepEqual(
    hands.map(({ person }) => person),
    ["c", "b", "a"],
  );
});

test("questions: open ones first, by votes; deleted ones are left out", () => {
  const questions = questionsOf(
    entries(
      "question",
      { text: "answered", votes: 9, state: "answered" },
      { text: "few", votes: 1, state: "open" },
      { text: "many", votes: 5, state: "open", author: { id: "l", name: "Lei" } },
      { deleted: true },
    ),
  );
  assert.deepEqual(
    questions.map(({ text, author }) => [text, author]),
    [
      ["many", "Lei"],
      ["few", "Mei"],
      ["answered", "Mei"],
    ],
  );
});

test("a held text has the name of its author, whatever sent the entry", () => {
  const [text] = heldTextsOf(entries("held", { text: "a word", person: { id: "j", name: "Jie" }, reason: "list" }));
  assert.deepEqual(text, { ref: "0", text: "a word", author: "Jie", reason: "list" });
});

test("a mute ends at its time, and one without a time does not end", () => {
  const mutes = entries("mute", { person: "a", until: 1000 }, { person: "b", until: null }, { person: "c", until: 3000 });
  assert.deepEqual([...mutedPeopleOf(mutes, 2000)], ["b", "c"]);
});

test("bars: options in their order with none at zero left out, true and false, and numbers as they were counted", () => {
  const open = { type: "single", text: "?", options: ["A", "B"], state: "revealed", correct: [1] };
  const [single, boolean, number] = quizzesOf(
    entries(
      "quiz",
      open,
      { type: "boolean", correct: false },
      { type: "number", correct: { value: 4, tolerance: 0 } },
      { type: "essay" },
    ),
  ).toReversed();
  assert.ok(single && boolean && number);
  assert.deepEqual(answerBars(single, { counts: [{ choice: 1, count: 3 }] }), [
    { answer: "A", count: 0, isCorrect: false },
    { answer: "B", count: 3, isCorrect: true },
  ]);
  assert.deepEqual(answerBars(boolean, null), [
    { answer: true, count: 0, isCorrect: false },
    { answer: false, count: 0, isCorrect: true },
  ]);
  assert.deepEqual(answerBars(number, { counts: [{ choice: 4, count: 2 }, { choice: 5, count: 1 }, "x"] }), [
    { answer: "4", count: 2, isCorrect: true },
    { answer: "5", count: 1, isCorrect: false },
  ]);
});

test("a line that has not changed is the same object each time, and a deleted one has no text", () => {
  const held = entries("chat", { text: "hello" }, { text: "x", deleted: true });
  const [first, second] = chatLinesOf(held);
  assert.equal(chatLinesOf(held)[0], first);
  assert.deepEqual([first?.text, second?.text], ["hello", null]);
});
