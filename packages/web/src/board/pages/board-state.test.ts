import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomStore } from "../../room/room-store.ts";
import { parseFrame } from "../../room/wire.ts";
import { hasPen } from "./board-state.ts";

/** Whether a person has one where everybody draws, and where only some do. */
function pens(you: object): readonly boolean[] {
  return [true, false].map((everybody) => {
    const store = new RoomStore();
    const entry = { seq: 1, kind: "page", key: "page/pens", everybody, people: ["p"] };
    const frame = parseFrame(JSON.stringify({ you: { name: "Mei", ...you }, epoch: "e", seq: 1, snapshot: [entry] }));
    assert.ok(frame);
    store.take(frame);
    return hasPen(store);
  });
}

test("staff draws, and who was given a pen; everybody where the teacher says so, but for parents and inspectors", () => {
  assert.deepEqual(pens({ id: "t", role: "staff" }), [true, true]);
  assert.deepEqual(pens({ id: "p", role: "guest" }), [true, true]);
  assert.deepEqual(pens({ id: "q", role: "member" }), [true, false]);
  assert.deepEqual(pens({ id: "w", role: "watcher" }), [false, false]);
  assert.deepEqual(pens({ id: "p", role: "guest", watches: true }), [false, false]);
});
