import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFrame } from "./wire.ts";

test("people of every role are somebody, a watcher too; a role that is not known is nobody's", () => {
  const you = (role: string) =>
    parseFrame(JSON.stringify({ you: { id: "p", name: "Mei", role }, epoch: "e", seq: 1, snapshot: [] }))?.you;
  for (const role of ["staff", "member", "guest", "watcher"]) assert.deepEqual(you(role), { id: "p", name: "Mei", role });
  assert.equal(you("ghost"), null);
});
