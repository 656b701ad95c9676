import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { openTestRoom, person, TestLine, TestOwner } from "./test-owner.ts";

const chat = (text: string) => ({ kind: "chat", to: "all" as const, key: null, body: { text } });
const seqs = (line: TestLine) => line.entries.map(({ seq }) => seq);

test("a newcomer is told who it is, with a snapshot and signals, and then gets what happens, in bytes that others get too", async () => {
  const { owner, room, join, pass, deliver } = openTestRoom();
  owner.append({ ...chat("pinned"), key: "pin", from: person("t", "staff") });
  owner.append(chat("gone by"));
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  await pass();
  deliver();
  const [a, b] = [join("a"), join("b")];
  const [first] = a.line.frames;
  assert.deepEqual(first, {
    you: { id: "a", name: "Name of a", role: "guest" },
    now: 1_700_001_000_000,
    epoch: "e",
    seq: 2,
    snapshot: [
      {
        text: "pinned",
        epoch: "e",
        seq: 1,
        at: 1_700_000_000_000,
        mediaTime: null,
        id: "id1",
        kind: "chat",
        from: "t",
        name: "Name of t",
        role: "staff",
        key: "pin",
      },
    ],
    signals: [{ state: "live", kind: "state", key: "" }],
  });
  owner.append(chat("one"));
  owner.append(chat("two"));
  deliver();
  await pass();
  assert.deepEqual(seqs(a.line), [3, 4]);
  assert.equal(a.line.pieces.at(-1), b.line.pieces.at(-1));
  assert.equal(a.line.pieces[1], b.line.pieces[1], "the snapshot is encoded once");
});

test("after a rest an entry is written at once; then at most one frame is written in 200 ms, in rooms with many members", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const { line } = join("a");
  for (let n = 0; n < 60; n++) join(`other ${n}`);
  for (let n = 0; n < 20; n++) {
    owner.append(chat(`${n}`));
    deliver();
    await pass(50);
    if (n === 0) assert.deepEqual(seqs(line), [1]);
  }
  await pass(200);
  assert.equal(seqs(line).length, 20);
  assert.ok(line.frames.length <= 8, `${line.frames.length} frames in a second`);
});

test("with few members a frame is written every 40 ms", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const { line } = join("a");
  for (let n = 0; n < 100; n++) {
    owner.append(chat(`${n}`));
    deliver();
    await pass(10);
  }
  await pass(50);
  assert.equal(seqs(line).length, 100);
  assert.ok(line.frames.length > 20 && line.frames.length <= 28, `${line.frames.length} frames in a second`);
});

test("who does something gets the answer in one frame with all that has happened, whatever the round, and nothing of it again", async () => {
  const { owner, room, join, pass, deliver } = openTestRoom();
  await pass();
  const [a, b] = [join("a"), join("b")];
  const events = join("c", { line: new TestLine("events") });
  owner.append(chat("begins a round"));
  deliver();
  await pass();
  owner.decide = ({ kind, body }) => {
    // The owner tells of it before it answers.
    queueMicrotask(deliver);
    return { kind, body, to: "all", key: null };
  };
  owner.append({ ...chat("to staff"), to: "staff" });
  room.receive(a.member, JSON.stringify({ id: "1", kind: "chat", text: "hello" }));
  room.receive(events.member, JSON.stringify({ id: "2", kind: "chat", text: "hello" }));
  await pass(6);
  assert.deepEqual([seqs(a.line), seqs(b.line), seqs(events.line)], [[1, 3, 4], [1], [1, 3, 4]]);
  assert.deepEqual([a.line.frames.at(-1)?.acks, a.line.frames.at(-1)?.seq], [[{ id: "1", seq: 3 }], 4]);
  assert.match(events.line.writes.at(-1)?.toString() ?? "", /^id: e\.4\ndata: \{"acks":.*\}\n\n$/);
  await pass(500);
  assert.deepEqual(
    [seqs(a.line), seqs(b.line)],
    [
      [1, 3, 4],
      [1, 3, 4],
    ],
  );
  assert.equal(a.line.frames.length, 3);
});

test("when a whole class is answered at once, what has happened comes with the round, in bytes that all share", async () => {
  const { owner, room, join, pass, deliver } = openTestRoom();
  await pass();
  const members = Array.from({ length: 40 }, (_, n) => join(`m${n}`));
  owner.append(chat("begins a round"));
  deliver();
  await pass();
  owner.append(chat("a quiz"));
  deliver();
  owner.decide = () => ({ seq: 0 });
  for (const { member } of members) room.receive(member, JSON.stringify({ id: "1", kind: "answer" }));
  await pass(6);
  assert.deepEqual(
    members.map(({ line }) => [line.acks.length, seqs(line).length]),
    members.map(() => [1, 1]),
  );
  await pass(50);
  const last = members.map(({ line }) => line.pieces.at(-1));
  assert.ok(last.every((bytes) => bytes === last[0]));
  assert.deepEqual(
    members.flatMap(({ line }) => seqs(line)),
    members.flatMap(() => [1, 2]),
  );
});

test("strokes of one frame on the same page are one entry that says only what it is about", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const [a, staff] = [join("a"), join("t", { role: "staff" })];
  const stroke = (page: string, ...ops: readonly unknown[]) =>
    owner.append({ kind: "stroke", to: "all", key: null, body: { page, ops }, from: person("t", "staff") });
  stroke("1.1", ["s", "aaaa.1", "pen", "black", 12, "CCCC", 0]);
  stroke("1.1", ["p", "aaaa.1", "AAAA", 0]);
  stroke("1.1", ["p", "aaaa.1", "BBBB", 1]);
  owner.append({ ...chat("to staff"), to: "staff", from: person("t", "staff") });
  stroke("1.1", ["d", ["aaaa.1"]]);
  stroke("1.2", ["x"]);
  deliver();
  await pass();
  const first = [
    ["s", "aaaa.1", "pen", "black", 12, "CCCC", 0],
    ["p", "aaaa.1", "AAAABBBB", 1],
  ];
  assert.deepEqual(a.line.entries, [
    { seq: 5, kind: "stroke", page: "1.1", ops: [...first, ["d", ["aaaa.1"]]] },
    { seq: 6, kind: "stroke", page: "1.2", ops: [["x"]] },
  ]);
  assert.deepEqual(staff.line.entries.map(({ seq, ops }) => [seq, ops]).slice(0, 2), [
    [3, first],
    [4, undefined],
  ]);
  assert.equal(a.line.frames.at(-1)?.seq, 6);
});

test("a slow member keeps its position and gets one larger frame; one that takes nothing for 30 s is disconnected", async () => {
  const { owner, join, pass, deliver, room } = openTestRoom();
  await pass();
  const { line } = join("a");
  line.pending = 20_000;
  for (let n = 0; n < 3; n++) {
    owner.append(chat(`${n}`));
    deliver();
    await pass(300);
  }
  assert.deepEqual(seqs(line), []);
  line.pending = 0;
  await pass(300);
  assert.deepEqual(seqs(line), [1, 2, 3]);
  assert.equal(line.frames.length, 2);
  line.pending = 20_000;
  owner.append(chat("more"));
  deliver();
  await pass(29_000);
  assert.equal(line.closed, null);
  await pass(2000);
  assert.deepEqual(line.closed, [1013, "too-slow"]);
  assert.equal(room.size, 0);
});

test("a member that has missed more than the copy has gets a snapshot", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const { line } = join("a");
  line.pending = 20_000;
  owner.append({ ...chat("pinned"), key: "pin" });
  for (let n = 0; n < 1500; n++) owner.append(chat(`${n}`));
  deliver();
  await pass(500);
  line.pending = 0;
  await pass(500);
  assert.deepEqual(
    line.frames.at(-1)?.snapshot?.map(({ seq }) => seq),
    [1],
  );
  assert.equal(line.frames.at(-1)?.seq, 1501);
});

test("private entries go to whom they are for, to their sender and to staff, in order with the others", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const [a, b, teacher] = [join("a"), join("b"), join("t", { role: "staff" })];
  owner.append({ ...chat("1"), from: person("b") });
  owner.append({ ...chat("2"), to: "staff", from: person("a") });
  owner.append({ ...chat("3"), to: { participant: "b" }, from: person("t", "staff") });
  owner.append(chat("4"));
  owner.append({ ...chat("5"), to: "staff" });
  deliver();
  await pass();
  assert.deepEqual(
    [seqs(a.line), seqs(b.line), seqs(teacher.line)],
    [
      [1, 2, 4],
      [1, 3, 4],
      [1, 2, 3, 4, 5],
    ],
  );
  assert.deepEqual([a.line.entries[1]?.["to"], b.line.entries[1]?.["to"], b.line.entries[0]?.["to"]], ["staff", "b", undefined]);
});

test("a snapshot has the private entries of the member, and no other's", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  owner.append({ ...chat("all"), key: "chat/1" });
  owner.append({ ...chat("muted"), key: "mute/a", to: { participant: "a" } });
  owner.append({ ...chat("held"), key: "held/2", to: "staff", from: person("b") });
  deliver();
  const of = (line: TestLine) => line.frames[0]?.snapshot?.map(({ seq }) => seq);
  assert.deepEqual([of(join("a").line), of(join("b").line), of(join("c").line)], [[1, 2], [1, 3], [1]]);
  assert.deepEqual(of(join("t", { role: "staff" }).line), [1, 3, 2]);
});

test("a member that returns gets what it has missed, and of another epoch a snapshot", async () => {
  const owner = new TestOwner();
  for (let n = 0; n < 1005; n++) owner.append(chat(`${n}`));
  owner.updates.length = 0;
  const { join, pass, deliver } = openTestRoom(owner);
  await pass();
  for (let n = 0; n < 3; n++) owner.append(chat(`${n}`));
  deliver();
  const back = join("a", { after: { epoch: "e", seq: 1006 } });
  assert.deepEqual([seqs(back.line), back.line.frames[0]?.seq, back.line.frames[0]?.you?.id], [[1007, 1008], 1008, "a"]);
  assert.ok(join("b", { after: { epoch: "other", seq: 6 } }).line.frames[0]?.snapshot);
  assert.ok(join("c", { after: { epoch: "e", seq: 1 } }).line.frames[0]?.snapshot, "the copy has begun later");
  assert.ok(join("d", { after: { epoch: "e", seq: 999_999 } }).line.frames[0]?.snapshot, "no such position");
});

test("a member that comes from a worker that knows more gets nothing twice", async () => {
  const { owner, room, join, pass, deliver } = openTestRoom();
  await pass();
  for (let n = 0; n < 4; n++) owner.append(chat(`${n}`));
  owner.isAway = true;
  const { line } = join("a", { after: { epoch: "e", seq: 3 } });
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  await pass(500);
  assert.deepEqual(
    line.frames.map(({ seq }) => seq),
    [3, 3],
  );
  deliver();
  await pass(500);
  assert.deepEqual([seqs(line), line.frames.at(-1)?.seq], [[4], 4]);
});

test("the delay of entries is measured, not that of signals and snapshots", async () => {
  const written: number[] = [];
  const { owner, room, join, pass, deliver } = openTestRoom(new TestOwner(), new ManualClock(), (at) => written.push(at));
  await pass();
  join("a");
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  await pass(500);
  assert.deepEqual(written, []);
  owner.append(chat("hello"));
  deliver();
  await pass(500);
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "ended" } });
  await pass(500);
  assert.deepEqual(written, [1_700_000_000_000]);
});

test("server-sent events carry the position as their id", async () => {
  const { owner, join, pass, deliver } = openTestRoom();
  await pass();
  const { line } = join("a", { line: new TestLine("events") });
  owner.append(chat("hello\nthere"));
  deliver();
  await pass();
  assert.match(line.writes[0]!.toString(), /^id: e\.0\ndata: \{"you":.*\}\n\n$/);
  assert.match(line.writes[1]!.toString(), /^id: e\.1\ndata: \{.*\}\n\n$/);
  assert.equal(line.entries[0]?.["text"], "hello\nthere");
});

test("a member whose permission is withdrawn is disconnected with the refusal's code", async () => {
  const { room, join, pass } = openTestRoom();
  const [removed, other] = [join("a"), join("b")];
  room.review();
  await pass();
  assert.equal(removed.line.closed, null);
  removed.withdrawn.code = "removed-from-lesson";
  room.review();
  await pass();
  assert.deepEqual(removed.line.closed, [1008, "removed-from-lesson"]);
  assert.equal(other.line.closed, null);
});
