import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readMessage } from "./member-message.ts";

test("a message is an action with its body", () => {
  assert.deepEqual(readMessage('{"id":"x1","kind":"chat","mediaTime":5,"text":"hi","to":"staff"}'), {
    action: { id: "x1", kind: "chat", mediaTime: 5, body: { text: "hi", to: "staff" } },
  });
  assert.deepEqual(readMessage('{"id":"x1","kind":"chat","mediaTime":null}'), {
    action: { id: "x1", kind: "chat", mediaTime: null, body: {} },
  });
});

test("what is not an action is refused, with its id where it has one", () => {
  for (const text of [
    "",
    "null",
    "7",
    "[]",
    '"x"',
    "{",
    '{"kind":"chat"}',
    '{"id":"","kind":"chat"}',
    '{"id":"a b","kind":"chat"}',
  ])
    assert.equal(idOf(text), null, text);
  const long = JSON.stringify({ id: "x".repeat(65), kind: "chat" });
  assert.ok("mistake" in readMessage(long));
  const deep = `${'{"a":'.repeat(40)}1${"}".repeat(40)}`;
  for (const rest of [
    '"kind":7',
    '"kind":"Chat!"',
    '"kind":"chat","mediaTime":-1',
    '"kind":"chat","mediaTime":"x"',
    `"kind":"chat","a":${deep}`,
  ])
    assert.equal(idOf(`{"id":"i",${rest}}`), "i", rest);
});

test("whatever a member sends, it is read without an error", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readMessage(text)));
});

/** Of a message that is refused. */
function idOf(text: string): string | null {
  const message = readMessage(text);
  assert.ok("mistake" in message, text);
  return message.id;
}
