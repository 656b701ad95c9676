import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { openTestRoom, person, TestOwner } from "./test-owner.ts";

const say = (id: string, text = "hello") => JSON.stringify({ id, kind: "chat", text });

test("actions that members do within milliseconds are one request, and each is acknowledged to its sender", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const [a, b] = [join("a"), join("b")];
  room.receive(a.member, say("1"));
  room.receive(b.member, say("2"));
  room.receive(a.member, say("3"));
  await pass(20);
  assert.deepEqual(
    owner.ofKind("send").map(({ actions }) => actions.map(({ participant, id }) => `${participant} ${id}`)),
    [["a 1", "b 2", "a 3"]],
  );
  assert.deepEqual(
    [a.line.acks, b.line.acks],
    [
      [
        { id: "1", seq: 1 },
        { id: "3", seq: 3 },
      ],
      [{ id: "2", seq: 2 }],
    ],
  );
});

test("refusals and answers of the owner reach the member", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  owner.decide = ({ id }) =>
    id === "1" ? { seq: 0, body: { held: true } } : { refused: "too-many", detail: "Wait.", retryAfter: 7 };
  const { line, member } = join("a");
  room.receive(member, say("1"));
  room.receive(member, say("2"));
  await pass(20);
  assert.deepEqual(line.acks, [
    { id: "1", seq: 0, answer: { held: true } },
    { id: "2", code: "too-many", detail: "Wait.", retryAfter: 7 },
  ]);
});

test("while the owner cannot be reached, actions wait, are sent again in their order, and are done once", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const { line, member } = join("a");
  owner.isAway = true;
  room.receive(member, say("1"));
  await pass(1000);
  room.receive(member, say("2"));
  room.receive(member, say("1"));
  await pass(10_000);
  assert.deepEqual(line.acks, []);
  owner.isAway = false;
  await pass(6000);
  assert.deepEqual(
    line.acks.map(({ id, seq }) => [id, seq]),
    [
      ["1", 1],
      ["1", 1],
      ["2", 2],
    ],
  );
  assert.deepEqual(
    owner.entries.map(({ id }) => id),
    ["1", "2"],
  );
});

test("an action that the owner does not answer for a minute is given up, with a code that passes", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  owner.isAway = true;
  const { line, member } = join("a");
  room.receive(member, say("1"));
  await pass(70_000);
  assert.deepEqual(
    line.acks.map(({ id, code }) => [id, code]),
    [["1", "control-away"]],
  );
});

test("a person may send twenty messages at once and five a second; one that goes on regardless is disconnected", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const [tab, other] = [join("a"), join("a")];
  for (let n = 0; n < 15; n++) for (const { member } of [tab, other]) room.receive(member, say(`${n}`));
  await pass(20);
  assert.equal(owner.entries.length, 10);
  assert.equal([...tab.line.acks, ...other.line.acks].filter(({ code }) => code === "too-many").length, 10);
  await pass(1000);
  for (let n = 0; n < 5; n++) room.receive(tab.member, say(`later-${n}`));
  await pass(20);
  assert.equal(owner.entries.length, 15);
  for (let n = 0; n < 101; n++) room.receive(tab.member, "x");
  assert.deepEqual(tab.line.closed, [1008, "too-many"]);
  assert.equal(other.line.closed, null);
});

test("a message that was done is acknowledged again, also beyond the sender's allowance; others are refused in words about the sender", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  owner.decide = ({ id }) => ({ seq: Number(id), body: { ref: `ref-${id}` } });
  const first = join("a");
  for (let n = 1; n <= 30; n++) {
    room.receive(first.member, say(`${n}`));
    await pass(200);
  }
  const returned = join("a");
  for (let n = 1; n <= 31; n++) room.receive(returned.member, say(`${n}`));
  await pass(20);
  const { acks } = returned.line;
  assert.deepEqual(
    acks.slice(0, 30),
    Array.from({ length: 30 }, (_, i) => ({ id: `${i + 1}`, seq: i + 1, answer: { ref: `ref-${i + 1}` } })),
  );
  assert.deepEqual([acks[30]?.["id"], acks[30]?.["code"]], ["31", "too-many"]);
  const posted = await Promise.race([room.post("a", say("5")), pass(50)]);
  assert.deepEqual(posted, { id: "5", result: { seq: 5, body: { ref: "ref-5" } } });
});

test("what the owner wants later is sent again by itself after that time, and refused where too much of it waits", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const { line, member } = join("a");
  owner.decide = () => ({ refused: "too-many", detail: "Wait.", retryAfter: 4, laterMs: 4000 });
  for (let n = 1; n <= 5; n++) room.receive(member, say(`${n}`));
  await pass(100);
  assert.deepEqual(
    line.acks.map(({ id, code }) => [id, code]),
    [
      ["4", "too-many"],
      ["5", "too-many"],
    ],
  );
  const other = join("b");
  owner.decide = ({ kind, body }) => ({ kind, body, to: "all", key: null });
  room.receive(other.member, say("1"));
  await pass(100);
  assert.equal(other.line.acks.length, 1, "others do not wait for it");
  await pass(4000);
  assert.deepEqual(
    line.acks.slice(2).map(({ id, seq }) => [id, typeof seq]),
    ["1", "2", "3"].map((id) => [id, "number"]),
  );
});

test("malformed messages are refused with what is wrong, and nobody else notices", async () => {
  const { room, join, pass, owner } = openTestRoom();
  await pass();
  const { line, member } = join("a");
  room.receive(member, "{");
  room.receive(member, '{"id":"i"}');
  await pass(20);
  assert.deepEqual(
    line.acks.map(({ id, code }) => [id, code]),
    [
      [null, "bad-request"],
      ["i", "bad-request"],
    ],
  );
  assert.equal(owner.ofKind("send").length, 0);
});

test("people who come within ten milliseconds are asked for together; one who may not enter is refused", async () => {
  const { owner, room, pass } = openTestRoom();
  owner.people.set("gone", null);
  owner.people.set("t", person("t", "staff"));
  const found = Promise.all(["a", "t", "gone", "a"].map((id) => room.people.find(id)));
  await pass(50);
  const [a, t, gone] = await found;
  assert.deepEqual(
    owner.ofKind("enter").map(({ participants }) => participants),
    [["a", "t", "gone"]],
  );
  assert.deepEqual(
    [a, t],
    [person("a"), person("t", "staff")].map((one) => ({ person: one, isSure: true, isKnown: true })),
  );
  assert.ok(gone instanceof Refusal && gone.code === "removed-from-lesson");
});

test("without the owner, a person of before enters with the known role, another one without a name; both are asked for again", async () => {
  const { owner, room, join, pass } = openTestRoom();
  owner.people.set("t", person("t", "staff"));
  const find = async (id: string) => {
    const found = room.people.find(id);
    await pass(50);
    return await found;
  };
  await find("t");
  owner.isAway = true;
  assert.deepEqual(await find("t"), { person: person("t", "staff"), isSure: false, isKnown: true });
  assert.deepEqual(await find("new"), { person: { id: "new", name: "", role: "guest" }, isSure: false, isKnown: false });
  owner.people.set("new", person("new", "member"));
  const { line, member } = join("new", { isSure: false, mayWrite: false });
  member.person = { id: "new", name: "", role: "guest" };
  room.receive(member, say("1"));
  await pass(20);
  assert.deepEqual(
    line.acks.map(({ code }) => code),
    ["control-away"],
  );
  owner.isAway = false;
  await pass(12_000);
  assert.deepEqual(line.frames.flatMap(({ you }) => you ?? []).at(-1), person("new", "member"));
  room.receive(member, say("2"));
  await pass(20);
  assert.deepEqual(line.acks.at(-1), { id: "2", seq: 1 });
});

test("without the owner, members have the lesson's state; with it, they get a snapshot", async () => {
  const owner = new TestOwner();
  owner.isAway = true;
  owner.append({ kind: "chat", to: "all", key: "chat/1", body: {} });
  const { room, join, pass } = openTestRoom(owner);
  room.setSignal({ kind: "state", key: "", to: "all", body: { state: "live" } });
  const { line } = join("a");
  assert.deepEqual([line.frames[0]?.epoch, line.frames[0]?.signals?.[0]?.["state"]], ["", "live"]);
  owner.isAway = false;
  await pass(6000);
  assert.deepEqual(
    line.frames.at(-1)?.snapshot?.map(({ seq }) => seq),
    [1],
  );
});

test("visits are reported each second when they change, and those who left until the owner has answered", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const [a, tab] = [join("a"), join("a")];
  join("b");
  await pass(1000);
  const last = () =>
    owner
      .ofKind("visits")
      .at(-1)
      ?.visits.map(({ participant, to }) => [participant, to === null ? "there" : "left"]);
  assert.deepEqual(last(), [
    ["a", "there"],
    ["b", "there"],
  ]);
  room.leave(tab.member);
  await pass(2000);
  assert.equal(owner.ofKind("visits").length, 1, "a person with another tab is there");
  owner.isAway = true;
  room.leave(a.member);
  await pass(3000);
  owner.isAway = false;
  await pass(1000);
  assert.deepEqual(last(), [
    ["b", "there"],
    ["a", "left"],
  ]);
  await pass(6000);
  assert.deepEqual(last(), [["b", "there"]]);
});

test("of a large room, 500 people each are reported together, under a name of their own", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const members = Array.from({ length: 1200 }, (_, n) => join(`p${n}`).member);
  await pass(6000);
  const last = () => new Map(owner.ofKind("visits").map(({ worker, visits }) => [worker, visits]));
  assert.deepEqual(
    [...last()].map(([worker, visits]) => [worker, visits.length]),
    [
      ["n/media-1", 500],
      ["n/media-1#1", 500],
      ["n/media-1#2", 200],
    ],
  );
  for (const member of members) room.leave(member);
  await pass(6000);
  assert.ok([...last().values()].flat().every(({ to }) => to !== null));
  await pass(20_000);
  assert.equal(room.isOver, true);
});

test("a room without members is over after a while, when the owner knows who has left", async () => {
  const { owner, room, join, pass } = openTestRoom();
  await pass();
  const { member } = join("a");
  await pass(2000);
  assert.equal(room.isOver, false);
  owner.isAway = true;
  room.leave(member);
  await pass(30_000);
  assert.equal(room.isOver, false);
  owner.isAway = false;
  await pass(10_000);
  assert.equal(room.isOver, true);
});

test("a room that nothing was heard of asks: an update that was lost is found, though none follows it", async () => {
  const { owner, join, pass } = openTestRoom();
  await pass();
  const { line } = join("a");
  owner.append({ kind: "chat", to: "all", key: null, body: {} });
  owner.updates.length = 0;
  await pass(6000);
  assert.deepEqual(
    line.entries.map(({ seq }) => seq),
    [1],
  );
});

test("what a pen sends has an allowance of its own, and does not use up that of talk", async () => {
  const { room, join, pass } = openTestRoom();
  await pass();
  const { member, line } = join("a");
  const send = (kind: string, n: number) => room.receive(member, JSON.stringify({ id: `${kind}${n}`, kind, text: "x" }));
  for (let n = 0; n < 70; n++) send("stroke", n);
  for (let n = 0; n < 21; n++) send("chat", n);
  await pass(50);
  const refused = line.acks.filter(({ code }) => code === "too-many").map(({ id }) => id);
  assert.deepEqual(refused, [...Array.from({ length: 10 }, (_, n) => `stroke${n + 60}`), "chat20"]);
  await pass(1000);
  for (let n = 70; n < 100; n++) send("stroke", n);
  await pass(50);
  assert.equal(line.acks.filter(({ code }) => code === "too-many").length, 11);
});
