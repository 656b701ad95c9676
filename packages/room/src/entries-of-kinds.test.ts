/** What entries say to those who see them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { announcementsOf } from "./announcement.ts";
import { chatLinesOf } from "./chat.ts";
import { handsOf } from "./hand.ts";
import { heldTextsOf, mutedPeopleOf } from "./moderation.ts";
import { pinOf } from "./pin.ts";
import { questionsOf } from "./question.ts";
import { parseEntry } from "./wire.ts";

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
    questions.map(({ text, author }) => [text, author.name]),
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

test("a line that has not changed is the same object each time, and a deleted one has no text", () => {
  const held = entries("chat", { text: "hello" }, { deleted: true });
  const [first, second] = chatLinesOf(held);
  assert.equal(chatLinesOf(held)[0], first);
  assert.deepEqual([first?.text, second?.text], ["hello", null]);
});

test("announcements that were deleted are left out", () => {
  const posted = announcementsOf(entries("announcement", { text: "Page 12" }, { deleted: true }));
  assert.deepEqual(posted, [{ key: "announcement/0", ref: "0", text: "Page 12" }]);
});

test("a pin names the line that it pins", () => {
  const [pin] = entries("pin", { target: "question/q", text: "Why?" });
  assert.deepEqual(pinOf(pin ?? null), { key: "question/q", text: "Why?" });
  assert.equal(pinOf(null), null);
});
