/** Rooms of lessons through the API: what people and other systems read and do, and what they may not see. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lectern.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

type Someone = { readonly id: string; readonly token: string };

/** A lesson that is open to the school, its teacher, two students who have joined, and a guest. */
async function openClass({ ok, person }: TestSchool) {
  const schoolId: string = (await ok("GET", "/schools")).items[0].id;
  const [teacher, anna, ben] = [
    await person(schoolId, "teacher"),
    await person(schoolId, "student"),
    await person(schoolId, "student"),
  ];
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths", openToSchool: true } });
  for (const { token } of [anna, ben]) await ok("POST", `/lessons/${lesson.id}/join`, { as: token });
  const guest = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Guest" } });
  return { schoolId, lesson, teacher, anna, ben, guest, path: `/lessons/${lesson.id}/room` };
}

onPostgresFirst((open) => {
  let ids = 0;
  const room = ({ call, ok }: TestSchool, path: string) => ({
    say: (who: Someone, kind: string, body: object, id = `action-${++ids}`) =>
      ok("POST", `${path}/entries`, { as: who.token, body: { id, kind, ...body } }),
    refusal: async (token: string | null, kind: string, body: object) =>
      (await call("POST", `${path}/entries`, { as: token, body: { id: `action-${++ids}`, kind, ...body } })).body.code,
    texts: async (token: string | null, query = "") => {
      const { items } = await ok("GET", `${path}/entries${query}`, { as: token });
      return items.map(({ text, deleted, kind }: { text?: string; deleted?: boolean; kind: string }) =>
        deleted ? "deleted" : (text ?? kind),
      );
    },
  });

  test("a room that nobody has used has its settings; a change is there for everybody who sees the lesson", async (t) => {
    const school = await open(t);
    const { path, teacher, anna, schoolId, lesson } = await openClass(school);
    const { say, refusal } = room(school, path);
    const fresh = await school.ok("GET", path, { as: anna.token });
    assert.deepEqual([fresh.lessonId, fresh.head, fresh.people, fresh.quiz, fresh.shedding], [lesson.id, 0, 0, null, 0]);
    assert.deepEqual([fresh.settings.chat, fresh.settings.slowSeconds, fresh.settings.danmaku], ["everybody", 0, true]);
    assert.equal(await refusal(anna.token, "settings", { chat: "off" }), "refused-by-rule");
    await say(teacher, "settings", { chat: "staff", slowSeconds: 20 });
    const changed = await school.ok("GET", path, { as: anna.token });
    assert.deepEqual([changed.head, changed.settings.chat, changed.settings.slowSeconds], [1, "staff", 20]);
    const other = await school.ok("POST", "/schools", { body: { slug: "other", name: "Other", timeZone: "UTC" } });
    const stranger = await school.person(other.id, "teacher");
    for (const place of [path, `${path}/entries`, `${path}/export`])
      assert.equal((await school.call("GET", place, { as: stranger.token })).status, 404, place);
    assert.equal(await refusal(stranger.token, "chat", { text: "hello" }), "not-found");
    const entries = (await school.ok("GET", "/audit")).items.filter(({ action }: { action: string }) => action === "room.settings");
    assert.deepEqual(
      entries.map(({ schoolId: of, after }: { schoolId: string; after: object }) => [of, after]),
      [[schoolId, { chat: "staff", slowSeconds: 20 }]],
    );
  });

  test("people who have joined write; each reads what is for all, for them or from them; staff read everything", async (t) => {
    const school = await open(t);
    const { path, teacher, anna, ben, guest } = await openClass(school);
    const { say, refusal, texts } = room(school, path);
    const first = await say(anna, "chat", { text: "hello" });
    assert.deepEqual([first.seq, typeof first.answer.ref], [1, "string"]);
    await say(anna, "chat", { text: "only for the teacher", to: "staff" });
    const annaInRoom = (await school.ok("GET", `${path}/entries`, { as: teacher.token })).items[0].from;
    await say(teacher, "chat", { text: "only for Anna", to: annaInRoom, replyTo: first.answer.ref });
    assert.deepEqual(await texts(teacher.token), ["hello", "only for the teacher", "only for Anna"]);
    assert.deepEqual(await texts(anna.token), ["hello", "only for the teacher", "only for Anna"]);
    assert.deepEqual(await texts(ben.token), ["hello"]);
    assert.deepEqual(await texts(null, `?token=${guest.token}`), ["hello"]);
    assert.equal((await school.call("GET", `${path}/entries`, { as: null })).body.code, "not-found");
    assert.equal((await school.call("GET", `${path}/entries?token=wrong`, { as: null })).body.code, "not-found");
    assert.equal(await refusal(null, "chat", { text: "hello" }), "not-signed-in");
    const late = await school.person((await school.ok("GET", "/schools")).items[0].id, "student");
    assert.equal(await refusal(late.token, "chat", { text: "hello" }), "refused-by-rule");
    assert.deepEqual(await texts(late.token), ["hello"]);
    await school.ok("DELETE", `/lessons/${path.split("/")[2]}/participants/${annaInRoom}`, { as: teacher.token });
    assert.equal(await refusal(anna.token, "chat", { text: "and yet" }), "removed-from-lesson");
    assert.equal((await school.call("GET", `${path}/entries`, { as: anna.token })).body.code, "removed-from-lesson");
  });

  test("older lines come in pages without holes, and a deleted line's text is not in them", async (t) => {
    const school = await open(t);
    const { path, teacher, anna } = await openClass(school);
    const { say, texts } = room(school, path);
    const lines = Array.from({ length: 25 }, (_, i) => `line ${i}`);
    const written = [];
    for (const text of lines) written.push(await say(teacher, "chat", { text }));
    await say(teacher, "announcement", { action: "post", text: "Test" });
    const seen: string[] = [];
    for (let before: number | null = null; ; ) {
      const page = await school.ok("GET", `${path}/entries?kind=chat&limit=10${before === null ? "" : `&before=${before}`}`, {
        as: anna.token,
      });
      seen.unshift(...page.items.map(({ text }: { text: string }) => text));
      if (!page.hasMore) break;
      before = page.items[0].seq;
    }
    assert.deepEqual(seen, lines);
    assert.deepEqual(await texts(anna.token, "?after=20&limit=3"), ["line 20", "line 21", "line 22"]);
    assert.deepEqual(await texts(anna.token, "?kind=announcement"), ["Test"]);
    await say(teacher, "moderation", { action: "delete", key: `chat/${written[3].answer.ref}` });
    for (const who of [anna, teacher]) {
      const all = await texts(who.token, "?kind=chat");
      assert.ok(!all.includes("line 3") && all.includes("deleted"), all.join());
    }
  });

  test("an action that is sent again with the same id is done once; what a room refuses has its code, its wait and both languages", async (t) => {
    const school = await open(t);
    const { path, teacher, anna } = await openClass(school);
    const { say, refusal, texts } = room(school, path);
    const [one, two] = [await say(anna, "chat", { text: "once" }, "same"), await say(anna, "chat", { text: "once" }, "same")];
    assert.equal(one.seq, two.seq);
    assert.deepEqual(await texts(anna.token), ["once"]);
    assert.equal(await refusal(anna.token, "chat", { text: "" }), "bad-request");
    assert.equal(await refusal(anna.token, "dance", {}), "bad-request");
    assert.equal(await refusal(anna.token, "chat", { text: "x", to: "../../staff" }), "bad-request");
    await say(teacher, "settings", { slowSeconds: 30 });
    const slow = await school.call("POST", `${path}/entries`, {
      as: anna.token,
      body: { id: "slow", kind: "chat", text: "again" },
      headers: { "accept-language": "zh-CN" },
    });
    assert.deepEqual([slow.status, slow.body.code], [429, "too-many"]);
    assert.ok(Number(slow.headers["retry-after"]) > 20);
    assert.match(slow.body.title, /请求/);
    await say(teacher, "settings", { slowSeconds: 0, questions: false });
    assert.equal(await refusal(anna.token, "question", { action: "ask", text: "Why?" }), "switched-off");
  });

  test("a bot with an API key reads and writes as staff, with the scopes of rooms only", async (t) => {
    const school = await open(t);
    const { path, schoolId, anna } = await openClass(school);
    const { texts } = room(school, path);
    const key = async (...scopes: string[]) =>
      (await school.ok("POST", "/api-keys", { body: { schoolId, name: "Bot", scopes } })).key;
    const [bot, reader, other] = [await key("rooms:read", "rooms:write"), await key("rooms:read"), await key("lessons:write")];
    const { refusal } = room(school, path);
    await school.ok("POST", `${path}/entries`, {
      as: bot,
      body: { id: "1", kind: "announcement", action: "post", text: "Bus is late" },
    });
    const { items } = await school.ok("GET", `${path}/entries`, { as: reader });
    assert.deepEqual([items[0].text, items[0].name, items[0].role], ["Bus is late", "Bot", "staff"]);
    assert.deepEqual(await texts(anna.token), ["Bus is late"]);
    assert.equal(await refusal(reader, "chat", { text: "hello" }), "refused-by-rule");
    assert.equal((await school.call("GET", path, { as: other })).body.code, "refused-by-rule");
  });

  test("staff export chat and questions as CSV, in pages, without formulas and without what was deleted", async (t) => {
    const school = await open(t);
    const { path, teacher, anna, ben } = await openClass(school);
    const { say } = room(school, path);
    await say(anna, "chat", { text: "=1+1" });
    const bad = await say(ben, "chat", { text: "rude" });
    await say(teacher, "moderation", { action: "delete", key: `chat/${bad.answer.ref}` });
    const { answer } = await say(anna, "question", { action: "ask", text: 'Why, "really"?' });
    await say(ben, "question", { action: "vote", ref: answer.ref, on: true });
    const lines = async (query: string) => {
      const { body, headers } = await school.call("GET", `${path}/export${query}`, { as: teacher.token });
      return { lines: String(body).trim().split("\r\n"), next: headers["lectern-next-cursor"] };
    };
    const { lines: chat } = await lines("");
    assert.equal(chat[0], "\uFEFFseq,at,mediaTime,kind,from,name,role,to,ref,replyTo,text,state,votes,answer,deleted".trim());
    assert.equal(chat.length, 3);
    assert.match(chat[1] ?? "", /,The student,member,all,[a-z0-9]+,,'=1\+1,,,,false$/);
    assert.match(chat[2] ?? "", /,,,,,true$/);
    await until(async () => /"Why, ""really""\?",open,1/.test((await lines("?kind=question")).lines[1] ?? ""), "the vote");
    const first = await lines("?limit=1");
    assert.equal(first.lines.length, 2);
    assert.equal((await lines(`?after=${first.next}`)).lines.length, 2);
    assert.equal((await school.call("GET", `${path}/export`, { as: anna.token })).body.code, "refused-by-rule");
  });

  test("one person's actions in a room have a rate, which another's do not share", async (t) => {
    const school = await open(t);
    const { path, teacher, anna } = await openClass(school);
    const { refusal } = room(school, path);
    const codes = await Promise.all(Array.from({ length: 140 }, () => refusal(anna.token, "hand", { action: "lower" })));
    const refused = codes.filter((code) => code === "too-many").length;
    assert.ok(refused > 0 && refused <= 40, `${refused} refused`);
    assert.equal(await refusal(teacher.token, "hand", { action: "lower-all" }), undefined);
  });

  test("webhooks hear of questions, announcements and hands", async (t) => {
    const school = await open(t);
    const { path, schoolId, teacher, anna, lesson } = await openClass(school);
    const { say } = room(school, path);
    const events = ["room.question", "room.announcement", "room.hand"];
    const hook = await school.ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/", events } });
    await say(anna, "question", { action: "ask", text: "Why?" });
    await say(anna, "hand", { action: "raise" });
    await say(anna, "chat", { text: "not this" });
    await say(teacher, "announcement", { action: "post", text: "Test" });
    const { items } = await school.ok("GET", `/webhooks/${hook.id}/deliveries`);
    assert.deepEqual(items.map(({ event }: { event: string }) => event).sort(), events.sort());
    const rows = await school.service.db.selectFrom("deliveries").select("body").where("webhook_id", "=", hook.id).execute();
    assert.ok(rows.every(({ body }) => JSON.parse(body).data.lessonId === lesson.id));
  });
});
