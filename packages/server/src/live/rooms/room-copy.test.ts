import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomSignal } from "@lectern/room";
import { ManualClock } from "../../platform/clock.ts";
import { RoomCopy } from "./room-copy.ts";
import { TestOwner } from "./test-owner.ts";

const chat = (n: number) => ({ kind: "chat", to: "all" as const, key: `chat/${n}`, body: { n } });
const signal = (count: number): RoomSignal => ({ kind: "people", key: "", to: "all", body: { count } });

/** A copy that has the owner's first entries. */
function copyOf(owner: TestOwner) {
  const clock = new ManualClock();
  const taken: number[] = [];
  const copy = new RoomCopy(clock.monotonic, ({ seq }) => taken.push(seq));
  copy.takeContent(owner.content(null));
  owner.updates.length = 0;
  return { copy, clock, taken };
}

test("entries that arrive in a wrong order or twice are taken once, in order; a gap is reported until it is filled", () => {
  const owner = new TestOwner();
  const { copy, taken } = copyOf(owner);
  for (let n = 1; n <= 4; n++) owner.append(chat(n));
  const [one, two, three, four] = owner.updates;
  assert.equal(copy.take(two!), false);
  assert.deepEqual([copy.head, taken], [0, []]);
  assert.equal(copy.take(one!), true);
  assert.equal(copy.take(one!), true);
  assert.equal(copy.take(four!), false);
  assert.deepEqual(taken, [1, 2]);
  assert.equal(copy.takeContent(owner.content(copy.position)), true);
  copy.take(three!);
  assert.deepEqual(taken, [1, 2, 3, 4]);
});

test("an update of a former term is ignored", () => {
  const owner = new TestOwner();
  const { copy } = copyOf(owner);
  owner.append(chat(1));
  owner.term = 2;
  copy.take(owner.update([], [signal(1)]));
  assert.equal(copy.take(owner.updates[0]!), true);
  assert.equal(copy.take({ ...owner.update([], [signal(2)]), term: 1 }), true);
  assert.deepEqual([copy.head, copy.signalsAfter(0, "all").length], [0, 1]);
  assert.equal(copy.takeContent({ ...owner.content(null), term: 1 }), false);
});

test("a new epoch replaces everything, and what arrived of it before its content is not lost", () => {
  const owner = new TestOwner();
  owner.append(chat(1));
  const { copy } = copyOf(owner);
  owner.entries.length = 0;
  Object.assign(owner, { epoch: "f", term: 2 });
  owner.append(chat(7));
  const content = owner.content(null);
  owner.updates.length = 0;
  owner.append(chat(8));
  assert.equal(copy.take(owner.updates[0]!), false);
  assert.equal(copy.takeContent(content), true);
  assert.deepEqual(
    copy.retainedEntries().map(({ key }) => key),
    ["chat/7", "chat/8"],
  );
  assert.deepEqual(copy.position, { epoch: "f", seq: 2 });
});

test("newcomers get the newest entry of each key that is not gone", () => {
  const owner = new TestOwner();
  const { copy } = copyOf(owner);
  owner.append(chat(1));
  owner.append(chat(2));
  owner.append({ ...chat(1), body: { deleted: true } });
  owner.append({ ...chat(2), gone: true });
  owner.append({ kind: "reaction", to: "all", key: null, body: {} });
  for (const update of owner.updates) copy.take(update);
  assert.deepEqual(
    copy.retainedEntries().map(({ seq, body }) => [seq, body]),
    [[3, { deleted: true }]],
  );
});

test("the newest thousand entries are kept", () => {
  const owner = new TestOwner();
  const { copy } = copyOf(owner);
  for (let n = 1; n <= 3000; n++) copy.take(owner.update([owner.append({ ...chat(n), key: null })]));
  assert.equal(copy.reaches(2000), true);
  assert.equal(copy.reaches(1700), false);
  assert.equal(copy.between(2000, 2003).length, 3);
});

test("of sampled entries everybody gets twenty a second, staff all, and each sender the own ones", () => {
  const owner = new TestOwner();
  const { copy, clock } = copyOf(owner);
  const from = (id: string) => ({ id, name: id, role: "guest" as const });
  const send = (id: string) => owner.append({ kind: "danmaku", to: "all", key: null, sampled: true, from: from(id), body: {} });
  for (let i = 0; i < 100; i++) copy.take(owner.update([send(`p${i}`)]));
  const shown = () => copy.between(0, copy.head).filter(({ isForAll }) => isForAll).length;
  assert.equal(shown(), 20);
  clock.advance(1000);
  for (let i = 0; i < 100; i++) copy.take(owner.update([send("late")]));
  assert.equal(shown(), 40);
  assert.equal(copy.hasPersonal("p99", 0), true);
  assert.equal(copy.hasPersonal("p3", 0), false);
});

test("of a signal the newest value counts; one that the owner does not name any more is gone, this worker's own stay", () => {
  const owner = new TestOwner();
  const { copy } = copyOf(owner);
  copy.setOwnSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  copy.take(owner.update([], [signal(1), { ...signal(9), kind: "tally", to: "staff" }]));
  const before = copy.signalHead;
  copy.take(owner.update([], [signal(1)]));
  assert.equal(copy.signalHead, before);
  copy.take(owner.update([], [signal(2)]));
  assert.deepEqual(
    copy.signalsAfter(before, "all").map((text) => JSON.parse(text)),
    [{ count: 2, kind: "people", key: "" }],
  );
  assert.equal(copy.signalsAfter(0, "staff").length, 3);
  copy.takeContent(owner.content(null));
  assert.deepEqual(
    copy.signalsAfter(0, "staff").map((text) => JSON.parse(text).kind),
    ["state"],
  );
});
