/** Moderation of a room: lines are deleted and pinned, people are muted and removed, held texts are decided about. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import type { RoomContent } from "../../../contracts/rooms/room-requests.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { readEntries } from "../room-reading.ts";
import { checkServer, codeOf, ModeratedSchool } from "./test-moderated-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function auditOf(lessonId: string): Promise<string[]> {
  const rows = await database.db.selectFrom("audit").select("action").where("target_id", "=", lessonId).orderBy("id").execute();
  return rows.map(({ action }) => action);
}

test("a deleted line loses its text for everybody; restored, it is as it was; both are in the audit log", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const ref = await room.ref(anna, "Hello");
  const key = `chat/${ref}`;
  assert.equal(codeOf(await room.moderate(anna, { action: "delete", key })), "refused-by-rule");
  assert.equal(codeOf(await room.moderate(teacher, { action: "restore", key })), "conflict");
  await room.moderate(teacher, { action: "delete", key });
  await room.moderate(teacher, { action: "delete", key });
  const deleted = (await room.retained()).get(key);
  assert.deepEqual([deleted?.body, deleted?.from?.id, deleted?.kind], [{ ref, deleted: true }, anna.id, "chat"]);
  await room.moderate(teacher, { action: "restore", key });
  const restored = (await room.retained()).get(key);
  assert.deepEqual([restored?.body, restored?.from?.id], [{ ref, text: "Hello" }, anna.id]);
  assert.deepEqual(await auditOf(room.lesson.id), ["room.delete", "room.restore"]);
  assert.equal(codeOf(await room.moderate(teacher, { action: "delete", key: `chat/${teacher.id}` })), "not-found");
  assert.equal(codeOf(await room.moderate(teacher, { action: "delete", key: "settings" })), "bad-request");
});

test("questions and announcements can be deleted too, and a deletion stays with those who saw the line", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const question = await room.ref(anna, "Why?", "question");
  await room.moderate(teacher, { action: "delete", key: `question/${question}` });
  assert.deepEqual((await room.retained()).get(`question/${question}`)?.body, { ref: question, deleted: true });
  const secret = await room.do(anna, "chat", { text: "I am ill", to: "staff" });
  const key = `chat/${"body" in secret ? secret.body?.["ref"] : ""}`;
  await room.moderate(teacher, { action: "delete", key });
  assert.deepEqual(
    room.entries.filter((entry) => entry.body["target"] === key || entry.key === key).map(({ to }) => to),
    ["staff", "staff", "staff"],
  );
});

test("the text of a deleted line is in no way out: not for newcomers, in pages, lists and exports, nor in what webhooks still wait for", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const { id: lessonId, school_id } = room.lesson;
  const hook = { id: newId(), school_id, url: "http://127.0.0.1:9/", secret: "s", enabled: true };
  const events = json<readonly string[]>(["room.chat", "room.question", "room.announcement"]);
  await database.db
    .insertInto("webhooks")
    .values({ ...hook, events })
    .execute();
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const question = await room.ref(anna, "unkind question", "question");
  await room.do(teacher, "question", { action: "answer", ref: question, text: "unkind answer" });
  const posted = await room.do(teacher, "announcement", { action: "post", text: "unkind notice" });
  const line = await room.ref(anna, "unkind line");
  const kept = await room.ref(anna, "a line that stays");
  const notice = "body" in posted ? String(posted.body?.["ref"]) : "";
  for (const key of [`question/${question}`, `chat/${line}`]) await room.moderate(teacher, { action: "delete", key });
  await room.do(teacher, "announcement", { action: "remove", ref: notice });

  const { content } = (await room.rooms.request({ kind: "read", room: lessonId, after: null })) as { content: RoomContent };
  const older = await room.rooms.request({ kind: "older", room: lessonId, epoch: content.epoch, before: content.head + 1 });
  const reader = { lesson: room.lesson, isStaff: true, participant: null };
  const lists = [{ limit: 100 }, { limit: 100, after: 0 }, { limit: 100, before: 1000 }, { limit: 100, kind: "chat" }];
  const read = await Promise.all(lists.map((query) => readEntries(database.db, reader, query)));
  const deliveries = await database.db
    .selectFrom("deliveries")
    .select("body")
    .where("webhook_id", "=", hook.id)
    .orderBy("id")
    .execute();
  const ways = { newcomers: content.entries, older, ...read, deliveries };
  for (const [way, out] of Object.entries(ways)) {
    assert.doesNotMatch(JSON.stringify(out), /unkind/, way);
    assert.match(JSON.stringify(out), new RegExp(kept), way);
  }
  const sent = deliveries.map(({ body }) => JSON.parse(body).data);
  assert.deepEqual(
    sent.map(({ ref, deleted }) => [ref, deleted]).filter(([ref]) => ref === line || ref === kept),
    [
      [line, true],
      [kept, undefined],
    ],
  );
});

test("one public line is pinned; it is unpinned by hand, and where it is deleted", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const [one, two] = [`chat/${await room.ref(anna, "one")}`, `chat/${await room.ref(anna, "two")}`];
  await room.moderate(teacher, { action: "pin", key: one });
  await room.moderate(teacher, { action: "pin", key: two });
  const pinned = (await room.retained()).get("pin")?.body;
  assert.deepEqual([pinned?.["target"], pinned?.["text"], pinned?.["author"]], [two, "two", { id: anna.id, name: "Anna" }]);
  assert.equal(codeOf(await room.moderate(teacher, { action: "unpin", key: one })), "conflict");
  await room.moderate(teacher, { action: "unpin", key: two });
  assert.equal((await room.retained()).has("pin"), false);
  await room.moderate(teacher, { action: "pin", key: one });
  await room.moderate(teacher, { action: "delete", key: one });
  assert.equal((await room.retained()).has("pin"), false);
  assert.equal(codeOf(await room.moderate(teacher, { action: "pin", key: one })), "not-found");
  const secret = await room.do(anna, "chat", { text: "psst", to: "staff" });
  const key = `chat/${"body" in secret ? secret.body?.["ref"] : ""}`;
  assert.equal(codeOf(await room.moderate(teacher, { action: "pin", key })), "refused-by-rule");
});

test("muted people write nothing until they are unmuted or the time is over; only they and staff see it", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna, ben] = [
    await room.join("staff", "Ms Li"),
    await room.join("member", "Anna"),
    await room.join("guest", "Ben"),
  ];
  await room.moderate(teacher, { action: "mute", person: anna.id, seconds: 60 });
  await room.moderate(teacher, { action: "mute", person: ben.id });
  assert.equal(await room.say(anna, "Hello"), "muted");
  assert.equal(await room.say(ben, "Hello", "danmaku"), "muted");
  const entry = (await room.retained()).get(`mute/${anna.id}`);
  assert.deepEqual([entry?.to, entry?.body["until"]], [{ participant: anna.id }, room.now + 60_000]);
  room.now += 60_001;
  assert.equal(typeof (await room.say(anna, "Hello")), "object");
  assert.equal(await room.say(ben, "Hello"), "muted");
  await room.moderate(teacher, { action: "unmute", person: ben.id });
  assert.equal(typeof (await room.say(ben, "Hello")), "object");
  assert.equal(codeOf(await room.moderate(teacher, { action: "unmute", person: ben.id })), "conflict");
  assert.equal(codeOf(await room.moderate(teacher, { action: "mute", person: room.lesson.id })), "not-found");
});

test("a mute ends when its time is over, also in the next process, and not earlier where it was set once more", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const key = `mute/${anna.id}`;
  await room.moderate(teacher, { action: "mute", person: anna.id, seconds: 60 });
  assert.equal(codeOf(await room.moderate(teacher, { action: "expire", person: anna.id })), "refused-by-rule");
  room.advance(30_000);
  await room.moderate(teacher, { action: "mute", person: anna.id, seconds: 60 });
  room.advance(31_000);
  assert.equal(await room.say(anna, "Hello"), "muted");
  const { now } = room;
  await room.close();
  const next = await ModeratedSchool.open(t, database, room.lesson);
  next.now = now;
  assert.equal((await next.retained()).has(key), true);
  next.advance(29_002);
  await next.entry((entry) => entry.key === key && entry.gone);
  assert.equal(typeof (await next.say(anna, "Hello")), "object");
});

test("nobody is unmuted because many others are muted", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const teacher = await room.join("staff", "Ms Li");
  const people = [];
  for (let i = 0; i < 301; i++) people.push(await room.join("guest", `Guest ${i}`));
  const results = await Promise.all(people.map(({ id }) => room.moderate(teacher, { action: "mute", person: id, seconds: 60 })));
  assert.deepEqual([...new Set(results.slice(0, 300).map(codeOf)), codeOf(results[300] ?? { seq: 0 })], [null, "conflict"]);
  assert.equal(await room.say(people[0] ?? teacher, "Hello"), "muted");
  room.now += 60_000;
  assert.equal(codeOf(await room.moderate(teacher, { action: "mute", person: people[300]?.id })), null);
  assert.deepEqual([...(await room.retained()).keys()], [`mute/${people[300]?.id}`]);
});

test("a held text is for staff alone, who approve or refuse it once, also after another process has taken the room", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna, ben] = [
    await room.join("staff", "Ms Li"),
    await room.join("member", "Anna"),
    await room.join("guest", "Ben"),
  ];
  await room.addWords("hold", "打架", "Violence");
  const answers = [
    await room.say(anna, "打 架吧"),
    await room.say(ben, "打架", "danmaku"),
    await room.say(anna, "为何打架", "question"),
  ];
  assert.ok(answers.every((answer) => typeof answer === "object" && answer["held"] === true));
  const held = [...(await room.retained()).entries()].filter(([key]) => key.startsWith("held/"));
  assert.deepEqual(
    held.map(([, { to, from, body }]) => [to, from?.id, body["textKind"], body["text"], body["reason"]]),
    [
      ["staff", "", "chat", "打 架吧", "Violence"],
      ["staff", "", "danmaku", "打架", "Violence"],
      ["staff", "", "question", "为何打架", "Violence"],
    ],
  );
  await room.close();
  const next = await ModeratedSchool.open(t, database, room.lesson);
  const refs = held.map(([key]) => key.slice("held/".length));
  assert.equal(codeOf(await next.moderate(anna, { action: "approve", ref: refs[0] })), "refused-by-rule");
  for (const [i, action] of ["approve", "approve", "refuse"].entries())
    assert.equal(codeOf(await next.moderate(teacher, { action, ref: refs[i] })), null);
  assert.equal(codeOf(await next.moderate(teacher, { action: "approve", ref: refs[0] })), "not-found");
  const shown = next.entries
    .filter(({ kind }) => kind !== "moderation")
    .map(({ kind, to, from, body }) => [kind, to, from?.id, body["text"]]);
  assert.deepEqual(shown, [
    ["chat", "all", anna.id, "打 架吧"],
    ["danmaku", "all", ben.id, "打架"],
  ]);
  const told = next.entries.find(({ body }) => body["action"] === "refused");
  assert.deepEqual([told?.to, told?.body["textKind"]], [{ participant: anna.id }, "question"]);
  assert.equal(
    [...(await next.retained()).keys()].some((key) => key.startsWith("held/")),
    false,
  );
  assert.deepEqual(await auditOf(room.lesson.id), ["room.approve", "room.approve", "room.refuse"]);
});

test("a text that two approve at the same moment is shown once", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  await room.addWords("hold", "打架");
  const ref = await room.ref(anna, "打架", "danmaku");
  const both = await Promise.all([1, 2].map(() => room.moderate(teacher, { action: "approve", ref })));
  assert.deepEqual(both.map(codeOf), [null, "not-found"]);
  assert.equal(room.entries.filter(({ kind }) => kind === "danmaku").length, 1);
});

test("words are masked and refused; a list that changes counts without a restart, and staff write what they want", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  const list = await room.addWords("mask", "笨蛋");
  await room.addWords("refuse", "赌博");
  const ref = await room.ref(anna, "你这笨蛋");
  assert.deepEqual((await room.retained()).get(`chat/${ref}`)?.body, { ref, text: "你这**", masked: true });
  assert.equal(await room.say(anna, "賭博"), "refused-words");
  const own = await room.ref(teacher, "赌博");
  assert.equal((await room.retained()).get(`chat/${own}`)?.body["text"], "赌博");
  await database.db.updateTable("word_lists").set({ words: "坏蛋" }).where("id", "=", list).execute();
  const { school_id: schoolId } = room.lesson;
  while (room.checks.check(schoolId, "坏蛋").action !== "mask") await new Promise((resolve) => setImmediate(resolve));
  assert.equal(room.checks.check(schoolId, "笨蛋").action, "pass");
});

test("the school's own check is asked, signed; it lets texts pass, changes, holds and refuses them", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const anna = await room.join("member", "Anna");
  const answers: Record<string, object> = {
    good: { action: "pass" },
    soso: { action: "mask", text: "****" },
    odd: { action: "hold", reason: "unsure" },
    bad: { action: "refuse" },
  };
  const { asked, url } = await checkServer(t, (text) => answers[text] ?? {});
  await room.addCheck(url, "hold");
  const refs = new Map<string, string>();
  for (const text of [...Object.keys(answers), "nonsense"]) refs.set(text, await room.ref(anna, text));
  for (const ref of refs.values()) await room.entry(({ key, gone }) => key === `checking/${ref}` && gone);
  const held = await room.retained();
  const of = (text: string, prefix: string) => held.get(`${prefix}/${refs.get(text)}`)?.body;
  assert.deepEqual(of("good", "chat"), { ref: refs.get("good"), text: "good" });
  assert.deepEqual(of("soso", "chat"), { ref: refs.get("soso"), text: "****", masked: true });
  assert.equal(of("odd", "held")?.["reason"], "unsure");
  assert.equal(of("nonsense", "held")?.["text"], "nonsense");
  assert.equal(held.size, 4);
  const [told] = room.entries.filter(({ body }) => body["action"] === "refused");
  assert.deepEqual([told?.to, told?.body["ref"]], [{ participant: anna.id }, refs.get("bad")]);
  const { body, signature } = asked[0] ?? { body: "", signature: "" };
  const [, at = "", v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  assert.equal(v1, createHmac("sha256", "secret").update(`${at}.${body}`).digest("hex"));
  assert.deepEqual(JSON.parse(body).data, { lessonId: room.lesson.id, kind: "chat", text: "good", person: { ...anna } });
});

test("without an answer in time the school's default holds; only the server answers for the check", async (t) => {
  const { url } = await checkServer(t, () => null);
  for (const fallback of ["pass", "hold", "refuse"] as const) {
    const room = await ModeratedSchool.open(t, database);
    const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
    await room.addCheck(url, fallback, 100);
    await room.addWords("mask", "笨蛋");
    const ref = await room.ref(anna, "你这笨蛋");
    const checked = { action: "checked", ref, checked: { action: "pass" } };
    assert.equal(codeOf(await room.moderate(teacher, checked)), "refused-by-rule");
    await room.entry(({ key, gone }) => key === `checking/${ref}` && gone);
    const held = [...(await room.retained()).values()].map(({ key, body }) => [key, body["text"]]);
    const expected = { pass: [[`chat/${ref}`, "你这**"]], hold: [[`held/${ref}`, "你这笨蛋"]], refuse: [] };
    assert.deepEqual(held, expected[fallback]);
  }
});

test("a text that was being checked when its process ended is asked about by the next", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const anna = await room.join("member", "Anna");
  let isAnswering = false;
  const { url, asked } = await checkServer(t, () => (isAnswering ? { action: "pass" } : null));
  await room.addCheck(url, "refuse");
  const ref = await room.ref(anna, "Hello");
  await room.close();
  isAnswering = true;
  const next = await ModeratedSchool.open(t, database, room.lesson);
  await next.retained();
  await next.entry(({ key }) => key === `chat/${ref}`);
  assert.equal(asked.length, 2);
});

test("no field of a body has the name of a field that every entry has on the wire", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  await room.addWords("hold", "打架");
  const key = `chat/${await room.ref(anna, "Hello")}`;
  const ref = await room.ref(anna, "打架");
  for (const action of ["pin", "unpin", "delete", "restore"]) await room.moderate(teacher, { action, key });
  await room.moderate(teacher, { action: "refuse", ref });
  for (const action of ["mute", "unmute", "remove"]) await room.moderate(teacher, { action, person: anna.id });
  const moderation = room.entries.filter(({ kind }) => kind === "moderation");
  assert.equal(moderation.length, 11);
  for (const { body } of moderation)
    for (const name of ["epoch", "seq", "at", "mediaTime", "id", "kind", "from", "name", "role", "key", "gone", "to"])
      assert.equal(name in body, false, `${name} in ${JSON.stringify(body)}`);
});

test("a removed participant cannot come back; teachers of the lesson and oneself cannot be removed", async (t) => {
  const room = await ModeratedSchool.open(t, database);
  const [teacher, anna] = [await room.join("staff", "Ms Li"), await room.join("member", "Anna")];
  assert.equal(codeOf(await room.moderate(anna, { action: "remove", person: teacher.id })), "refused-by-rule");
  assert.equal(codeOf(await room.moderate(teacher, { action: "remove", person: teacher.id })), "conflict");
  assert.equal(codeOf(await room.moderate(teacher, { action: "remove", person: anna.id, device: true })), null);
  const row = await database.db.selectFrom("participants").selectAll().where("id", "=", anna.id).executeTakeFirstOrThrow();
  assert.ok(row.removed_at !== null && row.device_removed);
  assert.deepEqual(room.changedRules, [`${room.lesson.stream_app}/${room.lesson.stream_name}`, anna.id]);
  const audit = await database.db.selectFrom("audit").selectAll().where("target_id", "=", anna.id).execute();
  assert.deepEqual(
    audit.map(({ action, target_kind }) => [action, target_kind]),
    [["participant.remove", "participant"]],
  );
});
