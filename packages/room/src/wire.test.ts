import assert from "node:assert/strict";
import { test } from "node:test";
import { isQuietFrame, parseFrame } from "./wire.ts";

test("people of every role are somebody, a watcher too; a role that is not known is nobody's", () => {
  const you = (role: string) =>
    parseFrame(JSON.stringify({ you: { id: "p", name: "Mei", role }, epoch: "e", seq: 1, snapshot: [] }))?.you;
  for (const role of ["staff", "member", "guest", "watcher"])
    assert.deepEqual(you(role), { id: "p", name: "Mei", role, watches: role === "watcher" });
  const who = { id: "p", name: "Mei", role: "guest", watches: true };
  assert.deepEqual(parseFrame(JSON.stringify({ you: who, epoch: "e", seq: 1, snapshot: [] }))?.you, who, "who may write, too");
  assert.equal(you("ghost"), null);
});

test("frames of strokes, of lasers and of acknowledgements alone draw nothing again besides the board", () => {
  const isQuiet = (frame: object): boolean | null => {
    const parsed = parseFrame(JSON.stringify({ epoch: "e", seq: 7, ...frame }));
    return parsed && isQuietFrame(parsed);
  };
  const stroke = { seq: 7, kind: "stroke", page: "1.1", ops: [] };
  assert.equal(isQuiet({ acks: [{ id: "a", seq: 7 }] }), true);
  assert.equal(isQuiet({ entries: [stroke], acks: [{ id: "a", seq: 7 }] }), true);
  assert.equal(isQuiet({ signals: [{ kind: "laser", key: "p", points: [] }] }), true);
  assert.equal(isQuiet({ entries: [stroke, { seq: 8, kind: "chat", key: "chat/1", text: "Hello" }] }), false);
  assert.equal(isQuiet({ snapshot: [] }), false);
});
