/** Members who return to a room, also where this worker or the whole server has started again: nothing that they may see is missing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestRoom, person, type TestFrame, TestLine, TestOwner } from "./test-owner.ts";

const line = (n: number) => ({ kind: "chat", to: "all" as const, key: `chat/${String(n).padStart(6, "0")}`, body: { n } });
const numbersOf = (frames: readonly TestFrame[], list: "snapshot" | "entries" | "older") =>
  frames.flatMap((frame) => frame[list] ?? []).map(({ seq }) => seq);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function ownerWith(count: number): TestOwner {
  const owner = new TestOwner();
  for (let n = 1; n <= count; n++) owner.append(line(n));
  owner.updates.length = 0;
  return owner;
}

test("a worker that has just started gives members who return the entries that they missed, and no snapshot, up to 1000", async () => {
  const { join, pass } = openTestRoom(ownerWith(1200));
  await pass();
  const [long, short] = [join("a", { after: { epoch: "e", seq: 200 } }), join("b", { after: { epoch: "e", seq: 1150 } })];
  assert.deepEqual(numbersOf(long.line.frames, "entries"), upTo(201, 1200));
  assert.deepEqual(numbersOf(short.line.frames, "entries"), upTo(1151, 1200));
  for (const { line: one } of [long, short]) assert.equal(one.frames[0]?.snapshot, undefined);
});

test("before the owner has answered, a member who returns keeps what it has, and gets what follows later", async () => {
  const owner = ownerWith(10);
  owner.isAway = true;
  const { room, join, pass } = openTestRoom(owner);
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  await pass();
  const { line: one } = join("a", { after: { epoch: "e", seq: 7 } });
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "ended" } });
  await pass(500);
  const [first, ...others] = one.frames;
  assert.deepEqual([first?.epoch, first?.seq, first?.entries, first?.snapshot, others.length], ["e", 7, [], undefined, 0]);
  owner.isAway = false;
  await pass(2000);
  assert.deepEqual(numbersOf(one.frames, "entries"), [8, 9, 10]);
  assert.equal(numbersOf(one.frames, "snapshot").length, 0);
});

test("before the owner has answered, a member of another epoch keeps what it has until the snapshot comes", async () => {
  const owner = ownerWith(3);
  owner.isAway = true;
  const { join, pass } = openTestRoom(owner);
  await pass();
  const { line: one } = join("a", { after: { epoch: "former", seq: 70 } });
  owner.isAway = false;
  await pass(2000);
  assert.deepEqual(numbersOf(one.frames, "snapshot"), [1, 2, 3]);
});

test("a member who missed more than a snapshot has gets the rest behind it, in pages, each line once and none of before", async () => {
  const { join, pass } = openTestRoom(ownerWith(2500));
  await pass();
  const { line: one } = join("a", { after: { epoch: "e", seq: 900 } });
  const events = join("b", { after: { epoch: "e", seq: 900 }, line: new TestLine("events") });
  const newcomer = join("c");
  await pass(2000);
  const seqs = [...numbersOf(one.frames, "snapshot"), ...numbersOf(one.frames, "older")];
  assert.deepEqual(
    seqs.sort((a, b) => a - b),
    upTo(901, 2500),
  );
  assert.equal(numbersOf(events.line.frames, "older").length, 1300);
  assert.equal(numbersOf(newcomer.line.frames, "older").length, 0);
});

test("older pages have what each may see, and lines as they are now", async () => {
  const owner = ownerWith(300);
  owner.append({ ...line(9001), to: { participant: "a" } });
  owner.append({ ...line(9002), to: "staff" });
  for (let n = 301; n <= 2500; n++) owner.append(line(n));
  owner.append({ ...line(250), body: { deleted: true } });
  const { join, pass, room } = openTestRoom(owner);
  await pass();
  const people = [join("a", { after: { epoch: "e", seq: 200 } }), join("b", { after: { epoch: "e", seq: 200 } })];
  // Deleted after the pages were asked for.
  owner.append({ ...line(260), body: { deleted: true } });
  for (const update of owner.updates.splice(0)) room.take(update);
  await pass(3000);
  const [ofA, ofB] = people.map(({ line: one }) => one.frames.flatMap(({ older }) => older ?? []));
  const keys = (entries: typeof ofA) => new Set(entries?.map(({ key }) => key));
  assert.deepEqual([keys(ofA).has("chat/009001"), keys(ofB).has("chat/009001")], [true, false]);
  assert.deepEqual([keys(ofA).has("chat/009002"), keys(ofB).has("chat/009002")], [false, false]);
  for (const key of ["chat/000250", "chat/000260"]) assert.equal(keys(ofB).has(key), false, key);
  assert.ok(keys(ofB).has("chat/000251"));
});

test("who resumes after the beginning gets lines that were replaced as what they are now, as a newcomer does", async () => {
  const owner = ownerWith(3);
  owner.append({ ...line(2), from: person("t", "staff"), body: { deleted: true } });
  owner.append({ ...line(3), gone: true });
  const { join, pass } = openTestRoom(owner);
  await pass();
  for (const way of ["socket", "events"] as const) {
    const { line: one } = join(way, { after: { epoch: "e", seq: 0 }, line: new TestLine(way) });
    assert.deepEqual(numbersOf(one.frames, "entries"), [1, 4, 5], way);
  }
});
