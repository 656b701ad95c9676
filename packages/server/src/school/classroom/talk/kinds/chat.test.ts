/** Chat and bullet comments: who may write what to whom, and how often. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { newId } from "../../../../platform/id.ts";
import { json } from "../../../../platform/store/store.ts";
import { openTestDatabase, type TestDatabase } from "../../../foundation/store/test-database.ts";
import { person, TestRoom } from "../test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");
const anna = person("member", "Anna");
const guest = person("guest", "Ben");

async function open(t: TestContext): Promise<TestRoom> {
  const room = await TestRoom.open(database);
  t.after(() => room.close());
  return room;
}

test("guests, members and staff write to everybody; the line has a reference and its sender", async (t) => {
  const room = await open(t);
  for (const who of [guest, anna, teacher]) {
    const ref = await room.ref(who, "chat", { text: " Hello\u202e " });
    const line = (await room.retained()).get(`chat/${ref}`);
    assert.deepEqual([line?.to, line?.body, line?.from], ["all", { ref, text: "Hello" }, who]);
  }
  for (const bad of [{ text: "" }, { text: "x".repeat(1001) }, { text: "x", colour: "red" }, { text: "x", to: "nobody" }])
    assert.equal(await room.refusal(anna, "chat", bad), "bad-request", JSON.stringify(bad));
});

test("a member's private line reaches staff; only staff write to one person", async (t) => {
  const room = await open(t);
  const ref = await room.ref(anna, "chat", { text: "I am ill", to: "staff" });
  assert.equal((await room.retained()).get(`chat/${ref}`)?.to, "staff");
  assert.equal(await room.refusal(anna, "chat", { text: "psst", to: guest.id }), "refused-by-rule");
  const reply = await room.ref(teacher, "chat", { text: "Get well", to: anna.id, replyTo: ref });
  const line = (await room.retained()).get(`chat/${reply}`);
  assert.deepEqual([line?.to, line?.body["replyTo"]], [{ participant: anna.id }, ref]);
});

test("a reply is to a line that its sender may see, also to one that the room does not hold any more", async (t) => {
  const room = await open(t);
  const [open1, secret] = [
    await room.ref(anna, "chat", { text: "one" }),
    await room.ref(anna, "chat", { text: "two", to: "staff" }),
  ];
  assert.equal(await room.refusal(guest, "chat", { text: "yes", replyTo: open1 }), null);
  assert.equal(await room.refusal(guest, "chat", { text: "yes", replyTo: secret }), "not-found");
  assert.equal(await room.refusal(anna, "chat", { text: "yes", replyTo: secret }), null);
  assert.equal(await room.refusal(guest, "chat", { text: "yes", replyTo: newId() }), "not-found");
  await Promise.all(Array.from({ length: 310 }, (_, i) => room.do(teacher, "chat", { text: `line ${i}` })));
  assert.equal((await room.retained()).has(`chat/${open1}`), false);
  assert.equal(await room.refusal(guest, "chat", { text: "still", replyTo: open1 }), null);
});

test("with chat for staff, others' lines go to staff alone; switched off, others are refused", async (t) => {
  const room = await open(t);
  await room.do(teacher, "settings", { chat: "staff" });
  const ref = await room.ref(anna, "chat", { text: "Hello" });
  assert.equal((await room.retained()).get(`chat/${ref}`)?.to, "staff");
  const said = await room.ref(teacher, "chat", { text: "Quiet" });
  assert.equal((await room.retained()).get(`chat/${said}`)?.to, "all");
  await room.do(teacher, "settings", { chat: "off" });
  for (const to of ["all", "staff"]) assert.equal(await room.refusal(anna, "chat", { text: "Hello", to }), "switched-off");
  assert.equal(await room.refusal(teacher, "chat", { text: "Quiet" }), null);
});

test("in slow mode everybody but staff waits, each for themselves, also within one group; a refused line does not count", async (t) => {
  const room = await open(t);
  await room.do(teacher, "settings", { slowSeconds: 10 });
  assert.equal(await room.refusal(anna, "chat", { text: "hate" }), "refused-words");
  const both = await Promise.all(["one", "two"].map((text) => room.do(anna, "chat", { text })));
  assert.deepEqual(
    both.map((result) => ("refused" in result ? [result.refused, result.retryAfter] : "done")),
    ["done", ["too-many", 10]],
  );
  room.now += 6000;
  const early = await room.do(anna, "chat", { text: "three" });
  assert.equal("refused" in early && early.retryAfter, 4);
  assert.equal(await room.refusal(guest, "chat", { text: "four" }), null);
  for (let i = 0; i < 3; i++) assert.equal(await room.refusal(teacher, "chat", { text: "five" }), null);
  room.now += 4000;
  assert.equal(await room.refusal(anna, "chat", { text: "six" }), null);
});

test("a line that is sent again with the same id is there once, and is no second line for slow mode", async (t) => {
  const room = await open(t);
  await room.do(teacher, "settings", { slowSeconds: 10 });
  const id = newId();
  const [first, again] = [await room.do(anna, "chat", { text: "once" }, id), await room.do(anna, "chat", { text: "once" }, id)];
  assert.ok("seq" in first && "seq" in again && first.seq === again.seq);
  assert.equal(room.entries.filter(({ kind }) => kind === "chat").length, 1);
});

test("word lists cover, hold or refuse what others write, never what staff write", async (t) => {
  const room = await open(t);
  const masked = await room.ref(anna, "chat", { text: "damn it" });
  assert.deepEqual((await room.retained()).get(`chat/${masked}`)?.body, { ref: masked, text: "**** it", masked: true });
  assert.equal(await room.refusal(anna, "chat", { text: "I hate it" }), "refused-words");
  const held = await room.do(anna, "chat", { text: "fight me" });
  assert.deepEqual("body" in held && held.body, { held: true });
  const lines = [...(await room.retained()).values()];
  assert.equal(lines.filter(({ body }) => body["text"] === "fight me").length, 1);
  assert.deepEqual(lines.find(({ kind }) => kind === "moderation")?.to, "staff");
  for (const text of ["damn it", "fight me", "I hate it"]) {
    const ref = await room.ref(teacher, "chat", { text });
    assert.equal((await room.retained()).get(`chat/${ref}`)?.body["text"], text);
  }
});

test("bullet comments are sampled, do not stay, and come once a second from one person", async (t) => {
  const room = await open(t);
  assert.equal(await room.refusal(anna, "danmaku", { text: "2 + 2\n= 4", color: "#FF8800" }), null);
  const entry = room.entries.find(({ kind }) => kind === "danmaku");
  assert.deepEqual([entry?.sampled, entry?.key, entry?.body], [true, null, { text: "2 + 2 = 4", color: "#ff8800" }]);
  assert.equal(await room.refusal(anna, "danmaku", { text: "again" }), "too-many");
  assert.equal(await room.refusal(guest, "danmaku", { text: "me too" }), null);
  room.now += 1000;
  assert.equal(await room.refusal(anna, "danmaku", { text: "x".repeat(61) }), "bad-request");
  assert.equal(await room.refusal(anna, "danmaku", { text: "x", color: "red" }), "bad-request");
  await room.do(teacher, "settings", { danmaku: false });
  for (const who of [anna, teacher]) assert.equal(await room.refusal(who, "danmaku", { text: "x" }), "switched-off");
});

test("under load the server refuses bullet comments and slows chat; staff go on", async (t) => {
  const room = await open(t);
  room.shed = ["danmaku"];
  const shed = await room.do(anna, "danmaku", { text: "x" });
  assert.deepEqual("refused" in shed && [shed.refused, shed.retryAfter], ["switched-off", 10]);
  assert.equal(await room.refusal(teacher, "danmaku", { text: "x" }), null);
  room.shed = ["quick-chat"];
  assert.equal(await room.refusal(anna, "chat", { text: "one" }), null);
  room.now += 2000;
  const second = await room.do(anna, "chat", { text: "two" });
  assert.deepEqual("refused" in second && [second.laterMs, second.retryAfter], [3000, 3], "the worker sends it again");
  room.now += 3000;
  assert.equal(await room.refusal(anna, "chat", { text: "two" }), null);
});

test("under load, who talks much is slowed first, and is refused what comes too soon", async (t) => {
  const room = await open(t);
  for (let n = 1; n <= 5; n++) assert.equal(await room.refusal(anna, "chat", { text: `${n}` }), null);
  assert.equal(await room.refusal(guest, "chat", { text: "one" }), null);
  room.shed = ["quick-chat"];
  const much = await room.do(anna, "chat", { text: "six" });
  assert.deepEqual("refused" in much && [much.refused, much.retryAfter, much.laterMs], ["too-many", 5, undefined]);
  const seldom = await room.do(guest, "chat", { text: "two" });
  assert.deepEqual("refused" in seldom && seldom.laterMs, 5000, "who seldom writes waits");
  room.now += 60_000;
  assert.equal(await room.refusal(anna, "chat", { text: "seven" }), null);
});

test("a line is acknowledged once more as it was, by another process too, whatever is forbidden since", async (t) => {
  const room = await open(t);
  const id = newId();
  const first = await room.do(anna, "chat", { text: "once" }, id);
  assert.ok("body" in first && first.body?.["ref"]);
  await room.do(teacher, "settings", { chat: "off", slowSeconds: 60 });
  await room.restart();
  assert.deepEqual(await room.do(anna, "chat", { text: "once" }, id), first);
  await room.addEntries(3500);
  await room.restart();
  assert.deepEqual(await room.do(anna, "chat", { text: "once" }, id), first, "nothing in memory tells of it");
  assert.equal(await room.refusal(anna, "chat", { text: "once" }), "switched-off");
});

test("a webhook that names room.chat gets every line once it is stored; one for all events does not", async (t) => {
  const room = await open(t);
  const { school_id } = room.lesson;
  const hook = { school_id, url: "http://127.0.0.1:9/", secret: "s", enabled: true };
  for (const events of [["room.chat"], []])
    await database.db
      .insertInto("webhooks")
      .values({ ...hook, id: newId(), events: json<readonly string[]>(events) })
      .execute();
  await Promise.all([1, 2, 3].map((n) => room.do(teacher, "chat", { text: `line ${n}` })));
  await room.do(anna, "chat", { text: "fight" });
  const sent = await database.db
    .selectFrom("deliveries")
    .innerJoin("webhooks", "webhooks.id", "deliveries.webhook_id")
    .select(["deliveries.event", "deliveries.body", "webhooks.events"])
    .where("webhooks.school_id", "=", school_id)
    .orderBy("deliveries.id")
    .execute();
  const data = sent.map(({ body }) => JSON.parse(body).data);
  assert.deepEqual(
    data.map(({ text }) => text),
    ["line 1", "line 2", "line 3"],
  );
  assert.deepEqual([data[0].lessonId, data[0].from.name, data[0].to], [room.lesson.id, "Ms Li", "all"]);
  assert.ok(sent.every(({ events }) => events.length === 1));
  assert.ok(room.deliveries > 0);
});
