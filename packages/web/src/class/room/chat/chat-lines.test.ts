/** The lines of the chat as the class shows them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry, type WireEntry } from "@lectern/room";
import { ChatLines, sendingLines } from "./chat-lines.ts";

const entry = (seq: number, ref: string, more: object = {}): WireEntry =>
  parseEntry({
    epoch: "e",
    seq,
    at: seq,
    id: `d${ref}`,
    from: "p",
    name: "Mei",
    role: "guest",
    kind: "chat",
    key: `chat/${ref}`,
    ref,
    text: `line ${ref}`,
    ...more,
  })[0]!;

test("lines are in the order in which they were written, also one that was deleted later, and older ones that were loaded", () => {
  const held = [entry(9, "b", { deleted: true, text: undefined }), entry(3, "c")];
  const lines = new ChatLines().lines(held, [entry(1, "a"), entry(2, "b")], null);
  assert.deepEqual(
    lines.map(({ ref, text }) => [ref, text]),
    [
      ["a", "line a"],
      ["b", null],
      ["c", "line c"],
    ],
  );
});

test("a reply shows what it replies to, until that is deleted", () => {
  const lines = new ChatLines();
  const reply = entry(2, "b", { replyTo: "a" });
  const textOfReply = (a: WireEntry) => lines.lines([a, reply], [], null)[1]?.reply?.text;
  assert.equal(textOfReply(entry(1, "a")), "line a");
  const deleted = entry(3, "a", { deleted: true, text: undefined });
  assert.equal(textOfReply(deleted), null);
});

test("a line that has not changed stays the same object, so that it is not drawn again", () => {
  const lines = new ChatLines();
  const first = entry(1, "a");
  const [before] = lines.lines([first], [], "p");
  const [after] = lines.lines([first, entry(2, "b")], [], "p");
  assert.equal(after, before);
  assert.equal(before?.isOwn, true);
});

test("what was not stored yet is shown as being sent, and not twice once it is in the room", () => {
  const pending = [
    { id: "dx", kind: "chat", body: { text: "new", to: "staff" }, at: 5 },
    { id: "dy", kind: "hand", body: {}, at: 6 },
  ];
  const [line, ...others] = sendingLines(pending, [], "Mei");
  assert.deepEqual([line?.text, line?.isSending, line?.to, others.length], ["new", true, "staff", 0]);
  assert.deepEqual(sendingLines(pending, [entry(7, "x")], "Mei"), []);
});
