import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomLog } from "./room-log.ts";

const log = () => new RoomLog({ epoch: "e", term: 1, owner: "n/media-1" }, () => 1000);
const state = (viewers: number) => ({ id: `s${viewers}`, from: null, kind: "state", mediaTime: null, body: { viewers } });

test("entries are numbered from 1, and a follower gets those after its position", () => {
  const room = log();
  for (const viewers of [1, 2, 3]) room.append(state(viewers));
  assert.equal(room.head, 3);
  const after = JSON.parse(`[${room.after(1)}]`);
  assert.deepEqual(
    after.map((entry: { seq: number; viewers: number }) => [entry.seq, entry.viewers]),
    [
      [2, 2],
      [3, 3],
    ],
  );
  assert.equal(room.after(3), "");
  assert.deepEqual(after[0], { epoch: "e", seq: 2, at: 1000, mediaTime: null, id: "s2", from: null, kind: "state", viewers: 2 });
});

test("a snapshot has the newest entry of each kind", () => {
  const room = log();
  room.append(state(1));
  room.append({ id: "c", from: "p1", kind: "chat", mediaTime: 5, body: { text: "hello" } });
  room.append(state(2));
  const kinds = JSON.parse(`[${room.snapshot()}]`).map((entry: { kind: string; seq: number }) => [entry.kind, entry.seq]);
  assert.deepEqual(kinds, [
    ["state", 3],
    ["chat", 2],
  ]);
});

test("a body cannot change the fields of the log", () => {
  const room = log();
  room.append({ id: "x", from: null, kind: "state", mediaTime: null, body: { seq: 99, kind: "chat" } });
  assert.match(room.snapshot(), /"seq":1,.*"kind":"state"|"kind":"state".*"seq":1/);
});

test("the log is bounded: a position whose entries were dropped is told so", () => {
  const room = log();
  for (let i = 0; i < 1500; i++) room.append(state(i));
  assert.equal(room.after(499), null);
  assert.equal(JSON.parse(`[${room.after(500)}]`).length, 1000);
});
